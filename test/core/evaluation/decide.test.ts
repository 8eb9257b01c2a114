import { describe, expect, test } from 'vitest';
import type { DatasetStatistics } from '../../../shared/core/dataset/statistics.ts';
import { type EvaluationInput, planEvaluation } from '../../../shared/core/evaluation/decide.ts';
import type { TuningPlan } from '../../../shared/core/tuning/plan.ts';
import { aPlan } from '../../support/runs.ts';

const data = (over: Partial<DatasetStatistics> = {}): DatasetStatistics => ({
  ...{ format: 'contents', role: 'evaluation', bytes: 1000, lines: 50, blankLines: 0 },
  ...{ examples: 50, unusableExamples: 0 },
  inputCharacters: { min: 1, median: 10, max: 400 },
  outputCharacters: { min: 1, median: 10, max: 30 },
  tokens: {
    ...{ method: '', provedWithinLimits: 50 },
    ...{ total: { low: 4000, high: 5000 }, largestExample: { low: 100, high: 200 } },
  },
  duplicates: { exact: 0, conflicting: 0 },
  ...over,
});

const tuning = (over: Partial<TuningPlan> = {}): TuningPlan => ({
  ...{ backend: 'tuningJobs', runId: 'r', project: 'p', baseModel: 'gemini-3.1-flash-lite' },
  ...{
    labels: {},
    isDryRun: false,
    notes: [],
    apiVersion: 'v1',
    region: 'us-central1',
    method: 'supervised',
  },
  ...{ training: { epochs: 3 }, trainingDatasetUri: 'gs://results/t', hyperParameters: { epochCount: 3 } },
  ...over,
});

const input = (over: Partial<EvaluationInput> = {}): EvaluationInput => ({
  ...{ manifest: {}, plan: tuning(), file: 'gs://results/staging/evaluation.jsonl', data: data() },
  ...{ cost: { usd: { low: 1, high: 2 } }, limits: { retiredModels: 'error' }, today: '2026-11-30' },
  ...over,
});

