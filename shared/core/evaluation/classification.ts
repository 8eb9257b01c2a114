import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { sameLabel } from './normalise.ts';
import { countsOf, fMeasure } from './overlap.ts';

/** Answers that are labels: what each class got, and what was taken for what. */

/** A label is shown where so many examples have it: fewer may be a text. */
export const SHOWN_FROM = 3;
export const MOST_SHOWN = 20;

export const ClassMeasuresSchema = openObject({
  label: z.string().describe('The label.'),
  examples: z.number().describe('How many examples expect it.'),
  precision: z.number().describe('Of the answers with this label, the share that is right; 0 without any.'),
  recall: z.number().describe('Of the examples that expect it, the share that was answered so.'),
  f1: z.number().describe('The harmonic mean of both.'),
});
export type ClassMeasures = z.infer<typeof ClassMeasuresSchema>;

export const ConfusionSchema = openObject({
  expected: z.string().describe('The label that was right.'),
  answered: z
    .string()
    .describe(
      'The label that was answered; empty for what is none of the labels that at least three examples have.',
    ),
  examples: z.number().describe('How often.'),
});
export type Confusion = z.infer<typeof ConfusionSchema>;

export interface LabelAnswer {
  expected: string;
  answer: string;
}

export interface Classified {
  /** The mean of the F1 of all labels that are expected, each counting the same. */
  macroF1: number;
  /** The commonest first. */
  classes: ClassMeasures[];
  /** What was taken for something else, the commonest first. */
  confusions: Confusion[];
}

/** Labels are compared as `sameLabel` says. An answer that no example expects makes no class of its own: it is wrong for the expected one. */
export function classify(answers: readonly LabelAnswer[]): Classified {
  const pairs = answers.map(({ expected, answer }) => [sameLabel(expected), sameLabel(answer)] as const);
  const expectedCounts = countsOf(pairs.map(([expected]) => expected));
  const answeredCounts = countsOf(pairs.map(([, answer]) => answer));
  const rightCounts = countsOf(
    pairs.filter(([expected, answer]) => expected === answer).map(([label]) => label),
  );
  const classes = Array.from(expectedCounts, ([label, examples]): ClassMeasures => {
    const right = rightCounts.get(label) ?? 0;
    const answered = answeredCounts.get(label) ?? 0;
    const precision = answered === 0 ? 0 : right / answered;
    const recall = right / examples;
    return { label, examples, precision, recall, f1: fMeasure(precision, recall) };
  }).sort((one, other) => other.examples - one.examples);
  const isShown = (label: string) => (expectedCounts.get(label) ?? 0) >= SHOWN_FROM;
  return {
    macroF1: classes.reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, classes.length),
    classes: classes.filter(({ label }) => isShown(label)).slice(0, MOST_SHOWN),
    confusions: confusionsOf(pairs, isShown),
  };
}

function confusionsOf(
  pairs: readonly (readonly [expected: string, answer: string])[],
  isShown: (label: string) => boolean,
): Confusion[] {
  const wrong = pairs
    .filter(([expected, answer]) => expected !== answer && isShown(expected))
    .map(([expected, answer]) => JSON.stringify([expected, isShown(answer) ? answer : '']));
  return Array.from(countsOf(wrong), ([pair, examples]) => {
    const [expected, answered] = JSON.parse(pair) as [string, string];
    return { expected, answered, examples };
  })
    .sort((one, other) => other.examples - one.examples)
    .slice(0, MOST_SHOWN);
}

/** The label that most examples expect, as it is written first, and how often it is right if it is always answered. */
export function commonestLabel(expected: readonly string[]): string {
  const counts = countsOf(expected.map(sameLabel));
  let best = '';
  for (const label of expected)
    if ((counts.get(sameLabel(label)) ?? 0) > (counts.get(sameLabel(best)) ?? 0)) best = label;
  return best;
}
