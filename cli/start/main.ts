import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../../shared/core/run/run.ts';
import { answerLines } from './answers.ts';
import { readStartArguments, type StartOptions, type TrainerName, USAGE } from './args.ts';
import { askBoth } from './ask.ts';
import { honestWord } from './honest-word.ts';
import { showRuns } from './page/live-runs.ts';
import { createScreen, issueLines, type Screen } from './screen.ts';
import { hasManifest, type Stack, startStack } from './stack.ts';
import { createTell, isNews } from './tell.ts';
import { wrap } from './wrap.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = join(ROOT, 'examples', 'medical-specialty');
const DEFAULT_PORT_BASE = 9100;
/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 100;
const MAX_COLUMNS = 120;
const EXIT = { succeeded: 0, otherwise: 1, misuse: 2, interrupted: 130 } as const;

/** With everything dropped at once a missing file will not come any more. */
const ONCE_ENVIRONMENT = { DATASET_WAIT_SECONDS: '3', ON_SAME_BYTES: 'run' };

async function main(args: string[]): Promise<number | undefined> {
  const read = readStartArguments(args);
  if (typeof read === 'string') return misuse(read);
  const options = { ...read, once: fromCaller(read.once), dataDir: fromCaller(read.dataDir) };
  if (options.once !== undefined && !hasManifest(options.once)) {
    const problem = existsSync(options.once) ? 'holds no tune.json' : 'does not exist';
    return misuse(`the folder ${options.once} ${problem}`);
  }
  const output = options.json ? process.stderr : process.stdout;
  const screen = createScreen({
    write: (text) => void output.write(text),
    colour: output.isTTY === true && process.env.NO_COLOR === undefined,
    columns: output.isTTY ? output.columns || DEFAULT_COLUMNS : undefined,
    now: () => performance.now(),
  });
  return options.once === undefined ? stayUp(options, screen) : runOnce(options.once, options, screen);
}

/** npm runs this in the package's folder; a path is meant from where the person stands. */
function fromCaller<Path extends string | undefined>(path: Path): Path {
  return (path === undefined ? path : resolve(process.env.INIT_CWD ?? '.', path)) as Path;
}

function misuse(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return EXIT.misuse;
}

async function runOnce(folder: string, options: StartOptions, screen: Screen): Promise<number> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tunedrop-'));
  const forget = () => {
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const stack = await start(screen, { ...options, dataDir }, ONCE_ENVIRONMENT);
    onSignals(async () => {
      await stack.close();
      forget();
      process.exit(EXIT.interrupted);
    });
    const run = await dropAndFollow(stack, folder, screen);
    if (options.json) process.stdout.write(`${forReading(run)}\n`);
    else {
      const isKept = options.dataDir !== undefined;
      await showResult(run, { stack, screen, trainer: options.trainer, isKept });
    }
    await stack.close();
    return run.status.state === 'SUCCEEDED' ? EXIT.succeeded : EXIT.otherwise;
  } finally {
    forget();
  }
}

async function stayUp(options: StartOptions, screen: Screen): Promise<undefined> {
  const dataDir = resolve(options.dataDir ?? join(ROOT, '.local'));
  const portBase = options.portBase ?? DEFAULT_PORT_BASE;
  const stack = await start(screen, { ...options, dataDir, portBase }, {});
  const page = await showRuns(stack);
  screen.write(`Watch every run at ${page.url}\n\n`);
  onSignals(async () => {
    screen.write('\nStopping.\n');
    await page.close();
    await stack.close();
    process.exit(0);
  });
  const run = await dropAndFollow(stack, EXAMPLE, screen);
  const shown = { stack, screen, trainer: options.trainer, isKept: true };
  await showResult(await earlierOf(run, stack), shown);
  showWayIn(stack, page.url, screen);
  const asked = new Set<string>();
  const tell = createTell(stack, screen);
  stack.watch((other) => {
    if (!isNews(other, run)) return;
    tell(other, { named: true });
    if (other.status.endTime && other.status.issues?.length) screen.write(`${issueLines(other)}\n`);
    if (other.status.state === 'SUCCEEDED' && !asked.has(other.runId)) {
      asked.add(other.runId);
      void showAnswers(other, shown);
    }
  });
  return undefined;
}

