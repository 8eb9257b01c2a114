import { EVALUATION_DATASET } from './limits.ts';
import type { Model } from './models.ts';
import type { TuningLimits } from './tuning-models.ts';

/** What may be taken of a training file for the evaluation of a model. */
export interface EvaluationLimits {
  /** Examples that an evaluation has at least. */
  least: number;
  /** And at most, whatever the size of the training data. */
  most: number;
  /** So many are taken beside training data of any size. */
  alwaysTaken: number;
  /** What the examples of the evaluation may be at most, as a share of those that are left to train on. */
  maxShare: number;
  /** Whether that share is one of bytes, too. */
  isShareOfBytes: boolean;
}

/** Ours: who keeps more for the evaluation than for the training has mistaken one for the other. */
export const MAX_SPLIT_SHARE = 0.5;

/** What Gemini takes ("Tune Gemini models by using supervised fine-tuning", 2026-09-25); ours where a page names no number. */
export const MOST_EVALUATION_EXAMPLES = 5_000;

/** What may be taken for the evaluation of a model; undefined for one that is not evaluated on examples. */
export function evaluationLimits(model: Model | undefined): EvaluationLimits | undefined {
  if (model?.backend === 'tuningJobs') return limitsOfTuning(model.limits);
  if (!model?.hasEvaluation) return undefined;
  const { minExamples: least, maxExamples: most } = EVALUATION_DATASET;
  return { least, most, alwaysTaken: most, maxShare: Infinity, isShareOfBytes: false };
}

function limitsOfTuning({ validation }: TuningLimits): EvaluationLimits {
  const {
    alwaysExamples: alwaysTaken = 0,
    maxExamples: most = MOST_EVALUATION_EXAMPLES,
    maxShare,
    shareOf,
  } = validation;
  return { least: 1, most, alwaysTaken, maxShare, isShareOfBytes: shareOf === 'bytes' };
}

/** How many of so many examples may be taken: never more than half, so that more is left to train on. */
export function mostForEvaluation(
  examples: number,
  { most, alwaysTaken, maxShare }: Pick<EvaluationLimits, 'most' | 'alwaysTaken' | 'maxShare'>,
): number {
  // A share of what is left: e <= share × (n - e).
  const byShare = maxShare === Infinity ? examples : Math.floor((examples * maxShare) / (1 + maxShare));
  return Math.min(most, Math.max(alwaysTaken, byShare), Math.floor(examples * MAX_SPLIT_SHARE));
}

/** The fewest examples of which enough can be taken. */
export function leastToSplit(limits: EvaluationLimits): number {
  let examples = 2;
  while (mostForEvaluation(examples, limits) < limits.least) examples += 1;
  return examples;
}
