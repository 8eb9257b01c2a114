import { type EvaluationLimits, leastToSplit, mostForEvaluation } from '../../models/evaluation-limits.ts';
import type { ChosenEvaluation, EvaluationChooser } from './choose-evaluation.ts';
import type { ExamplePlace } from './input-groups.ts';

/** A training file in two parts. */
export interface ExampleSplit {
  /** What the manifest asks for: a share below 1, or a number of examples. */
  asked: number;
  examples: number;
  /** The examples of the evaluation, in the order of the file. */
  evaluation: ExamplePlace[];
  /** Whether each label has its share. */
  isByLabel: boolean;
  /** How many were asked for, where that is more than the model takes beside the others. */
  cutFrom?: number | undefined;
  /** How many can be kept of a file of that size. */
  most: number;
}

/** Why a file cannot be split as asked. */
export interface SplitProblem {
  asked: number;
  examples: number;
  /** So many could be taken. */
  possible: number;
  /** So many have to be. */
  least: number;
  /** A number of examples that can be asked for. */
  works?: number | undefined;
  /** So few examples can never be split. */
  needed: number;
}

/** More tries to find a number that works tell nobody more. */
const TRIES = 200;

/** Splits a file that was read to its end, within what its model takes. */
export function splitExamples(
  chooser: EvaluationChooser,
  asked: number,
  limits: EvaluationLimits,
): ExampleSplit | { problem: SplitProblem } {
  const { examples } = chooser;
  const most = mostForEvaluation(examples, limits);
  const wanted = asked < 1 ? Math.max(1, Math.round(examples * asked)) : asked;
  const { places, isByLabel } = chooseUpTo(chooser, Math.min(wanted, most), limits);
  if (places.length >= limits.least) {
    const cutFrom = wanted > most ? wanted : undefined;
    return { asked, examples, evaluation: places, isByLabel, cutFrom, most };
  }
  const { least } = limits;
  const works = numberThatWorks(chooser, most, limits);
  return {
    problem: { asked, examples, possible: places.length, least, works, needed: leastToSplit(limits) },
  };
}

function chooseUpTo(
  chooser: EvaluationChooser,
  examples: number,
  limits: EvaluationLimits,
): ChosenEvaluation {
  const { isShareOfBytes, maxShare } = limits;
  return chooser.choose({ examples, maxByteShare: isShareOfBytes ? maxShare : undefined });
}

function numberThatWorks(
  chooser: EvaluationChooser,
  most: number,
  limits: EvaluationLimits,
): number | undefined {
  const { least } = limits;
  const step = Math.max(1, Math.ceil((most - least) / TRIES));
  for (let examples = least; examples <= most; examples += step) {
    if (chooseUpTo(chooser, examples, limits).places.length >= least) return examples;
  }
  return undefined;
}
