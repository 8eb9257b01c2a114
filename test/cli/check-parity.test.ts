import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { plan } from '../../cli/plan/command.ts';
import { buildJobRequest } from '../../shared/core/tuning/job-request.ts';
import { ROOT } from '../support/repo-files.ts';
import { createWorld, type WorldOptions } from '../support/world.ts';
import { aFolder, carryOut } from './command-line.ts';

/** Uploads an example into a folder of its own name and lets the validate function look at it. */
async function uploaded(example: string, over: object = {}, limits: WorldOptions['limits'] = {}) {
  const world = createWorld({ config: { datasetWaitMs: 0 }, limits });
  const dir = join(ROOT, 'examples', example);
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  for (const name of readdirSync(dir).filter((file) => file.endsWith('.jsonl'))) {
    world.upload(`${example}/${name}`, read(name));
  }
  const manifest = JSON.stringify({ ...JSON.parse(read('tune.json')), ...over }, null, 2);
  await world.finalized(world.upload(`${example}/tune.json`, manifest));
  return { dir, run: world.theRun(), read, manifest };
}

test.each([['has-mistakes'], ['medical-specialty'], ['waits-for-data']])(
  'check says of %s what the validate function says of its upload',
  async (example) => {
    const { dir, run } = await uploaded(example);
    const { stdout } = await carryOut(check, dir, '--json');
    const ours = JSON.parse(stdout.replaceAll(`${dir}/`, `gs://inbox/${example}/`));
    const theirs = run.status.issues ?? [];
    expect(ours.issueCount).toEqual(run.status.issueCount);
    expect(ours.datasets).toEqual(run.status.datasets ?? {});
    expect(ours.issues).toHaveLength(theirs.length);
    expect(ours.issues).toEqual(expect.arrayContaining(theirs));
  },
);

test('check says of a retired model what a deployment says that refuses it', async () => {
  const { dir, run } = await uploaded('text-bison', {}, { retiredModels: 'error' });
  const { code, stdout } = await carryOut(check, dir, '--json', '--retired-models', 'error');
  const refusal = { code: 'model_retired', severity: 'error' };
  expect(code).toBe(1);
  expect(run.status.issues).toContainEqual(expect.objectContaining(refusal));
  expect(JSON.parse(stdout).issues).toContainEqual(
    expect.objectContaining({ ...refusal, remedy: expect.stringContaining('RETIRED_MODELS') }),
  );
});

test.each([
  ['as it is', {}],
  ['converted for a Gemini model', { base_model: 'gemini-3.1-flash-lite' }],
  ['converted for an open model', { base_model: 'google/gemma4@gemma-4-e4b-it' }],
  ['split', { evaluation_data_uri: undefined, evaluation_split: 0.1 }],
])('plan prints the request that submit builds from the run of the same upload: %s', async (_name, over) => {
  const { run, read, manifest } = await uploaded('medical-specialty', over);
  const dir = aFolder({
    'tune.json': manifest,
    'train.jsonl': read('train.jsonl'),
    'eval.jsonl': read('eval.jsonl'),
  });
  if (!run.spec.plan) throw new Error('the run has no plan');
  const { method, url, query, body } = buildJobRequest(run.spec.plan);
  const args = ['--project', 'my-project', '--bucket', 'gs://inbox/medical-specialty', '--json'];
  const known = ['--results', 'gs://results', '--generation', run.spec.source.generation];
  const { stdout } = await carryOut(plan, dir, ...args, ...known);
  const { cost, evaluation, expectedDuration, ...request } = JSON.parse(stdout);
  expect(expectedDuration).toBeNull();
  expect(request).toEqual({ method, url, query, body });
  expect(evaluation).toMatchObject({ state: expect.any(String), message: expect.any(String) });
  expect(cost).toMatchObject({ madeOf: expect.any(String) });
});

const CAP = ['--max-cost-usd', '0.05'];
const LITE = 'gemini-3.1-flash-lite';
const UNPRICED = 'gemini-3.5-flash-lite';

