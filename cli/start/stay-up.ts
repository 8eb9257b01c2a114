import { join } from 'node:path';
import type { Run } from '../../shared/core/run/run.ts';
import { readableRun } from '../../shared/core/run/versions.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import type { StartFlags } from './flags.ts';
import { dropAndShow, EXAMPLE, interruption, launch, ROOT } from './launch.ts';
import { showRuns } from './page/live-runs.ts';
import { type ResultContext, showAnswers, showCost, showIssues, showResult } from './result.ts';
import { createRunDisplay, isNews } from './run-display.ts';
import type { Screen } from './screen.ts';
import type { Stack } from './stack.ts';

const DEFAULT_PORT_BASE = 9100;

/** Runs the example, then shows every run of whatever is dropped, until somebody stops it. */
export async function stayUp(flags: StartFlags, screen: Screen): Promise<ExitCode> {
  const {
    trainer,
    'port-base': portBase = DEFAULT_PORT_BASE,
    'data-dir': dataDir = join(ROOT, '.local'),
  } = flags;
  const stack = await launch({ screen, dataDir, portBase, trainer });
  const page = await showRuns(stack);
  screen.write(`Watch every run at ${page.url}\n\n`);
  const stopped = interruption();
  stack.watchIgnored(new Date().toISOString(), screen.ignored);
  const showAll = async () => {
    const context = { stack, screen, trainer, isKept: true };
    const example = await dropAndShow(stack, EXAMPLE, screen);
    await showResult(await earlierOf(example, stack), context);
    showWayIn(stack, page.url, screen);
    watchOthers(example, context);
    await stopped;
  };
  try {
    await Promise.race([showAll(), stopped]);
    screen.write('\nStopping.\n');
    return EXIT.ok;
  } finally {
    await page.close();
    await stack.close();
  }
}

/** A second start drops the same bytes again: then the earlier run is the one to show. */
async function earlierOf(run: Run, { firestore }: Stack): Promise<Run> {
  if (!run.status.sameAs) return run;
  const earlier = await firestore.doc(run.status.sameAs).get();
  return readableRun(earlier.data()) ?? run;
}

function watchOthers(example: Run, context: ResultContext): void {
  const { stack, screen } = context;
  const asked = new Set<string>();
  const display = createRunDisplay(stack, screen);
  stack.watch((run) => {
    if (!isNews(run, example)) return;
    display(run, { named: true });
    if (run.status.endTime) showIssues(run, screen);
    if (run.status.state === 'SUCCEEDED' && !asked.has(run.runId)) {
      asked.add(run.runId);
      showCost(run, screen);
      void showAnswers(run, context);
    }
  });
}

function showWayIn(stack: Stack, pageUrl: string, screen: Screen): void {
  const lines = Object.entries(stack.cloud.clientEnvironment).map(
    ([name, value]) => `  export ${name}=${value}`,
  );
  screen.write(
    [
      `Runs      ${pageUrl}`,
      `Inbox     ${stack.inbox}`,
      '          Drop a folder with a tune.json and its data here; every state is shown below.',
      '',
      'Any Google client reaches this cloud with:',
      ...lines,
      '',
      'Ctrl-C stops everything; the next start goes on where this one stopped.',
      '',
      '',
    ].join('\n'),
  );
}
