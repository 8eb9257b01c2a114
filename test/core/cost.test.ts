import { describe, expect, it } from 'vitest';
import type { CountedTokens, DatasetStatistics } from '../../shared/core/dataset/statistics.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import type { Manifest } from '../../shared/core/manifest/keys.ts';
import { type CostInput, costOf, costText } from '../../shared/core/tuning/cost.ts';
import { checkCost } from '../../shared/core/tuning/cost-caps.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { costOfData, settledCost } from '../../shared/core/tuning/run-cost.ts';
import { someLimits } from '../support/manifests.ts';

const locate = (key: string) => ({ uri: 'gs://inbox/reviews/tune.json', path: key });
const planOf = (keys: Partial<Manifest>) =>
  planRun({
    manifest: { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'gs://inbox/t.jsonl', ...keys },
    ...{ folderName: 'reviews', runId: 'r', limits: someLimits(), locate, trainExamples: 100 },
  }).plan;
const exactly = (tokens: number) => ({ low: tokens, estimate: tokens, high: tokens });
const COUNTED: CountedTokens = {
  ...{ input: exactly(300_000), output: exactly(100_000), texts: 2_000, isExact: true },
};
const cost = (keys: Partial<Manifest>, input: Partial<CostInput> = {}) =>
  costOf({ plan: planOf(keys), counted: COUNTED, ...input });

describe('the cost of a run', () => {
  it('is its tokens times its epochs, at the dated list price', () => {
    expect(cost({ epoch_count: 5 })).toEqual({
      trainingTokens: { low: 2_000_000, estimate: 2_000_000, high: 2_050_000 },
      usd: { low: 6, high: 6.15 },
      price: {
        ...{ usdPerMillionTokens: 3, setBy: 'list', seenOn: '2026-10-31' },
        source: expect.stringContaining('one user’s bill'),
      },
      unknown: undefined,
      madeOf: 'Tokens of the training data, by Gemma 3’s tokenizer of 262,144 tokens, × 5 epochs.',
    });
  });

  it('counts the prompts of preferences twice', () => {
    const preference = {
      base_model: 'gemini-2.5-flash',
      tuning_method: 'preference',
      epoch_count: 1,
    } as const;
    expect(cost(preference).trainingTokens).toEqual({ low: 700_000, estimate: 700_000, high: 720_000 });
  });

  it('has a wider interval for a tokenizer that is not here', () => {
    const open = { base_model: 'meta/llama3_1@llama-3.1-8b', epoch_count: 1 } as const;
    expect(cost(open)).toMatchObject({
      trainingTokens: { low: 320_000, estimate: 400_000, high: 650_000 },
      usd: { low: 0.21, high: 0.44 },
    });
  });

  it.each([
    ['without a price', cost({ base_model: 'gemini-3.5-flash-lite' }), 'price'],
    ['of data with files', cost({}, { hasFiles: true }), 'files'],
    ['of data that nobody counted', cost({}, { counted: undefined }), 'notCounted'],
    ['of a model that is paid for by the hour', cost({ base_model: 'text-bison@002' }), 'acceleratorHours'],
  ])('%s is not known, and never 0', (_name, { usd, unknown }, why) => {
    expect({ usd, unknown }).toEqual({ usd: null, unknown: why });
  });

  it.each([
    { examples: 120, unusableExamples: 0, isKnown: true },
    { examples: 120, unusableExamples: 119, isKnown: false },
    { examples: 120, unusableExamples: 120, isKnown: false },
    // A file that is something else throughout.
    { examples: 0, unusableExamples: 0, isKnown: false },
  ])(
    'of $examples examples, $unusableExamples of them with mistakes, is known: $isKnown',
    ({ isKnown, ...read }) => {
      const tokens = { counted: COUNTED } as DatasetStatistics['tokens'];
      const found = costOfData(planOf({ epoch_count: 5 }), { tokens, ...read });
      expect(found.unknown).toBe(isKnown ? undefined : 'notCounted');
      expect(found.usd).toEqual(isKnown ? { low: 6, high: 6.15 } : null);
      if (!isKnown) expect(found.madeOf).toMatch(/data with mistakes is not counted\.$/);
    },
  );

  it.each([
    ['google/gemma3@gemma-3-12b-it', { low: 300_000, estimate: 400_000, high: 410_000 }],
    ['gemini-3.1-flash-lite', { low: 400_000, estimate: 400_000, high: 410_000 }],
  ] as const)('of %s has in its least what a cut leaves', (base_model, expected) => {
    const found = cost({ base_model, epoch_count: 1 }, { beyondLimits: 100_000 });
    expect(found.trainingTokens).toEqual(expected);
  });

  it('of the guide’s models says what it is made of', () => {
    expect(cost({ base_model: 'text-bison@002', accelerator_type: 'TPU' })).toEqual({
      ...{ trainingTokens: null, usd: null, price: null, unknown: 'acceleratorHours' },
      madeOf:
        'Hours of 64 cores of a TPU v3 Pod in europe-west4 for 300 steps; how many hours they are is not known before.',
    });
  });

  it('takes the price of the deployment before the list’s', () => {
    const prices = { 'gemini-3.5-flash-lite': 2, 'gemini-3.1-flash-lite': 1.5 };
    expect(cost({ base_model: 'gemini-3.5-flash-lite', epoch_count: 1 }, { prices }).usd).toEqual({
      ...{ low: 0.8, high: 0.82 },
    });
    expect(cost({}, { prices }).price).toMatchObject({ usdPerMillionTokens: 1.5, setBy: 'deployment' });
  });

  it.each([
    [
      cost({ epoch_count: 5 }),
      '6.00 to 6.15 USD: 2,000,000 training tokens (2,000,000 to 2,050,000) at 3 USD a million, list price seen on 2026-10-31',
    ],
    [
      cost({ base_model: 'gemini-3.5-flash-lite', epoch_count: 1 }),
      'not known; 400,000 training tokens (400,000 to 410,000); no price was found',
    ],
    [
      cost({ epoch_count: 1 }, { hasFiles: true }),
      'not known; at least 400,000 training tokens; tokens of the training data, by Gemma 3’s tokenizer of 262,144 tokens, × 1 epoch; what images, documents, audio and video add is not known; 3 USD a million, list price seen on 2026-10-31',
    ],
  ])('is one line', (found, line) => {
    expect(costText(found)).toBe(line);
  });
});

