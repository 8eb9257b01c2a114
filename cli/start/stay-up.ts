import { join } from 'node:path';
import { choosePorts } from '../../local/free-ports.ts';
import type { IgnoredUpload } from '../../shared/core/objects/ignored.ts';
import { isWhollyOver } from '../../shared/core/run/evaluation-events.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { noteRunning, type RunningCloud } from '../deployment/running-clouds.ts';
import type { Screen } from '../run/screen.ts';
import { interruption } from './ending.ts';
import { runExample } from './example.ts';
import type { StartFlags } from './flags.ts';
import { launch, ROOT } from './launch.ts';
import { showRuns } from './page/live-runs.ts';
import { type ResultContext, showResult } from './result.ts';
import { beginsAgain, createRunDisplay, isNews } from './run-display.ts';
import { portOfPage, type Stack } from './stack.ts';

const DEFAULT_PORT_BASE = 9100;

/** Shows every run of whatever is dropped, the example's first, until somebody stops it. */
export async function stayUp(flags: StartFlags, screen: Screen): Promise<ExitCode> {
  const {
    trainer,
    'no-example': isBare,
    'port-base': portBase = DEFAULT_PORT_BASE,
    'data-dir': dataDir = join(ROOT, '.local'),
  } = flags;
  const stopped = interruption();
  const since = new Date().toISOString();
  const [port] = await choosePorts(1, portOfPage(portBase));
  const stack = await launch({ screen, dataDir, portBase, trainer });
  const page = await showRuns(stack, port);
  const forget = noteRunning(runningCloud(stack, { dataDir, page: page.url, since }), process.env);
  const showAll = async () => {
    showWayIn(stack, page.url, screen);
    watchRuns(since, {
      stack,
      screen,
      trainer,
      isKept: true,
      withDocument: flags.document,
      pageUrl: page.url,
    });
    if (!isBare) await runExample(stack, { screen, pageUrl: page.url });
    await stopped;
  };
  try {
    await Promise.race([showAll(), stopped]);
    screen.write('\nStopping.\n');
    return EXIT.ok;
  } finally {
    forget();
    await page.close();
    await stack.close();
  }
}

/** What commands have to know to find this cloud by themselves. */
function runningCloud(
  { cloud }: Stack,
  { dataDir, page, since }: { dataDir: string; page: string; since: string },
): RunningCloud {
  const { clientEnvironment: environment, buckets } = cloud;
  return {
    ...{ pid: process.pid, startTime: since, dataDir, page, environment },
    project: environment.GOOGLE_CLOUD_PROJECT ?? '',
    inbox: buckets.inbox ?? '',
    results: buckets.results ?? '',
  };
}

const BEGINS_AGAIN =
  'Its training was interrupted when this cloud stopped, and begins again from its first step.';

/** Tells of every run that is new or goes on: its states as they come, and what it came to. */
function watchRuns(since: string, context: ResultContext): void {
  const { stack, screen, trainer } = context;
  stack.watchIgnored(since, (upload) => screen.ignored(onThisMachine(upload, stack)));
  const told = new Set<string>();
  const begun = new Set<string>();
  const display = createRunDisplay(stack, screen);
  stack.watch((run) => {
    if (!isNews(run, since)) return;
    display(run, { named: true });
    if (trainer === 'local' && !begun.has(run.runId) && beginsAgain(run, since))
      screen.under(run, [BEGINS_AGAIN]);
    begun.add(run.runId);
    if (!isWhollyOver(run) || told.has(run.runId)) return;
    told.add(run.runId);
    void showResult(run, context);
  });
}

function showWayIn(stack: Stack, pageUrl: string, screen: Screen): void {
  const variables = Object.entries(stack.cloud.clientEnvironment).map(([name, value]) => `${name}=${value}`);
  const half = Math.ceil(variables.length / 2);
  const lines = [
    `Page      ${pageUrl}`,
    `Inbox     ${stack.inbox}`,
    'Drop a folder with a tune.json and its data there; every state is shown below.',
    `Clients   export ${variables.slice(0, half).join(' ')}`,
    `export ${variables.slice(half).join(' ')}`,
    'These lead any Google client here. Ctrl-C stops everything; the next start goes on where this one stopped.',
  ];
  screen.write(
    `${lines.map((line) => (/^[A-Z][a-z]+ {3,}/.test(line) ? line : `          ${line}`)).join('\n')}\n\n`,
  );
}

/** What is to be done about an upload, with the folder of the inbox in place of the bucket: gcloud knows only Google's. */
function onThisMachine(upload: IgnoredUpload, { inbox, cloud }: Stack): IgnoredUpload {
  const remedy = upload.remedy
    .replaceAll('gcloud storage mv', 'mv')
    .replaceAll(`gs://${cloud.buckets.inbox}/`, () => join(inbox, '/'));
  return { ...upload, remedy };
}
