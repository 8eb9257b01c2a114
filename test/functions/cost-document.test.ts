import { describe, expect, test } from 'vitest';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const GEMINI = { base_model: 'gemini-3.1-flash-lite', epoch_count: 4 };
const MODEL = 'projects/123/locations/us-central1/models/456';

interface Upload {
  keys?: Record<string, unknown>;
  limits?: Partial<DeploymentLimits>;
  data?: string;
}

/** A folder that the validate function has judged, and whose job, if it gets one, ends as a test says. */
async function uploaded({ keys = {}, limits = {}, data = examples(120) }: Upload) {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const world = createWorld({ backend, limits });
  world.upload('a/train.jsonl', data);
  await world.finalized(world.upload('a/tune.json', aManifest({ ...GEMINI, ...keys })));
  return { world, end: (job: Partial<JobObservation>) => endOf(world, backend, job) };
}

async function endOf(
  world: World,
  backend: ReturnType<typeof createFakeBackend>,
  job: Partial<JobObservation>,
): Promise<Run['status']> {
  await world.deliver();
  backend.observe = async () => async (name) => ({
    ...{ name, state: 'JOB_STATE_SUCCEEDED', phase: 'succeeded', labels: {} },
    outputs: { model: `${MODEL}@1` },
    ...job,
  });
  world.pass(3_600);
  await world.poll();
  return world.theRun().status;
}

const billed = (billableTokens?: number): Partial<JobObservation> => ({
  dataStats: { billableTokens, droppedReasons: [], truncatedSample: [], droppedSample: [] },
});

describe('the document of a run says what it will cost', () => {
  test.each([
    { name: 'before its job is made', keys: {}, state: 'VALIDATED' },
    { name: 'when it is only planned', keys: { dry_run: true }, state: 'PLANNED' },
    { name: 'when that is above its cap', keys: { max_cost_usd: 0.01 }, state: 'REJECTED' },
  ])('$name', async ({ keys, state }) => {
    const { world } = await uploaded({ keys });
    const { status } = world.theRun();
    expect(status.state).toBe(state);
    expect(status.cost).toMatchObject({
      trainingTokens: { estimate: expect.any(Number) },
      usd: { low: expect.any(Number), high: expect.any(Number) },
      price: { usdPerMillionTokens: 3, setBy: 'list', seenOn: expect.any(String) },
    });
    expect(status.cost?.actual).toBeUndefined();
  });

  test('and a manifest above its cap how many epochs fit', async () => {
    const { world } = await uploaded({ keys: { epoch_count: 20, max_cost_usd: 0.05 } });
    const { issues = [] } = world.theRun().status;
    const found = issues.find(({ code }) => code === 'cost_over_limit');
    const fits = Number(/"epoch_count": (\d+), which fits/.exec(found?.remedy ?? '')?.[1]);
    const stateOf = async (epochs: number) =>
      (await uploaded({ keys: { epoch_count: epochs, max_cost_usd: 0.05 } })).world.theRun().status.state;
    expect(await stateOf(fits)).toBe('VALIDATED');
    expect(await stateOf(fits + 1)).toBe('REJECTED');
  });

  test('without a price as unknown', async () => {
    const { world } = await uploaded({ keys: { base_model: 'gemini-3.5-flash-lite' } });
    expect(world.theRun().status.cost).toMatchObject({ usd: null, price: null, unknown: 'price' });
  });

  test.each(['text-bison@002', 'textembedding-gecko@003'])(
    'of %s as hours of accelerators',
    async (model) => {
      const keys = { base_model: model, epoch_count: undefined, ...EMBEDDING[model] };
      const { world } = await uploaded({ keys, limits: { retiredModels: 'warn' } });
      world.upload('a/corpus.jsonl', corpus(20));
      world.upload('a/queries.jsonl', corpus(20));
      world.upload('a/train.tsv', labels(20));
      await world.validate(world.theRun().runId);
      const { cost } = world.theRun().status;
      expect(cost).toMatchObject({ trainingTokens: null, usd: null, unknown: 'acceleratorHours' });
      expect(cost?.madeOf).toMatch(/^Hours of .+ for [\d,]+ steps/);
    },
  );

  test('of data with mistakes that it is not counted: nobody knows what the corrected data will cost', async () => {
    const { world } = await uploaded({ data: `${examples(120)}\n{"input_text": 1}\n` });
    expect(world.theRun().status.state).toBe('REJECTED');
    expect(world.theRun().status.cost).toMatchObject({ usd: null, unknown: 'notCounted' });
  });
});

const EMBEDDING: Record<string, Record<string, unknown>> = {
  'textembedding-gecko@003': {
    ...{ dataset_uri: undefined, corpus_path: 'corpus.jsonl', queries_path: 'queries.jsonl' },
    train_label_path: 'train.tsv',
  },
};
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
const corpus = (count: number) => lines(count, (id) => JSON.stringify({ _id: `x${id}`, text: `text ${id}` }));
const labels = (count: number) => `query-id\tcorpus-id\tscore\n${lines(count, (id) => `x${id}\tx${id}\t1`)}`;

describe('the document of a run that has succeeded', () => {
  test('says what it did cost, beside what was expected', async () => {
    const { world, end } = await uploaded({});
    const before = world.theRun().status.cost;
    const { state, cost } = await end(billed(250_000));
    expect(state).toBe('SUCCEEDED');
    expect(cost).toEqual({
      ...before,
      actual: { billableTokens: 250_000, trainingTokens: 1_000_000, usd: 3 },
    });
  });

  test('takes the price that was told before, also where the deployment set it', async () => {
    const { end } = await uploaded({ limits: { prices: { 'gemini-3.1-flash-lite': 1.5 } } });
    expect((await end(billed(250_000))).cost?.actual?.usd).toBe(1.5);
  });

  test('without a price says the tokens, and no dollars', async () => {
    const { end } = await uploaded({ keys: { base_model: 'gemini-3.5-flash-lite' } });
    expect((await end(billed(250_000))).cost?.actual).toEqual({
      ...{ billableTokens: 250_000, trainingTokens: 1_000_000, usd: null },
    });
  });

  test.each([
    ['where Vertex AI says nothing of tokens', billed()],
    ['of a job that failed', { ...billed(250_000), phase: 'failed', state: 'JOB_STATE_FAILED' } as const],
  ])('has the estimate alone %s', async (_name, job) => {
    const { world, end } = await uploaded({});
    const before = world.theRun().status.cost;
    expect((await end(job)).cost).toEqual(before);
  });

  test('and was planned by a version without costs gets both from its plan and its data', async () => {
    const { world, end } = await uploaded({});
    const { cost: before, ...status } = world.theRun().status;
    world.runs.documents.set(world.theRun().runId, { ...world.theRun(), status });
    expect((await end(billed(250_000))).cost).toMatchObject({ ...before, actual: { usd: 3 } });
  });
});