describe('what a run did cost', () => {
  const settled = (keys: Partial<Manifest>, billableTokens?: number, hours?: number) => {
    const expected = cost(keys);
    return { expected, settled: settledCost(expected, planOf(keys), { billableTokens, hours }) };
  };

  it('stands beside the estimate: Google’s billable tokens times the epochs, which they leave out', () => {
    const { expected, settled: found } = settled({ epoch_count: 10 }, 255_243);
    expect(found).toEqual({
      ...expected,
      actual: { billableTokens: 255_243, trainingTokens: 2_552_430, usd: 7.6573 },
    });
  });

  it('is not known without a price, and nothing is said where Google says nothing', () => {
    const unpriced = { base_model: 'gemini-3.5-flash-lite', epoch_count: 2 } as const;
    expect(settled(unpriced, 1_000).settled.actual).toEqual({
      ...{ billableTokens: 1_000, trainingTokens: 2_000, usd: null },
    });
    expect(settled(unpriced).settled.actual).toBeUndefined();
    expect(settled({ base_model: 'text-bison@002' }, 1_000).settled.actual).toBeUndefined();
  });

  it('is hours where accelerators are paid by the hour, beside what was said before', () => {
    const { expected, settled: found } = settled({ base_model: 'text-bison@002' }, undefined, 2.30961);
    expect(found).toEqual({ ...expected, actualHours: 2.31 });
    expect(settled({ base_model: 'text-bison@002' }).settled).toEqual(expected);
  });
});

