import { resolve } from 'node:path';
import type { Flags, FlagValues } from '../command-line/flags.ts';
import { problemOfFolder } from '../folder/folder.ts';

/** Who does the tuning behind the embedded Vertex AI. */
const TRAINERS = ['local', 'stand-in'] as const;
export type TrainerName = (typeof TRAINERS)[number];

/** The flags of `npm start`. */
export const START_FLAGS = {
  once: {
    value: 'DIR',
    help: 'runs the folder DIR, then ends',
    takes: 'a folder with a tune.json',
    read: (dir: string) => (problemOfFolder(fromCaller(dir)) === undefined ? fromCaller(dir) : undefined),
    why: (dir: string) => `it ${problemOfFolder(fromCaller(dir))}`,
  },
  'no-example': { help: 'without the example', details: 'It runs once in each data folder.' },
  document: { help: 'the whole document of each run that has ended' },
  json: { help: 'with --once: the document and nothing else' },
  trainer: {
    value: TRAINERS.join('|'),
    help: 'who trains',
    details:
      'local tunes a small model on this machine, for real, which takes a minute or so; stand-in trains nothing.',
    default: 'local',
    takes: TRAINERS.join(' or '),
    read: (text: string) => TRAINERS.find((name) => name === text),
  },
  'port-base': {
    value: 'N',
    help: 'first of ten ports (without it: 9100)',
    details: 'Ten in a row; the page is at the last. With --once any free ports are taken.',
    takes: 'a number from 1024 to 65500',
    read: readPort,
  },
  'data-dir': {
    value: 'DIR',
    help: 'where its state is kept (without it: .local)',
    details: 'With --once a temporary folder.',
    takes: 'a folder',
    read: fromCaller,
  },
} as const satisfies Flags;

export type StartFlags = FlagValues<typeof START_FLAGS>;

/** npm runs this in the package's folder; a path is meant from where the person stands. */
function fromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path);
}

function readPort(text: string): number | undefined {
  const port = Number(text);
  return /^\d{4,5}$/.test(text) && port >= 1024 && port <= 65_500 ? port : undefined;
}
