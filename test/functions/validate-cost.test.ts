import { expect, test } from 'vitest';
import { aManifest, createWorld, examples } from '../support/world.ts';

/** Uploads a folder for a Gemini model and lets the validate function look at it. */
async function verdictOn(keys: Record<string, unknown>, limits: object = {}) {
  const world = createWorld({ limits });
  world.upload('a/train.jsonl', examples(120));
  const manifest = aManifest({ base_model: 'gemini-3.1-flash-lite', ...keys });
  await world.finalized(world.upload('a/tune.json', manifest));
  const { state, issues = [] } = world.theRun().status;
  return { state, codes: issues.filter(({ severity }) => severity === 'error').map(({ code }) => code) };
}

test.each([
  {
    name: 'above the manifest’s cap',
    keys: { epoch_count: 20, max_cost_usd: 0.05 },
    code: 'cost_over_limit',
  },
  { name: 'above the deployment’s cap', limits: { maxCostUsd: 0.01 }, code: 'cost_over_limit' },
  {
    name: 'of unknown cost under a cap',
    keys: { base_model: 'gemini-3.5-flash-lite' },
    limits: { maxCostUsd: 50 },
    code: 'cost_unknown',
  },
  {
    name: 'of unknown cost under its own cap, whatever the deployment allows',
    keys: { base_model: 'gemini-3.5-flash-lite', max_cost_usd: 5 },
    limits: { unknownPrices: 'allow' },
    code: 'cost_unknown',
  },
])('a run $name is refused', async ({ keys = {}, limits = {}, code }) => {
  expect(await verdictOn(keys, limits)).toEqual({ state: 'REJECTED', codes: [code] });
});

test.each([
  { name: 'within its cap', keys: { max_cost_usd: 5 } },
  {
    name: 'whose price the deployment gives',
    keys: { base_model: 'gemini-3.5-flash-lite', max_cost_usd: 5 },
    limits: { prices: { 'gemini-3.5-flash-lite': 2 } },
  },
  {
    name: 'of unknown cost that the deployment allows under its own cap',
    keys: { base_model: 'gemini-3.5-flash-lite' },
    limits: { maxCostUsd: 5, unknownPrices: 'allow' },
  },
])('a run $name is not', async ({ keys, limits = {} }) => {
  expect(await verdictOn(keys, limits)).toEqual({ state: 'VALIDATED', codes: [] });
});
