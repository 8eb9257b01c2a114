/** All verdicts of a judge together: how often it prefers whom, and what so many examples can show of that. Pure. */
import * as z from 'zod';
import { openObject } from '../../json/open-object.ts';
import { IntervalSchema, meanInterval, pairedDifference } from '../interval.ts';
import { pointsText } from '../sentence.ts';
import type { JudgedExample, JudgeOutcome } from './verdict.ts';

const count = (what: string) => z.number().optional().describe(what);

/** Undefined until all are judged. */
export const JudgementSchema = openObject({
  examples: count('How many examples it has judged: all but those that are `unreadable`.'),
  tuned: count('In how many of them it prefers the answer of the tuned model, in both orders.'),
  base: count('The same of the base model.'),
  ties: count('In how many it finds neither better, in both orders, or the answers are the same.'),
  same: count('How many of the ties are the same answers, for which nobody was asked.'),
  disagreements: count(
    'In how many its verdict changed with the order of the answers: they count for neither.',
  ),
  unreadable: count('How many more gave no verdict that can be read: it was blocked, cut off or refused.'),
  shares: openObject({
    tuned: IntervalSchema.describe('The share that prefers the tuned model.'),
    base: IntervalSchema.describe('The share that prefers its base.'),
    ties: IntervalSchema.describe('The share with neither better.'),
    disagreements: IntervalSchema.describe('The share whose verdict changed with the order.'),
  })
    .optional()
    .describe('The same as shares of `examples`, 0 to 1.'),
  difference: IntervalSchema.optional().describe(
    'The share that prefers the tuned model less the one that prefers its base: an interval above 0 says that the tuned model is better.',
  ),
  answeredBy: z.string().optional().describe('What answered as the judge, as it says itself.'),
  sentence: z.string().optional().describe('What follows from it, in words.'),
});
export type Judgement = z.infer<typeof JudgementSchema>;

/** Counts the verdicts of the judge `model`; examples without a verdict are told and left out. */
export function judgementOf(verdicts: readonly JudgedExample[], model: string): Judgement {
  const read = verdicts.filter(({ outcome }) => outcome !== 'unreadable');
  const scoresOf = (wanted: JudgeOutcome) => read.map(({ outcome }) => Number(outcome === wanted));
  const countOf = (wanted: JudgeOutcome) => verdicts.filter(({ outcome }) => outcome === wanted).length;
  const shareOf = (wanted: JudgeOutcome) => meanInterval(scoresOf(wanted), [0, 1]);
  const counts = {
    examples: read.length,
    tuned: countOf('tuned'),
    base: countOf('base'),
    ties: countOf('tie'),
    same: verdicts.filter(({ isSame }) => isSame).length,
    disagreements: countOf('disagreement'),
    unreadable: countOf('unreadable'),
    answeredBy: [...new Set(verdicts.flatMap(({ answeredBy }) => answeredBy ?? []))].join(', ') || undefined,
  };
  if (read.length === 0) return { ...counts, sentence: sentenceOf(counts, model) };
  const measured = {
    ...counts,
    shares: {
      tuned: shareOf('tuned'),
      base: shareOf('base'),
      ties: shareOf('tie'),
      disagreements: shareOf('disagreement'),
    },
    difference: pairedDifference(scoresOf('tuned'), scoresOf('base')),
  };
  return { ...measured, sentence: sentenceOf(measured, model) };
}

type Counted = Judgement & { examples: number; tuned: number; base: number; ties: number; same: number } & {
  disagreements: number;
  unreadable: number;
};

function sentenceOf(judgement: Counted, model: string): string {
  const { examples, ties, same, disagreements, unreadable } = judgement;
  const whole = `${examples + unreadable} ${examples + unreadable === 1 ? 'example' : 'examples'}`;
  if (examples === 0) return `The judge ${model} gave no verdict that can be read on any of ${whole}.`;
  if (same === examples && unreadable === 0)
    return `The judge ${model} was not asked: the tuned model and its base gave the same answer to all of ${whole}.`;
  const more = [
    ties > 0 ? `${ties} ${ties === 1 ? 'is a tie' : 'are ties'}${sameText(same)}` : [],
    disagreements > 0
      ? `in ${disagreements} its verdict changed with the order of the answers, which counts for neither`
      : [],
    unreadable > 0 ? `on ${unreadable} more it gave no verdict that can be read` : [],
  ].flat();
  const rest = more.length === 0 ? '' : ` ${capitalised(more.join('; '))}.`;
  return `${preferenceText(judgement, model)}${rest}`;
}

const sameText = (same: number) =>
  same === 0
    ? ''
    : `, ${same} of them the same ${same === 1 ? 'answer' : 'answers'} that nobody was asked about`;

function preferenceText({ examples, tuned, base, difference, answeredBy }: Counted, model: string): string {
  const isItself = answeredBy === undefined || answeredBy === model;
  const judge = `the judge ${model}${isItself ? '' : ` (what answered: ${answeredBy})`}`;
  const { low, high } = difference ?? { low: 0, high: 0 };
  if (high < 0)
    return `${capitalised(judge)} prefers the base in ${base} of ${examples} and the tuned model in ${tuned}: the tuned model is worse by ${pointsText({ low: -high, high: -low })}.`;
  const both = `${judge} prefers the tuned model in ${tuned} of ${examples} and its base in ${base}`;
  return low > 0
    ? `${capitalised(both)}: the tuned model is better by ${pointsText({ low, high })}.`
    : `No difference that ${examples} ${examples === 1 ? 'example' : 'examples'} can show: ${both}.`;
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
