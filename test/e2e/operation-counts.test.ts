import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { type FirestoreService, startFirestore } from '../../local/firestore/server.ts';
import { markdownTable, pageText } from '../../scripts/docs/markdown.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { createFakeTuner, type FakeTuner } from '../local/vertex-fake-tuner.ts';
import { until } from '../support/condition.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';
import { resultText } from './example-folders.ts';

/**
 * What is counted, and the price of one in USD where Google's list has one. Firestore's is that of a multi-region; regions cost less.
 * A Pub/Sub message is billed as 1 kB at least, when it is published and again when it is delivered.
 */
const LINES = [
  { name: 'Cloud Storage, class A operations', price: 0.005 / 1000 },
  { name: 'Cloud Storage, class B operations', price: 0.0004 / 1000 },
  { name: 'Firestore, documents written', price: 0.18 / 100_000 },
  { name: 'Firestore, progress written', price: 0.18 / 100_000 },
  { name: 'Firestore, documents read', price: 0.06 / 100_000 },
  { name: 'Pub/Sub, messages', price: (2 * 1000 * 40) / 2 ** 40 },
  { name: 'function calls', price: 0.4 / 1_000_000 },
  { name: 'Vertex AI, calls', price: 0 },
] as const;

type Counts = readonly number[];

const CLASS_A = /\.(?:insert|rewrite|copy|compose|list|patch|update)$/;
const CLASS_B = /\.(?:get|media)$/;
const EXAMPLE = 'examples/text-bison';

test('docs/operation-counts.md says what a run costs in operations', async () => {
  const firestore = await startFirestore(serviceOptions());
  const tuner = createFakeTuner({ holdAfter: 50 });
  const stack = await startStack({
    // No tick comes by itself, and nothing waits for one.
    ...{ dataDir: temporaryFolder(), scheduleMs: 86_400_000, taskMs: 20, tuner },
    emulators: { FIRESTORE_EMULATOR_HOST: firestore.address },
    // Waits are as long as in production, so that none ends while a busy machine goes from one phase to the next.
    environment: { RETRY_SCALE: '1' },
  });
  try {
    const counts = await countPhases(stack, { firestore, tuner });
    await expect(pageOf(counts)).toMatchFileSnapshot('../../docs/operation-counts.md');
  } finally {
    await stack.close();
    await firestore.close();
  }
});

interface Phases {
  /** The first tick of an instance, which looks through the inbox and for jobs that no run wants. */
  looks: Counts;
  idle: Counts;
  submitted: Counts;
  began: Counts;
  unchanged: Counts;
  ended: Counts;
}

/** Until nothing was counted for a while: the function that wrote the end has something to note after it. */
async function untilQuiet(count: () => Counts): Promise<void> {
  let last = '';
  let looks = 0;
  await until('nothing is asked any more', async () => {
    const now = JSON.stringify(count());
    looks = now === last ? looks + 1 : 0;
    last = now;
    return looks === 150;
  });
}

async function countPhases(
  stack: Stack,
  { firestore, tuner }: { firestore: FirestoreService; tuner: FakeTuner },
): Promise<Phases> {
  const { cloud } = stack;
  let counted = countsOf(stack, firestore);
  const sinceLast = (): Counts => {
    const before = counted;
    counted = countsOf(stack, firestore);
    return counted.map((count, index) => count - (before[index] ?? 0));
  };
  const tick = async () => {
    expect(await cloud.scheduler.runNow('poll')).toBe(true);
    return sinceLast();
  };
  // A listener is not counted, a query would be.
  let run: Run | undefined;
  stack.watch((changed) => {
    run = changed;
  });
  const inState = (wanted: string) =>
    until(`the document says ${wanted}`, () => run?.status.state === wanted);
  /** The file is the last that a function writes. */
  const inFile = (wanted: string) =>
    until(
      `status.json says ${wanted}`,
      async () =>
        JSON.parse(await resultText(stack, `${run?.status.folder}status.json`)).status.state === wanted,
    );

  const looks = await tick();
  const idle = await tick();
  await uploadDataFirst(stack);
  await inState('SUBMITTED');
  await inFile('SUBMITTED');
  await until('the tuning has begun', () => tuner.jobs.length === 1);
  const submitted = sinceLast();
  const began = await tick();
  const unchanged = await tick();
  tuner.release();
  await until('the job has ended', () => {
    const [job] = cloud.vertex.jobs() as { state: string }[];
    return job?.state === 'PIPELINE_STATE_SUCCEEDED';
  });
  expect(await cloud.scheduler.runNow('poll')).toBe(true);
  await inState('SUCCEEDED');
  await until('the model was evaluated', async () => {
    const file = await resultText(stack, `${run?.status.folder}status.json`);
    return JSON.parse(file).status.evaluation.state === 'DONE';
  });
  await untilQuiet(() => countsOf(stack, firestore));
  const ended = sinceLast();
  return { looks, idle, submitted, began, unchanged, ended };
}

