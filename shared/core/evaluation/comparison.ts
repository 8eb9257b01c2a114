import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { ClassMeasuresSchema, ConfusionSchema, classify, commonestLabel } from './classification.ts';
import { IntervalSchema, meanInterval, pairedDifference } from './interval.ts';
import {
  EVALUATION_TASKS,
  type EvaluationTask,
  MEASURE_NAMES,
  MEASURES,
  type MeasureName,
  TASK_MEASURES,
} from './measures.ts';
import { comparisonSentence } from './sentence.ts';
import { cutOffOf, hasBaseAnswers, UnansweredSchema, unansweredOf } from './unanswered.ts';

/** Is the tuned model better than its base? From answers to the numbers and the sentence that a document has. */

const MeasuredSchema = openObject({
  measure: z.enum(MEASURE_NAMES).describe('What is measured.'),
  tuned: IntervalSchema.describe('Of the tuned model, 0 to 1.'),
  base: IntervalSchema.optional().describe('Of the base model, where it was asked.'),
  difference: IntervalSchema.optional().describe(
    'Tuned less base, example by example: an interval above 0 says that the tuned model is better.',
  ),
});

export const ComparisonSchema = openObject({
  task: z.enum(EVALUATION_TASKS).describe('What the answers are taken for.'),
  examples: z.number().describe('How many examples were asked.'),
  ...MeasuredSchema.shape,
  unanswered: UnansweredSchema.optional().describe(
    'How many questions were answered with nothing: withheld, refused or cut off before the first word. It counts as wrong; with a base that answered nothing at all nothing is compared.',
  ),
  cutOff: UnansweredSchema.optional().describe(
    'How many answers ended at `maxOutputTokens`: what came of them until then is measured.',
  ),
  rival: openObject({
    value: z.number().describe('What always answering the commonest label of these examples would have.'),
    difference: IntervalSchema.describe('Tuned less that.'),
  })
    .optional()
    .describe('Of labels: the simplest rival.'),
  sentence: z.string().describe('What follows from it, in words.'),
  others: z.array(MeasuredSchema).describe('Further measures of the same answers.'),
  macroF1: openObject({
    tuned: z.number().describe('Of the tuned model.'),
    base: z.number().optional().describe('Of the base model.'),
  })
    .optional()
    .describe('Of labels: the mean of the F1 of each label.'),
  classes: z
    .array(ClassMeasuresSchema)
    .optional()
    .describe('Of labels that at least three examples have: the tuned model on each.'),
  confusions: z.array(ConfusionSchema).optional().describe('Of labels: what the tuned model took for what.'),
});
export type Comparison = z.infer<typeof ComparisonSchema>;
type Measured = z.infer<typeof MeasuredSchema>;

export interface AnsweredExample {
  expected: string;
  tuned: string;
  /** Undefined where the base was not asked. */
  base?: string | undefined;
  /** Whose answer was cut off. */
  cut?: readonly ('tuned' | 'base')[] | undefined;
}

export interface AnswersOf {
  task: EvaluationTask;
  /** At least one; either all have the base's answer or none. */
  answers: readonly AnsweredExample[];
}

/** Measures all answers. Throws a RangeError without any. */
export function compareAnswers({ task, answers: all }: AnswersOf): Comparison {
  if (all.length === 0) throw new RangeError('There are no answers to compare.');
  const answers = hasBaseAnswers(all) ? all : all.map(({ expected, tuned }) => ({ expected, tuned }));
  const [first, ...more] = TASK_MEASURES[task];
  const measured = measure(first, answers);
  const comparison = {
    task,
    examples: answers.length,
    ...measured,
    unanswered: unansweredOf(all),
    cutOff: cutOffOf(all),
    ...(task === 'classification' && labelMeasures(answers)),
  };
  return {
    ...comparison,
    sentence: comparisonSentence(comparison),
    others: more.map((name) => measure(name, answers)),
  };
}

const SHARE = [0, 1] as const;

function measure(name: MeasureName, answers: readonly AnsweredExample[]): Measured {
  const { score } = MEASURES[name];
  const tuned = answers.map(({ expected, tuned: answer }) => score(expected, answer));
  const base = answers.flatMap(({ expected, base: answer }) =>
    answer === undefined ? [] : score(expected, answer),
  );
  const isWhole = base.length === tuned.length;
  return {
    measure: name,
    tuned: meanInterval(tuned, SHARE),
    base: isWhole ? meanInterval(base, SHARE) : undefined,
    difference: isWhole ? pairedDifference(tuned, base) : undefined,
  };
}

type LabelMeasures = Pick<Comparison, 'rival' | 'macroF1' | 'classes' | 'confusions'>;

function labelMeasures(answers: readonly AnsweredExample[]): LabelMeasures {
  const { score } = MEASURES.accuracy;
  const always = commonestLabel(answers.map(({ expected }) => expected));
  const [tuned, rival] = [
    answers.map(({ expected, tuned: answer }) => score(expected, answer)),
    answers.map(({ expected }) => score(expected, always)),
  ];
  const byTuned = classify(answers.map(({ expected, tuned: answer }) => ({ expected, answer })));
  const byBase = answers.every(({ base }) => base !== undefined)
    ? classify(answers.map(({ expected, base: answer = '' }) => ({ expected, answer })))
    : undefined;
  return {
    rival: { value: meanInterval(rival, SHARE).value, difference: pairedDifference(tuned, rival) },
    macroF1: { tuned: byTuned.macroF1, base: byBase?.macroF1 },
    classes: byTuned.classes,
    confusions: byTuned.confusions,
  };
}