describe('a cap', () => {
  const remedies = (issues: { remedy: string }[]) => issues.map(({ remedy }) => remedy);
  const priceOf =
    (input: Partial<CostInput> = {}) =>
    (plan: CostInput['plan']) =>
      costOf({ plan, counted: COUNTED, ...input });
  const check = (
    keys: Partial<Manifest>,
    limits: { maxCostUsd?: number; unknownPrices?: 'hold' | 'allow' } = {},
    input: Partial<CostInput> = {},
  ) =>
    checkCost({ manifest: keys, plan: planOf(keys), price: priceOf(input), limits, locate })
      .map(reportIssue)
      .map(({ code, path, found, remedy }) => ({ code, path, found, remedy }));

  it('refuses what is above it by the high end, with the epochs that fit', () => {
    expect(check({ epoch_count: 40, max_cost_usd: 20 })).toEqual([
      {
        ...{ code: 'cost_over_limit', path: 'max_cost_usd' },
        found: '48.00 USD to 49.20 USD for 40 epochs',
        remedy: 'Write "epoch_count": 16, which fits. Or raise max_cost_usd.',
      },
    ]);
    expect(check({ epoch_count: 16, max_cost_usd: 20 })).toEqual([]);
  });

  it.each([500, 3_333, 7_826, 123_457, 2_000_003])(
    'says the largest number of epochs whose own cost is within it, for %i tokens',
    (tokens) => {
      const input = { counted: { ...COUNTED, input: exactly(tokens), output: exactly(10), texts: 240 } };
      const highOf = (epochs: number) => cost({ epoch_count: epochs }, input).usd?.high ?? 0;
      for (const epochs of [2, 3, 7, 20, 40]) {
        for (const share of [0.1, 0.25, 0.5, 0.9]) {
          const cap = Math.max(0.01, Number((share * highOf(epochs)).toFixed(3)));
          const [issue] = check({ epoch_count: epochs, max_cost_usd: cap }, {}, input);
          if (issue === undefined) continue;
          const fits = Number(/: (\d+), which fits/.exec(issue.remedy)?.[1] ?? 0);
          if (fits > 0) expect(highOf(fits)).toBeLessThanOrEqual(cap);
          expect(highOf(fits + 1)).toBeGreaterThan(cap);
        }
      }
    },
  );

  it('takes the lower one of the manifest’s and the deployment’s', () => {
    const [issue] = check({ epoch_count: 40, max_cost_usd: 20 }, { maxCostUsd: 5 });
    expect(issue).toMatchObject({
      path: 'epoch_count',
      remedy: 'Write "epoch_count": 4, which fits. Or ask the administrator to raise MAX_COST_USD.',
    });
  });

  it('is told as it was written, where it is less than a cent', () => {
    const [issue] = checkCost({
      ...{ manifest: { max_cost_usd: 0.001 }, plan: planOf({}), price: priceOf(), limits: {}, locate },
    }).map(reportIssue);
    expect(issue?.expected).toBe('at most 0.001 USD, as the manifest says');
  });

  it('says so when not even one epoch fits', () => {
    expect(check({ epoch_count: 3, max_cost_usd: 1 })[0]?.remedy).toMatch(/^Not even one epoch fits/);
  });

  it('of the deployment refuses a cost that is not known, until it gives a price or allows it', () => {
    const keys = { base_model: 'gemini-3.5-flash-lite' } as const;
    expect(remedies(check(keys, { maxCostUsd: 20 }))).toEqual([
      expect.stringContaining('set MODEL_PRICES for gemini-3.5-flash-lite, or UNKNOWN_PRICES to allow.'),
    ]);
    expect(check(keys, { maxCostUsd: 20, unknownPrices: 'allow' })).toEqual([]);
    expect(check(keys, { maxCostUsd: 20 }, { prices: { 'gemini-3.5-flash-lite': 2 } })).toEqual([]);
    expect(check(keys)).toEqual([]);
  });

  it('of the manifest refuses a cost that is not known, whatever the deployment allows', () => {
    const keys = { base_model: 'gemini-3.5-flash-lite', max_cost_usd: 20 } as const;
    const pipeline = { base_model: 'text-bison@002', train_steps: 300, max_cost_usd: 1 } as const;
    const allow = { maxCostUsd: 50, unknownPrices: 'allow' } as const;
    expect(remedies(check(keys, allow))).toEqual([
      expect.stringMatching(/Leave max_cost_usd out, or ask .* MODEL_PRICES for gemini-3\.5-flash-lite\.$/),
    ]);
    expect(remedies(check(pipeline, allow))).toEqual([expect.stringMatching(/Leave max_cost_usd out\.$/)]);
    expect(check(keys, {}, { prices: { 'gemini-3.5-flash-lite': 2 } })).toEqual([]);
  });

  it('waits for data that is counted at upload', () => {
    expect(check({ max_cost_usd: 1 }, {}, { counted: undefined })).toEqual([]);
  });
});
