import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { createStorageClient } from '../../local/storage/client.ts';
import { markdownTable, pageText } from '../../scripts/docs/markdown.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { until } from '../support/condition.ts';
import {
  batchesOf,
  type CrashPoint,
  type CrashTime,
  crashPointsOf,
  killsAt,
  lastOfKinds,
} from '../support/crash-points.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { jobsIn, resultText } from './example-folders.ts';

/** One of each kind of job. */
const EXAMPLES = ['text-bison', 'gemini-contents'] as const;
type Example = (typeof EXAMPLES)[number];
interface Crashes {
  example: Example;
  time: CrashTime;
  name: string;
  /** The points that each of the runs meets. */
  groups: CrashPoint[][];
}

const PAGE = 'docs/crash-points.md';
const AT_ONCE = 24;
/** Every restart of a function costs a second of a processor: by day so many of each kind of job, all of them at night. */
const BY_DAY = 12;
const isAll = process.env.CRASH_POINTS === 'all';
const chosen = (all: readonly CrashPoint[]) => (isAll ? all : spread(lastOfKinds(all), BY_DAY));
/** A call that another death has made needless does not come, and nobody is killed at it. */
const LEAST_MET = 0.6;

/** So many of them, evenly from the first to the last. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  const every = Math.max(1, items.length / most);
  return items.filter((_, index) => Math.floor(index / every) !== Math.floor((index - 1) / every));
}
const ENVIRONMENT = { RETRY_SCALE: '0.005' };

/** The calls of one healthy run, with a tick whenever the next step is due, so that they are the same every time. */
async function healthyRun(example: Example): Promise<CrashPoint[]> {
  const stack = await startStack({
    ...{ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 10, scheduleMs: 86_400_000 },
  });
  try {
    const runs = watchRuns(stack);
    const tick = () => stack.cloud.scheduler.runNow('poll');
    await tick();
    const { runId } = await drop(stack, example, 'healthy');
    await until('the run is submitted', () => runs.get(runId)?.status.state === 'SUBMITTED');
    await until('the job has ended', async () => {
      const [job] = await jobsIn(stack);
      return job !== undefined && /SUCCEEDED/.test(job.state);
    });
    await until('the run has ended', async () => {
      await tick();
      return runs.get(runId)?.status.state === 'SUCCEEDED';
    });
    return crashPointsOf(stack.cloud.history.since(), { folder: 'healthy/', runId });
  } finally {
    await stack.close();
  }
}

/** Uploads the example's files one after the other, the manifest last; the data is there when it is read. */
async function drop({ cloud }: Stack, example: Example, as: string) {
  const bucket = cloud.buckets.inbox ?? '';
  const client = createStorageClient(cloud.storage.baseUrl);
  const folder = join('examples', example);
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  let generation = '';
  for (const file of [...files, 'tune.json']) {
    const bytes =
      file === 'tune.json' ? withoutEvaluation(join(folder, file)) : readFileSync(join(folder, file));
    const object = { bucket, name: `${as}/${file}`, contentType: 'application/json' };
    ({ generation } = await client.upload({ ...object, body: ReadableStream.from([bytes]) }));
  }
  return { runId: runIdOf({ bucket, name: `${as}/tune.json`, generation }), folder: `${as}/` };
}

/** A stand-in that has trained nothing answers nothing; evaluations are killed in test/functions/evaluate-crashes.test.ts. */
function withoutEvaluation(manifest: string): Buffer {
  return Buffer.from(JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), evaluate: false }));
}

/** One run meets a point of each function, since none of them is on the way of another. */
function byRun(batch: readonly CrashPoint[]): CrashPoint[][] {
  const ofCallers = [...Map.groupBy(batch, ({ caller }) => caller).values()];
  const runs = Math.max(...ofCallers.map(({ length }) => length));
  return Array.from({ length: runs }, (_, index) => ofCallers.flatMap((same) => same[index] ?? []));
}

function watchRuns(stack: Stack): Map<string, Run> {
  const runs = new Map<string, Run>();
  stack.watch((run) => runs.set(run.runId, run));
  return runs;
}

const points = {} as Record<Example, CrashPoint[]>;
beforeAll(async () => {
  for (const example of EXAMPLES) points[example] = await healthyRun(example);
  console.log(EXAMPLES.map((example) => `${example}: ${points[example].length}`));
});

test('docs/crash-points.md lists every call of every function', () => {
  if (process.env.WRITE_PAGE) writeFileSync(PAGE, pageOf(points));
  // How often a call is made hangs on who was faster; which calls there are does not.
  expect(kindsIn(readFileSync(PAGE, 'utf8'))).toEqual(kindsIn(pageOf(points)));
});

/** The rows of the page without their numbers and names. */
function kindsIn(page: string): string[] {
  const rows = page
    .split('\n')
    .filter((line) => EXAMPLES.some((example) => line.startsWith(`| ${example} `)));
  return [...new Set(rows.map((row) => row.split(' | ').slice(0, 4).join(' | ')))].sort();
}

