import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export interface StartOptions {
  /** A folder to run once; without it the example runs and the cloud stays up. */
  once: string | undefined;
  /** Print the status document as the only thing on standard output. */
  json: boolean;
  portBase: number | undefined;
  dataDir: string | undefined;
  /** Who does the tuning behind the embedded Vertex AI. */
  trainer: TrainerName;
}

export const TRAINERS = ['local', 'stand-in'] as const;
export type TrainerName = (typeof TRAINERS)[number];

export const USAGE = `Usage:
  npm start                                   run the example, then stay up for more drops
  npm start -- --once DIR [--json]            run the folder DIR, then exit: 0 when it SUCCEEDED, 1 when not
Options:
  --port-base N     first of eight ports in a row (default 9100; with --once any free ports)
  --trainer NAME    local: tune a small model on this machine, for real, which takes a minute or so (default)
                    stand-in: walk through a job's states in seconds and train nothing
  --data-dir DIR    where the embedded cloud keeps its state (default .local; with --once a temporary folder)
`;

/** Reads the arguments; a string is what is wrong with them. */
export function readStartArguments(args: string[]): StartOptions | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        once: { type: 'string' },
        json: { type: 'boolean', default: false },
        'port-base': { type: 'string' },
        'data-dir': { type: 'string' },
        trainer: { type: 'string', default: 'local' },
      },
    });
    const port = values['port-base'];
    if (port !== undefined && !isPortBase(port))
      return `--port-base takes a number from 1024 to 65500, not ${port}`;
    const trainer = TRAINERS.find((name) => name === values.trainer);
    if (trainer === undefined) return `--trainer takes ${TRAINERS.join(' or ')}, not ${values.trainer}`;
    if (values.json && values.once === undefined) return '--json goes with --once DIR';
    return {
      once: values.once,
      json: values.json,
      portBase: port === undefined ? undefined : Number(port),
      dataDir: values['data-dir'],
      trainer,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isPortBase(text: string): boolean {
  return /^\d{4,5}$/.test(text) && Number(text) >= 1024 && Number(text) <= 65_500;
}