describe('what is asked after the tuning', () => {
  test('all examples of both models, with what that costs at most', () => {
    expect(planEvaluation(input())).toEqual({
      state: 'PLANNED',
      reason: 'AfterSuccess',
      message:
        'Once the model is tuned, all 50 examples of the evaluation file are asked of the tuned model and its base. The answers cost at most 0.02 USD.',
      ...{ examples: 50, ofExamples: 50, file: 'gs://results/staging/evaluation.jsonl' },
      ...{ isBaseAsked: true, maxOutputTokens: 64, maxUsd: 0.02 },
    });
  });

  test.each<[string, Partial<EvaluationInput>, object]>([
    ['a hundred of more', { data: data({ examples: 5000 }) }, { examples: 100, ofExamples: 5000 }],
    ['as many as the manifest says', { manifest: { evaluate: 20 } }, { examples: 20 }],
    ['not more than there are', { manifest: { evaluate: 200 } }, { examples: 50 }],
    [
      'of the other checkpoints too, each at the price of the model',
      { manifest: { evaluate_checkpoints: true } },
      {
        ...{ examples: 50, maxCheckpoints: 2, maxUsd: 0.03 },
        message: expect.stringContaining('and of its other checkpoints, 2 at most'),
      },
    ],
    [
      'of no other checkpoint where there will be none',
      { manifest: { evaluate_checkpoints: true }, plan: tuning({ exportLastCheckpointOnly: true }) },
      { maxCheckpoints: undefined, maxUsd: 0.02 },
    ],
    [
      'of a judge besides, each two answers twice, at its own price',
      { manifest: { judge: 'gemini-2.5-pro' } },
      {
        // 100 calls of 200, 400 and 128 tokens to read and 192 to write, at 1.25 and 10 USD a million.
        ...{ examples: 50, maxUsd: 0.29, judge: { model: 'gemini-2.5-pro', state: 'PLANNED', maxUsd: 0.28 } },
        message:
          'Once the model is tuned, all 50 examples of the evaluation file are asked of the tuned model and its base, and gemini-2.5-pro judges each two answers in both orders. The answers and verdicts cost at most 0.29 USD.',
      },
    ],
    [
      'fewer, so that there is room for the judge',
      { manifest: { judge: 'gemini-2.5-pro' }, limits: { retiredModels: 'error', maxCostUsd: 2.1 } },
      { examples: 16, maxUsd: 0.1, judge: { state: 'PLANNED' } },
    ],
    [
      'without the judge where that leaves too few',
      { manifest: { judge: 'gemini-2.5-pro' }, limits: { retiredModels: 'error', maxCostUsd: 2.05 } },
      {
        ...{ examples: 50, maxUsd: 0.02, judge: { state: 'LEFT_OUT', reason: 'CostOverCap' } },
        message: expect.stringContaining(
          'its base. The judge is asked nothing: Beside the training and the answers there is no room for verdicts of gemini-2.5-pro under the cap of the run. The answers cost',
        ),
      },
    ],
    [
      'of a judge whose price nobody knows',
      { manifest: { judge: 'gemini-3.5-flash' } },
      {
        ...{ maxUsd: null, judge: { state: 'PLANNED', maxUsd: null } },
        message: expect.stringMatching(/No price of all answers and verdicts is known\.$/),
      },
    ],
    [
      'without such a judge under a cap',
      { manifest: { judge: 'gemini-3.5-flash', max_cost_usd: 5 } },
      { examples: 50, maxUsd: 0.02, judge: { state: 'LEFT_OUT', reason: 'CostUnknown' } },
    ],
    [
      'without a judge where there is one answer alone',
      { plan: aPlan(), manifest: { judge: 'gemini-2.5-pro' } },
      { isBaseAsked: false, judge: { state: 'LEFT_OUT', reason: 'BaseNotAsked' } },
    ],
    ['as if nothing was said', { manifest: { evaluate: true } }, { examples: 50 }],
    [
      'with room for the longest answer',
      { data: data({ outputCharacters: { min: 1, median: 9, max: 900 } }) },
      { maxOutputTokens: 900 },
    ],
    [
      'with room for what the model has to think',
      { plan: tuning({ baseModel: 'gemini-2.5-pro' }) },
      { maxOutputTokens: 192 },
    ],
    [
      'at no known price',
      { plan: tuning({ baseModel: 'gemini-3.5-flash' }) },
      { maxUsd: null, message: expect.stringMatching(/No price of its answers is known\.$/) },
    ],
    [
      'at no known price where examples name files',
      { data: data({ files: { examples: 1, image: 1, document: 0, audio: 0, video: 0, byHttps: 0 } }) },
      { maxUsd: null },
    ],
    [
      'of a model of the guide, which the deployment still takes',
      { plan: aPlan(), limits: { retiredModels: 'warn' } },
      { isBaseAsked: true },
    ],
    [
      'of the tuned model alone where its base is retired',
      { plan: aPlan() },
      { isBaseAsked: false, message: expect.stringContaining('text-bison@002 is retired') },
    ],
    [
      'fewer, so that they fit under the cap beside the training',
      { limits: { retiredModels: 'error', maxCostUsd: 2.01 } },
      { examples: 39, maxUsd: 0.01 },
    ],
    [
      'fewer, so that all runs of a sweep fit under the cap together, one as many as the other',
      { limits: { retiredModels: 'error', maxCostUsd: 2.03 }, runs: 3 },
      { examples: 39, maxUsd: 0.01 },
    ],
    [
      'fewer, so that the folder can ever pay for them',
      { maxFolderUsd: 2.01 },
      { examples: 39, maxUsd: 0.01 },
    ],
    [
      'under a cap that lets unknown prices in',
      {
        plan: tuning({ baseModel: 'gemini-3.5-flash' }),
        limits: { retiredModels: 'error', maxCostUsd: 5, unknownPrices: 'allow' },
      },
      { examples: 50, maxUsd: null },
    ],
  ])('%s', (_name, over, expected) => {
    expect(planEvaluation(input(over))).toMatchObject({ state: 'PLANNED', ...expected });
  });

  test.each<[string, Partial<EvaluationInput>, string]>([
    ['the manifest does not want it', { manifest: { evaluate: false } }, 'NotWanted'],
    ['there is no evaluation file', { file: undefined, data: undefined }, 'NoEvaluationData'],
    ['its folder has no room for it in any month', { maxFolderUsd: 2 }, 'CostOverCap'],
    [
      'nobody deploys an open model for it',
      { plan: tuning({ baseModel: 'google/gemma3@gemma-3-1b-it' }) },
      'OpenModel',
    ],
    [
      'an embedding model says nothing',
      { plan: aPlan({ baseModel: 'text-embedding-005' }) },
      'EmbeddingModel',
    ],
    ['of preferences none is expected', { plan: tuning({ method: 'preference' }) }, 'Preferences'],
    ['the cap has no room for it', { limits: { retiredModels: 'error', maxCostUsd: 2 } }, 'CostOverCap'],
    ['the manifest has no room for it', { manifest: { max_cost_usd: 2 } }, 'CostOverCap'],
    [
      'a cap has no room for what nobody knows',
      { plan: tuning({ baseModel: 'gemini-3.5-flash' }), manifest: { max_cost_usd: 5 } },
      'CostUnknown',
    ],
  ])('nothing where %s, which is said', (_name, over, reason) => {
    const left = planEvaluation(input(over));
    expect(left).toMatchObject({ state: 'LEFT_OUT', reason, message: expect.stringMatching(/\.$/) });
  });
});
