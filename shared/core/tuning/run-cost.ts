/** The cost of a run in its document: what was expected before it cost anything, and what it did cost. */
import * as z from 'zod';
import type { DatasetStatistics } from '../dataset/statistics.ts';
import { openObject } from '../json/open-object.ts';
import { type Cost, CostSchema, costOf } from './cost.ts';
import type { Plan } from './plan.ts';

const ActualCostSchema = openObject({
  billableTokens: z.number().describe('Tokens of one pass over the data, as Vertex AI bills them.'),
  trainingTokens: z.number().describe('These × epochs, which its number leaves out.'),
  usd: z
    .number()
    .nullable()
    .describe('US dollars, at `price`, rounded to a hundredth of a cent; null where no price is known.'),
});

export const RunCostSchema = openObject({
  ...CostSchema.shape,
  actual: ActualCostSchema.optional().describe(
    'What the run did cost: there once it has succeeded, where Vertex AI says what it bills.',
  ),
  actualHours: z
    .number()
    .optional()
    .describe(
      'Hours from the start of the job to its end: there once it has succeeded, where accelerators are paid by the hour. Not all of its tasks need them.',
    ),
});
export type RunCost = z.infer<typeof RunCostSchema>;

/**
 * The cost of a plan for training data that was read, or of which nothing is known: what corrected data will cost is not. `isRefused`: whether
 * something else than the numbers of the plan has to be corrected first.
 */
export function costOfData(
  plan: Plan,
  training: Pick<DatasetStatistics, 'tokens' | 'files' | 'examples' | 'unusableExamples'> | undefined,
  prices?: Readonly<Record<string, number>>,
  isRefused = false,
): Cost {
  const hasFiles = training?.files !== undefined;
  // A file that is something else throughout has no example at all.
  const isWrong = training !== undefined && (training.unusableExamples > 0 || training.examples === 0);
  const hasMistakes = isWrong || isRefused;
  const counted = hasMistakes ? undefined : training?.tokens.counted;
  const { beyondLimits } = training?.tokens ?? {};
  return costOf({ plan, counted, hasFiles, hasMistakes, beyondLimits, prices });
}

/** The cost of a run for which no price was known when it was planned, or that an earlier version planned; elsewhere what was told. */
export function costAnew(
  told: RunCost | undefined,
  plan: Plan,
  training: Parameters<typeof costOfData>[1],
  prices?: Readonly<Record<string, number>>,
): RunCost {
  return told === undefined || told.unknown === 'price' ? costOfData(plan, training, prices) : told;
}

/** What a job took, as far as Vertex AI says it. */
export interface DidTake {
  billableTokens?: number | undefined;
  /** From its start to its end. */
  hours?: number | undefined;
}

/**
 * The cost of a run that has succeeded: the tokens that Google says are billable, times the epochs, which its number leaves out (by
 * the one recorded job there is), at the price that was told before. Where Google says nothing, the estimate stands alone.
 * What is paid by the hour says the hours instead.
 */
export function settledCost(expected: Cost, plan: Plan, { billableTokens, hours }: DidTake): RunCost {
  if (plan.backend === 'pipelineJobs') {
    return hours === undefined ? expected : { ...expected, actualHours: Math.ceil(hours * 1000) / 1000 };
  }
  if (billableTokens === undefined) return expected;
  const trainingTokens = billableTokens * plan.training.epochs;
  const { price } = expected;
  const usd = price && Math.round((trainingTokens * price.usdPerMillionTokens) / 100) / 10_000;
  return { ...expected, actual: { billableTokens, trainingTokens, usd } };
}