/** One after the other: whether the data is there when the manifest is read changes what is counted. */
async function uploadDataFirst({ cloud }: Stack): Promise<void> {
  for (const [index, file] of ['train.jsonl', 'eval.jsonl', 'tune.json'].entries()) {
    await cloud.upload('inbox', `counted/${file}`, join(EXAMPLE, file));
    await until(`${file} has arrived`, () => (cloud.faults.eventarc.calls().Push ?? 0) === index + 1);
  }
}

/** What has been counted since the start, in the order of LINES. */
function countsOf({ cloud }: Stack, firestore: FirestoreService): Counts {
  const calls = (service: keyof typeof cloud.faults, method = /./) =>
    sum(
      Object.entries(cloud.faults[service].calls())
        .filter(([name]) => method.test(name))
        .map(([, count]) => count),
    );
  const isProgress = (path: string) => path.endsWith('/progress/latest');
  const written = (counts: (path: string) => boolean) =>
    sum([...firestore.writes()].filter(([path]) => counts(path)).map(([, count]) => count));
  return [
    calls('storage', CLASS_A),
    calls('storage', CLASS_B),
    written((path) => !isProgress(path)),
    written(isProgress),
    firestore.reads(),
    calls('pubsub', /^Publish$/),
    calls('eventarc', /^Push$/) + calls('pubsub', /^Push$/) + calls('scheduler', /^Run$/),
    calls('vertex'),
  ];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dollars = (amount: number) => (amount === 0 ? '–' : `$${amount.toFixed(amount < 0.01 ? 4 : 2)}`);

function pageOf({ looks, idle, submitted, began, unchanged, ended }: Phases): string {
  const costs = LINES.map(({ price }, index) => {
    const perRun = sum([submitted, began, ended].map((phase) => phase[index] ?? 0));
    return perRun * 1000 * price;
  });
  const rows = LINES.map(({ name }, index) => [
    name,
    ...[submitted, began, unchanged, ended, idle, looks].map((phase) => String(phase[index] ?? 0)),
    dollars(costs[index] ?? 0),
  ]);
  const month = 30 * 24 * 60;
  const idleMonth = sum(
    LINES.map(({ price }, index) => ((idle[index] ?? 0) * month + (looks[index] ?? 0) * 30 * 24) * price),
  );
  return pageText(
    '# Counted operations',
    '<!-- Written by `npx vitest run test/e2e/operation-counts.test.ts -u`, which counts at the embedded services. -->',
    `What the functions ask of Google Cloud for one run of [examples/text-bison](../examples/text-bison/) with a
TensorBoard, counted by the embedded services as Google bills them. The uploads themselves and what Vertex AI does are not in it.`,
    markdownTable(
      [
        'counted',
        'upload to job',
        'tick: it runs',
        'tick: no news',
        'it ended, was evaluated',
        'tick: no runs',
        'tick: hourly looks',
        '1,000 runs',
      ],
      rows,
    ),
    `1,000 runs cost about **${dollars(sum(costs))}** in operations, and ${dollars(idleMonth)} a month go to a tick a minute with nothing to
do. A tick without news costs its column again for every minute that a job takes, and one that finds another step a write of the
progress and of each curve; with more than 20 jobs at once that is every other minute, with 100 every fifth. Jobs of one region share
a call to Vertex AI, and curves are one more for each job. An evaluation asks Vertex AI two questions for each example, which are paid by the token
and not in these sums, and writes an object for each ten.
Hourly looks go through the names of all manifests and data files in the inbox, one class A operation and one tick for each thousand, and read a
document for each that was uploaded in the last seven days; jobs that no run wants are looked for four times an hour.
Once a day the models whose notice is due are asked for, one read where none is; an instance's first ticks go through all models
instead, a read each.
The last column is the sum of the three columns that every run has, times Google’s list price in USD.`,
    `Not counted: the seconds for which functions work (they are measured on Google Cloud only; a second of one vCPU and 1 GiB is some
0.003 cents), stored bytes, and traffic between regions. Prices change: cloud.google.com/storage/pricing, /firestore/pricing,
/pubsub/pricing, /run/pricing, as they were read for this page; free quotas are left out.`,
  );
}
