/** What a run came to, on the screen. */
import type { Run } from '../../shared/core/run/run.ts';
import { alignRows } from '../command-line/text.ts';
import { wrap } from '../command-line/wrap.ts';
import type { Screen } from '../run/screen.ts';
import { disclaimerOf } from './disclaimer.ts';
import { answersText } from './evaluation.ts';
import type { TrainerName } from './flags.ts';
import type { Stack } from './stack.ts';

const MAX_COLUMNS = 120;

export interface ResultContext {
  stack: Stack;
  screen: Screen;
  trainer: TrainerName;
  /** Whether the data folder stays when this ends. */
  isKept: boolean;
  /** Whether the status document is shown too. */
  withDocument: boolean;
  /** The page of all runs, where there is one. */
  pageUrl?: string | undefined;
}

/** Once a run has ended: where to read on, how to ask its model, and whether that is better than its base. */
export async function showResult(run: Run, context: ResultContext): Promise<void> {
  const { screen, withDocument } = context;
  screen.under(run, resultLines(run, { ...context, results: resultsOf(run, context) }));
  if (withDocument) screen.write(`\n${forReading(run)}\n\n`);
  if (run.status.state !== 'SUCCEEDED') return;
  // Where nothing is trained, answers say nothing.
  const answers =
    context.trainer === 'stand-in' ? '' : await answersText(run, context.stack, widthOf(screen));
  screen.write(`${answers}${wrap(disclaimerOf(run, context.trainer), widthOf(screen)).join('\n')}\n`);
}

const FORGOTTEN = 'forgotten with this cloud; --data-dir DIR keeps it, and all results';

/** `results`: the run's folder on this machine; undefined where it goes with this cloud. */
export function resultLines(
  { runId, status }: Run,
  { results, pageUrl }: { results?: string | undefined; pageUrl?: string | undefined },
): string[] {
  const [call, ...more] = status.howToCall?.curl.split('\n') ?? [];
  const rows: [string, string | undefined][] = [
    ['weights', status.result?.weights],
    ['report', results ? status.report && `${results}report.html` : FORGOTTEN],
    ['page', pageUrl && `${pageUrl}runs/${runId}`],
    ['call', call],
  ];
  return [
    ...alignRows(
      rows.flatMap(([name, text]) => (text ? [[name, text] as const] : [])),
      '',
    ),
    ...more,
  ];
}

function resultsOf({ status }: Run, { stack: { cloud }, isKept }: ResultContext): string | undefined {
  return isKept
    ? status.folder.replace(`gs://${cloud.buckets.results}`, cloud.folders.results ?? '')
    : undefined;
}

const widthOf = ({ columns }: Screen) => Math.min(columns, MAX_COLUMNS);

/** For a reader: what came out first, what was asked after it, the functions' bookkeeping last. */
export function forReading({ runId, status, spec, work, schemaVersion }: Run): string {
  return JSON.stringify({ runId, status, spec, work, schemaVersion }, null, 2);
}