test.each<[string, { model: string; typed: string[]; limits: WorldOptions['limits']; refused: string[] }]>([
  ['a cap', { model: LITE, typed: CAP, limits: { maxCostUsd: 0.05 }, refused: ['cost_over_limit'] }],
  [
    'a cap, for a price that nobody found',
    { model: UNPRICED, typed: CAP, limits: { maxCostUsd: 0.05 }, refused: ['cost_unknown'] },
  ],
  [
    'unknown prices that are allowed',
    {
      ...{ model: UNPRICED, typed: [...CAP, '--unknown-prices', 'allow'], refused: [] },
      limits: { maxCostUsd: 0.05, unknownPrices: 'allow' },
    },
  ],
  [
    'a price of its own',
    {
      ...{ model: UNPRICED, typed: ['--model-prices', `${UNPRICED}=2.5,${LITE}=0`], refused: [] },
      limits: { prices: { [UNPRICED]: 2.5, [LITE]: 0 } },
    },
  ],
  [
    'a price of its own under a cap',
    {
      ...{
        model: UNPRICED,
        typed: [...CAP, '--model-prices', `${UNPRICED}=2.5`],
        refused: ['cost_over_limit'],
      },
      limits: { maxCostUsd: 0.05, prices: { [UNPRICED]: 2.5 } },
    },
  ],
])(
  'check says of costs what a deployment says that has %s',
  async (_name, { model, typed, limits, refused }) => {
    const { run, read, manifest } = await uploaded('medical-specialty', { base_model: model }, limits);
    const files = { 'train.jsonl': read('train.jsonl'), 'eval.jsonl': read('eval.jsonl') };
    const dir = aFolder({ 'tune.json': manifest, ...files });
    const { stdout } = await carryOut(check, dir, '--json', ...typed);
    const ours = JSON.parse(stdout.replaceAll(`${dir}/`, 'gs://inbox/medical-specialty/'));
    const errors = (run.status.issues ?? []).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(refused);
    expect(ours.issues).toEqual(expect.arrayContaining(run.status.issues ?? []));
    expect(ours.issues).toHaveLength((run.status.issues ?? []).length);
    if (refused.length === 0) expect(ours.cost).toEqual(run.status.cost);
  },
);

const EMBEDDING = {
  base_model: 'text-embedding-005',
  ...{ queries_path: 'q.jsonl', corpus_path: 'c.jsonl', train_label_path: 'l.tsv' },
};
const ASKED = {
  steps: { base_model: 'text-bison@002', dataset_uri: 'train.jsonl', train_steps: 10_001 },
  tokens: { base_model: LITE, dataset_uri: 'train.jsonl', epoch_count: 20 },
  accelerators: { ...EMBEDDING, accelerator_type: 'NVIDIA_L4', accelerator_count: 16 },
};

test.each<[string, keyof typeof ASKED, string[], WorldOptions['limits'], string[]]>([
  ['steps above what every deployment has', 'steps', [], {}, ['train_steps_over_limit']],
  ['steps of its own', 'steps', ['--max-train-steps', '20000'], { maxTrainSteps: 20_000 }, []],
  ['no cap on steps', 'steps', ['--max-train-steps', 'none'], { maxTrainSteps: undefined }, []],
  [
    'tokens of its own',
    'tokens',
    ['--max-training-tokens', '1000'],
    { maxTrainingTokens: 1000 },
    ['training_tokens_over_limit'],
  ],
  ['accelerators above what every deployment has', 'accelerators', [], {}, ['accelerators_over_limit']],
  ['more accelerators', 'accelerators', ['--max-accelerators', '16'], { maxAccelerators: 16 }, []],
])('check knows caps as a deployment does that has %s', async (_name, asked, typed, limits, refused) => {
  const caps = { maxTrainSteps: 10_000, maxTrainingTokens: 100_000_000, maxAccelerators: 8 };
  const world = createWorld({ config: { datasetWaitMs: 0 }, limits: { ...caps, ...limits } });
  const data = readFileSync(join(ROOT, 'examples/medical-specialty/train.jsonl'), 'utf8');
  world.upload('a/train.jsonl', data);
  await world.finalized(world.upload('a/tune.json', JSON.stringify(ASKED[asked])));
  const capCodes = (issues: { code: string }[]) =>
    issues
      .map(({ code }) => code)
      .filter((code) => /^(?:train_steps|training_tokens|accelerators)_over/.test(code));
  const dir = aFolder({ 'tune.json': JSON.stringify(ASKED[asked]), 'train.jsonl': data });
  const { stdout } = await carryOut(check, dir, '--json', ...typed);
  expect(capCodes(world.theRun().status.issues ?? [])).toEqual(refused);
  expect(capCodes(JSON.parse(stdout).issues)).toEqual(refused);
});
