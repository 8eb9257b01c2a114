import { describe, expect, test } from 'vitest';
import type { ManifestIssue } from '../../shared/core/issues/manifest.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import type { Cost } from '../../shared/core/tuning/cost.ts';
import { checkSweepCost } from '../../shared/core/tuning/cost-caps.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import { planSweep } from '../../shared/core/tuning/sweep-planning.ts';
import { parse, someLimits } from '../support/manifests.ts';

const GEMINI = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };

function planned(over: object, trainExamples = 500) {
  const { sweep, locate } = parse({ ...GEMINI, ...over });
  if (sweep === undefined) throw new Error('this is no sweep');
  const common = { folderName: 'reviews', limits: someLimits(), locate, trainExamples };
  return { ...planSweep({ ...common, sweep, runIdOf: (index) => `r${index}` }), locate };
}

const told = (issues: readonly ManifestIssue[]) =>
  issues.map(({ code, at, fields }) => [code, at.path, fields]);

describe('the plans of a sweep', () => {
  test('differ in their settings, their runs and the names of their models', () => {
    const { plans, issues } = planned({ epoch_count: [1, 4], adapter_size: [4, 'ADAPTER_SIZE_EIGHT'] });
    expect(issues).toEqual([]);
    expect(plans.map(({ plan }) => [plan.runId, plan.modelDisplayName])).toEqual([
      ['r1', 'reviews (epoch_count 1, adapter_size 4)'],
      ['r2', 'reviews (epoch_count 1, adapter_size ADAPTER_SIZE_EIGHT)'],
      ['r3', 'reviews (epoch_count 4, adapter_size 4)'],
      ['r4', 'reviews (epoch_count 4, adapter_size ADAPTER_SIZE_EIGHT)'],
    ]);
  });

  test('keep the settings in a name that is cut', () => {
    const { plans } = planned({ epoch_count: [1, 4], model_display_name: 'n'.repeat(128) });
    for (const { plan } of plans) {
      expect(plan.modelDisplayName).toHaveLength(128);
      expect(plan.modelDisplayName).toMatch(/^n+ \(epoch_count [14]\)$/);
    }
  });

  test('that come to the same job are refused', () => {
    const { issues } = planned({ train_steps: [100, 110, 500] });
    const fields = { one: 'train_steps 100', other: 'train_steps 110', epochs: 2 };
    expect(told(issues)).toEqual([['sweep_same_job', 'train_steps', fields]]);
    const { issues: sizes } = planned({ adapter_size: [4, 'ADAPTER_SIZE_FOUR'] });
    expect(sizes.map(({ code }) => code)).toEqual(['sweep_same_job']);
  });
});

/** Each epoch costs a dollar and has a million tokens. */
const price = (plan: Plan): Cost => {
  const epochs = plan.backend === 'tuningJobs' ? plan.training.epochs : 0;
  const tokens = epochs * 1_000_000;
  return {
    trainingTokens: { low: tokens, estimate: tokens, high: tokens },
    ...{ usd: { low: epochs / 2, high: epochs }, price: null, madeOf: 'Tokens.' },
  };
};

describe('the cap of a manifest with lists', () => {
  const check = (manifest: { max_cost_usd?: number }, limits: Partial<DeploymentLimits> = {}) => {
    const { plans, locate } = planned({ ...manifest, epoch_count: [4, 1, 2] });
    const all = plans.map(({ plan }) => plan);
    return told(checkSweepCost({ manifest, plans: all, price, limits, locate, key: 'epoch_count' }));
  };

  test.each([
    { name: 'is kept by all runs together', manifest: { max_cost_usd: 7 }, issues: [] },
    {
      name: 'is told once, with how many would fit',
      manifest: { max_cost_usd: 6.99 },
      issues: [
        [
          'sweep_cost_over_limit',
          'max_cost_usd',
          { setBy: 'manifest', limit: 6.99, low: 3.5, high: 7, runs: 3, fits: 2 },
        ],
      ],
    },
    {
      name: 'stands beside those of the deployment, the lower of which counts',
      manifest: { max_cost_usd: 6 },
      limits: { maxCostUsd: 0.5, maxTrainingTokens: 6_999_999 },
      issues: [
        ['sweep_tokens_over_limit', 'epoch_count', { found: 7_000_000, limit: 6_999_999, runs: 3, fits: 2 }],
        [
          'sweep_cost_over_limit',
          'epoch_count',
          { setBy: 'deployment', limit: 0.5, low: 3.5, high: 7, runs: 3, fits: 0 },
        ],
      ],
    },
  ])('$name', ({ manifest, limits, issues }) => {
    expect(check(manifest, limits)).toEqual(issues);
  });

  test('lets no cost through that is not known', () => {
    const { plans, locate } = planned({ max_cost_usd: 7, epoch_count: [1, 2] });
    const unknown = (plan: Plan): Cost => ({ ...price(plan), usd: null, unknown: 'files' });
    const issues = checkSweepCost({
      ...{ manifest: { max_cost_usd: 7 }, plans: plans.map(({ plan }) => plan), price: unknown },
      ...{ limits: {}, locate, key: 'epoch_count' },
    });
    expect(issues.map(({ code }) => code)).toEqual(['cost_unknown']);
  });
});
