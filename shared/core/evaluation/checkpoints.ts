/** Which of the checkpoints of a tuned model answers best: the other ones beside the one that is served. Pure. */
import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import type { Model } from '../models/models.ts';
import { servingOf } from '../tuning/calls/generate.ts';
import type { Plan } from '../tuning/plan.ts';
import type { TuningResult } from '../tuning/results.ts';
import type { Answered } from './answers.ts';
import { type Interval, IntervalSchema, meanInterval, pairedDifference } from './interval.ts';
import { MEASURES, type MeasureName } from './measures.ts';
import { percentText, pointsText } from './sentence.ts';

/** Google, "Use checkpoints in supervised fine-tuning for Gemini models": one for each epoch below ten, else about ten. */
const MOST_CHECKPOINTS = 10;

/** How many checkpoints a job leaves at most beside the one that is served. */
export function otherCheckpoints(plan: Plan): number {
  if (plan.backend !== 'tuningJobs' || plan.exportLastCheckpointOnly) return 0;
  return Math.min(plan.training.epochs, MOST_CHECKPOINTS) - 1;
}

/** Where the other checkpoints answer, by their ids, as many as were planned for. */
export function checkpointEndpoints(
  { checkpoints = [], endpoint: served }: Pick<TuningResult, 'checkpoints' | 'endpoint'>,
  { base, most }: { base: Model; most: number },
): Record<string, string> {
  if (base.backend !== 'tuningJobs') return {};
  const others = checkpoints.flatMap(({ id, endpoint }) =>
    endpoint === undefined || endpoint === served ? [] : [[id, servingOf(endpoint, base).endpoint] as const],
  );
  return Object.fromEntries(others.slice(0, most));
}

export const MeasuredCheckpointSchema = openObject({
  id: z.string().describe('Its id, as `status.result.checkpoints` has it.'),
  value: IntervalSchema.describe('What the headline measures, 0 to 1.'),
  difference: IntervalSchema.describe('Less the one that is served, example by example.'),
});
type MeasuredCheckpoint = z.infer<typeof MeasuredCheckpointSchema>;

export interface ComparedCheckpoints {
  checkpoints: MeasuredCheckpoint[];
  /** The id of the one that answered best, where that is not the one that is served. */
  best: string | undefined;
  sentence: string;
}

/** Measures those that answered every question; undefined where none did. */
export function compareCheckpoints(
  answers: readonly Pick<Answered, 'expected' | 'tuned' | 'checkpoints'>[],
  measure: MeasureName,
): ComparedCheckpoints | undefined {
  const { score } = MEASURES[measure];
  const served = answers.map(({ expected, tuned }) => score(expected, tuned));
  const ids = Object.keys(answers[0]?.checkpoints ?? {});
  const checkpoints = ids.flatMap((id): MeasuredCheckpoint[] => {
    const scores = answers.flatMap(({ expected, checkpoints: { [id]: answer } = {} }) =>
      answer === undefined ? [] : score(expected, answer),
    );
    if (scores.length < answers.length) return [];
    return [{ id, value: meanInterval(scores, [0, 1]), difference: pairedDifference(scores, served) }];
  });
  const [best] = checkpoints.toSorted((one, other) => other.value.value - one.value.value);
  if (best === undefined) return undefined;
  const isBetter = best.difference.value > 0;
  return {
    checkpoints,
    best: isBetter ? best.id : undefined,
    sentence: sentenceOf(best, { title: MEASURES[measure].title, examples: answers.length }),
  };
}

/** What so many examples can show, and no more. */
function sentenceOf(
  { id, value, difference }: MeasuredCheckpoint,
  { title, examples }: { title: string; examples: number },
): string {
  const has = `${percentText(value.value)} ${title}`;
  if (difference.value <= 0)
    return `No other checkpoint answers better: of them ${id} comes nearest, with ${has}.`;
  return isShown(difference)
    ? `Checkpoint ${id} answers better than the one that is served, by ${pointsText(difference)}: it has ${has}.`
    : `Checkpoint ${id} has ${has}, more than the one that is served, by no more than chance may give on ${examples} examples.`;
}

const isShown = ({ low }: Interval) => low > 0;