async function start(
  screen: Screen,
  { dataDir, portBase, trainer }: StartOptions & { dataDir: string },
  environment: Record<string, string>,
): Promise<Stack> {
  const from = performance.now();
  screen.write(
    'Starting an embedded Google Cloud on this machine; nothing leaves it, and no account is used.\n',
  );
  const onEmulator = (variable: string, address: string) =>
    screen.write(`Using ${variable}=${address} from your environment in place of the embedded service.\n`);
  const stack = await startStack({
    ...{ dataDir, environment, onEmulator, trainer },
    ...(portBase === undefined ? {} : { portBase }),
  });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  const names = stack.functions.map(({ name }) => name).join(', ');
  screen.write(
    `Ready in ${seconds} s: Cloud Storage, Pub/Sub, Firestore, Scheduler, a stand-in for Vertex AI; functions ${names}.\n\n`,
  );
  return stack;
}

async function dropAndFollow(stack: Stack, folder: string, screen: Screen): Promise<Run> {
  const name = basename(resolve(folder));
  screen.write(`Dropping ${folder.startsWith(ROOT) ? folder.slice(ROOT.length) : folder} into the inbox.\n`);
  const from = new Date().toISOString();
  const uri = await stack.drop(folder, name);
  const isNew = (run: Run) => run.status.createTime >= from;
  return stack.follow(uri, { isNew, onChange: createTell(stack, screen) });
}

/** A second start drops the same bytes again: then the earlier run is the one to show. */
async function earlierOf(run: Run, { firestore }: Stack): Promise<Run> {
  if (!run.status.sameAs) return run;
  const earlier = await firestore.doc(run.status.sameAs).get();
  return (earlier.data() as Run | undefined) ?? run;
}

interface Shown {
  stack: Stack;
  screen: Screen;
  trainer: TrainerName;
  /** Whether the data folder stays when this ends. */
  isKept: boolean;
}

async function showResult(run: Run, shown: Shown): Promise<void> {
  const { stack, screen, trainer, isKept } = shown;
  const { status } = run;
  screen.write(`\nThe status document, runs/${run.runId}:\n\n${forReading(run)}\n\n`);
  if (status.issues?.length) screen.write(`Issues\n${issueLines(run)}\n\n`);
  screen.write(`Run       ${status.state}: ${status.message}\n`);
  if (status.remedy) screen.write(`To do     ${status.remedy}\n`);
  if (status.model) screen.write(`Model     ${status.model}\n`);
  if (status.endpoint) screen.write(`Endpoint  ${status.endpoint}\n`);
  const results = status.folder.replace(
    `gs://${stack.cloud.buckets.results}`,
    stack.cloud.folders.results ?? '',
  );
  if (isKept) screen.write(`Results   ${results}\n`);
  else screen.write('Results   forgotten with this cloud; --data-dir DIR keeps them, and the report\n');
  if (isKept && status.report) screen.write(`Report    ${results}report.html\n`);
  await showAnswers(run, shown);
  if (status.state === 'SUCCEEDED')
    screen.write(`\n${wrap(honestWord(run, trainer), widthOf(screen)).join('\n')}\n`);
  screen.write('\n');
}

const widthOf = ({ columns }: Screen) => Math.min(columns, MAX_COLUMNS);

/** One question to both models, where there is a model to ask. */
async function showAnswers(run: Run, { stack, screen, trainer }: Shown): Promise<void> {
  if (trainer === 'stand-in' || run.status.state !== 'SUCCEEDED') return;
  const { STORAGE_EMULATOR_HOST: storage = '', VERTEX_AI_ENDPOINT: vertex = '' } =
    stack.cloud.clientEnvironment;
  const answers = await askBoth(run, { storage, vertex });
  if (typeof answers === 'string') screen.write(`\nNeither model was asked anything. ${answers}\n`);
  else screen.write(`\n${answerLines(answers, run, widthOf(screen))}\n`);
}

function showWayIn(stack: Stack, pageUrl: string, screen: Screen): void {
  const lines = Object.entries(stack.cloud.clientEnvironment).map(
    ([name, value]) => `  export ${name}=${value}`,
  );
  screen.write(
    [
      `Runs      ${pageUrl}`,
      `Inbox     ${stack.inbox}`,
      '          Drop a folder with a tune.json and its data here; every state is told below.',
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

/** For a reader: what came out first, what was asked after it, the functions' bookkeeping last. */
function forReading({ runId, status, spec, work, schemaVersion }: Run): string {
  return JSON.stringify({ runId, status, spec, work, schemaVersion }, null, 2);
}

function onSignals(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void stop();
    });
  }
}

try {
  const code = await main(process.argv.slice(2));
  if (code !== undefined) process.exit(code);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(EXIT.otherwise);
}