describe.each(['before', 'after'] as const)(
  'killed %s the effect of its call, a function loses nothing',
  (time) => {
    let stack: Stack;
    let runs: Map<string, Run>;
    beforeAll(async () => {
      stack = await startStack({
        ...{ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 10, scheduleMs: 250 },
        environment: ENVIRONMENT,
      });
      runs = watchRuns(stack);
    });
    afterAll(() => stack.close());

    test.each(EXAMPLES)('of %s', { timeout: 1_800_000 }, async (example) => {
      for (const [index, batch] of batchesOf(chosen(points[example]), AT_ONCE).entries()) {
        await crash(stack, { example, time, name: `${example}-${time}-${index}`, groups: byRun(batch) });
      }
    });

    /** Thousands of them: nightly. */
    test.runIf(process.env.CRASH_PAIRS === 'all').each(EXAMPLES)(
      'of %s, twice on its way',
      async (example) => {
        const all = points[example];
        const pairs = all.flatMap((first) => all.map((second) => [first, second]));
        for (const [index, groups] of batchesOf(pairs, AT_ONCE / 2).entries()) {
          await crash(stack, { example, time, name: `${example}-${time}-pair-${index}`, groups });
        }
      },
    );

    async function crash(on: Stack, { example, time: when, name, groups }: Crashes): Promise<void> {
      const { faults } = on.cloud;
      // No event is sent before the faults are there: the id of a run is known when its manifest is.
      faults.eventarc.whenever('Push', { kind: 'stall' });
      const dropped: string[] = [];
      for (const [index, group] of groups.entries()) {
        const { runId, folder } = await drop(on, example, `${name}-${index}`);
        dropped.push(runId);
        for (const { caller, service, method, isOfRun, nth } of group) {
          const run = isOfRun ? [runId, folder] : undefined;
          faults[service].script(method, killsAt({ nth }, when), { caller, run });
        }
      }
      faults.eventarc.clear();
      const open = () => dropped.filter((runId) => !isTerminal(runs.get(runId)?.status.state ?? 'RECEIVED'));
      await until(`the runs of ${name} have ended`, () => open().length === 0, 600_000);
      await expectEnds(on, dropped);
      const planted = groups.flat().length;
      expect(planted - left(on), `kills that were met, of ${planted}`).toBeGreaterThan(LEAST_MET * planted);
      for (const script of Object.values(faults)) script.clear();
    }

    /** Kills that nobody met. */
    const left = ({ cloud }: Stack) =>
      Object.values(cloud.faults).flatMap((script) =>
        Object.values(script.remaining()).flatMap((list) => list.filter(({ kind }) => kind === 'kill')),
      ).length;

    async function expectEnds(on: Stack, dropped: readonly string[]): Promise<void> {
      const jobs = (await jobsIn(on)).map((job) => JSON.stringify(job));
      for (const runId of dropped) {
        const status = runs.get(runId)?.status;
        expect(status, runId).toMatchObject({ state: 'SUCCEEDED' });
        expect(jobs.filter((job) => job.includes(runId))).toHaveLength(1);
        await until('the file says so too', async () => {
          const file = await resultText(on, `${status?.folder}status.json`);
          return JSON.parse(file).status.state === 'SUCCEEDED';
        });
      }
    }
  },
);

/** The calls of one kind in one row: those that a function makes side by side come in any order. */
function rowsOf(example: Example, all: readonly CrashPoint[]): string[][] {
  const kinds = Map.groupBy(all, (point) =>
    [point.caller, point.service, point.method, point.isOfRun].join(' '),
  );
  return [...kinds.values()].map((same) => {
    const [{ caller, service, method, isOfRun } = { caller: '', service: '', method: '', isOfRun: false }] =
      same;
    const targets = [...new Set(same.map(({ target }) => target))].filter((target) => target !== '').sort();
    const named = targets.map((target) => `\`${target}\``).join(', ');
    return [example, caller, service, method, isOfRun ? named : '–', String(same.length)];
  });
}

function pageOf(all: Record<Example, CrashPoint[]>): string {
  const count = EXAMPLES.reduce((sum, example) => sum + all[example].length, 0);
  const kinds = EXAMPLES.reduce((sum, example) => sum + lastOfKinds(all[example]).length, 0);
  return pageText(
    '# Crash points',
    '<!-- Written by `WRITE_PAGE=1 npx vitest run test/e2e/crash-points.test.ts` from the calls of one healthy run of each kind of job. -->',
    `Every call of every function on the way of a run, ${count} in all. The function that makes the call is killed with SIGKILL before
its effect and after it: in the end-to-end tests at ${BY_DAY} of the ${kinds} rows for each kind of job and each of the two, in
\`CRASH_POINTS=all npm run test:nightly\` at every call (${count * 2}), and at every two of one run. Afterwards the run has succeeded, exactly one job was
made for it, and its files say so. A call that another death has made needless does not come, and nobody is killed at it: most kills
have to be met. Calls without a name in the fifth column name no run: those of a tick, and what all runs have in common.`,
    markdownTable(
      ['run', 'function', 'service', 'call', 'for', 'calls'],
      EXAMPLES.flatMap((example) => rowsOf(example, all[example])),
    ),
  );
}
