import { isEvaluationOpen } from '../../shared/core/run/evaluation-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal, type RunState } from '../../shared/core/run/states.ts';
import type { Context } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { alignRows, shortId } from '../command-line/text.ts';
import type { OpenDeployment } from '../deployment/open.ts';
import { createScreen } from '../run/screen.ts';
import { createExec } from './exec.ts';
import { followRun } from './follow.ts';

/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 100;

/** A dry run without errors did all that it was to do, and so did a request to cancel. */
const GOOD_ENDS: readonly RunState[] = ['SUCCEEDED', 'PLANNED', 'SKIPPED'];

export interface ShowOptions {
  context: Context;
  /** Whether the document is written when the run has ended, and nothing else to standard output. */
  json: boolean;
  /** A command to run at every change of state. */
  exec?: string | undefined;
}

/** Shows a run until it has ended and its model was evaluated; the exit status is by its end. Ctrl-C ends the looking and leaves the run alone. */
export async function followAndShow(
  open: OpenDeployment,
  runId: string,
  options: ShowOptions,
): Promise<{ code: ExitCode; run?: Run }> {
  const { context, json, exec } = options;
  const { local, page } = open.deployment;
  const output = json ? context.stderr : context.stdout;
  const screen = createScreen({
    write: output.write,
    colour: output.isTTY && context.environment.NO_COLOR === undefined,
    columns: output.isTTY ? output.columns || DEFAULT_COLUMNS : undefined,
    isLocal: local !== undefined,
    now: () => Date.now(),
  });
  const listener = exec === undefined ? undefined : createExec(exec, context);
  let isEvaluationTold = false;
  const ended = new AbortController();
  const stop = () => ended.abort();
  process.once('SIGINT', stop);
  try {
    const run = await followRun(open, runId, {
      signal: ended.signal,
      async onRun(seen) {
        screen.progress(seen, { named: true });
        if (isEvaluationOpen(seen) && !isEvaluationTold) {
          isEvaluationTold = true;
          screen.under(seen, [seen.status.evaluation?.message ?? '']);
        }
        await listener?.(seen);
      },
      onFar: (seen, far) => screen.steps(seen, far),
      onMissing: () => context.stderr.write(MISSING),
      onTrouble: (message) => context.stderr.write(`${message} It is tried again until you stop this.\n`),
    });
    screen.under(run, endLines(run, page));
    if (json) context.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
    return { code: GOOD_ENDS.includes(run.status.state) ? EXIT.ok : EXIT.failed, run };
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    output.write(`\nNo longer followed; the run goes on: npx tunedrop watch ${runId}\n`);
    return { code: EXIT.interrupted };
  } finally {
    process.off('SIGINT', stop);
  }
}

const MISSING =
  'There is no document of the run yet. The upload is there; if this stays so, the functions of the deployment do not run.\n';

/** Where to read on once it has ended, and how to ask the model. */
function endLines({ runId, status }: Run, page: string | undefined): string[] {
  if (!isTerminal(status.state)) return [];
  const rows: [string, string | undefined][] = [
    ['model', status.model],
    ['weights', status.result?.weights],
    ['better?', status.model && status.evaluation?.message],
    ['report', status.report],
    ['page', page && `${page}runs/${runId}`],
    ['ask', status.howToCall && `npx tunedrop ask ${shortId(runId)} "YOUR PROMPT"`],
    ['more', `npx tunedrop status ${shortId(runId)}`],
  ];
  return alignRows(
    rows.flatMap(([name, text]) => (text ? [[name, text] as const] : [])),
    '',
  );
}
