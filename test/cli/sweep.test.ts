import { expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { runTable } from '../../cli/list/show.ts';
import { plan } from '../../cli/plan/command.ts';
import { statusText } from '../../cli/run/status.ts';
import { aSweep, FIRST, oneOfSweep } from '../support/a-sweep.ts';
import { examples } from '../support/world.ts';
import { aFolder, carryOut } from './command-line.ts';

const aSweepFolder = (over: object = {}) =>
  aFolder({
    'tune.json': JSON.stringify({
      ...{ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', epoch_count: [1, 2, 4] },
      ...over,
    }),
    'train.jsonl': examples(120),
  });
const DEPLOYMENT = ['--project', 'my-project', '--bucket', 'gs://inbox/team/reviews'];

test('plan shows each run of a sweep with its cost, and what all cost together', async () => {
  const { code, stdout } = await carryOut(plan, aSweepFolder(), ...DEPLOYMENT);
  expect(code).toBe(0);
  expect(stdout).toMatch(/run 1 +epoch_count 1: 1 epoch, at most 0\.\d\d USD expected\n/);
  expect(stdout).toMatch(/run 3 +epoch_count 4: 4 epochs, 0\.\d\d to 0\.\d\d USD expected\n/);
  expect(stdout).toMatch(/cost of all 3 runs +0\.\d\d/);
  expect(stdout).toContain('Request of run 1 of 3; --json has all');
});

test('plan --json has the request of each, to copies of its own', async () => {
  const { stdout } = await carryOut(plan, aSweepFolder(), ...DEPLOYMENT, '--json');
  const { sweep, cost } = JSON.parse(stdout);
  expect(sweep).toMatchObject(
    [1, 2, 4].map((epoch_count) => ({
      settings: { epoch_count },
      request: { body: { supervisedTuningSpec: { hyperParameters: { epochCount: epoch_count } } } },
    })),
  );
  const uris = sweep.map(
    ({ request }: { request: { body: Record<string, { trainingDatasetUri: string }> } }) =>
      request.body.supervisedTuningSpec?.trainingDatasetUri,
  );
  for (const [place, { runId }] of sweep.entries()) expect(uris[place]).toContain(`/staging/${runId}/`);
  const sum = sweep.reduce(
    (all: number, one: { cost: { trainingTokens: { low: number } } }) => all + one.cost.trainingTokens.low,
    0,
  );
  expect(cost.trainingTokens.low).toBe(sum);
});

test('check holds the sum against the cap, and says it once', async () => {
  const { code, stdout } = await carryOut(check, aSweepFolder({ max_cost_usd: 0.01 }));
  expect(code).toBe(1);
  expect(stdout.match(/\[sweep_cost_over_limit\]/g)).toHaveLength(1);
  expect(stdout).toContain('1 error,');
});

const COLUMNS = { isLocal: false, columns: 100 };

test('status shows a sweep in a line for each run, and of one of them whose it is', () => {
  const text = statusText(aSweep(), COLUMNS);
  expect(text).toContain(`Sweep      train_steps 100  SUCCEEDED  ${FIRST.slice(0, 10)}  1.10 USD`);
  expect(text).toMatch(/train_steps 200 {2}SUCCEEDED .* best\n/);
  expect(text).toContain('train_steps 500  deleted');
  expect(statusText(oneOfSweep(), COLUMNS)).toContain(
    `Sweep      number 2 (train_steps 200) of runs/${FIRST}\n`,
  );
});

test('list marks the run of a sweep and those that it asked for', () => {
  const page = { runs: [aSweep(), oneOfSweep()], unreadable: 0, isCut: false };
  const deployment = { project: 'my-project', inbox: 'inbox' } as Parameters<
    typeof runTable
  >[1]['deployment'];
  const text = runTable(page, { deployment, columns: undefined });
  expect(text).toContain('reviews/tune.json (3 runs)\n');
  expect(text).toContain('reviews/tune.json #2 train_steps 200\n');
});
