import type { Interval } from './interval.ts';
import { MEASURES, type MeasureName } from './measures.ts';
import { cutOffText, type UnansweredCounts, unansweredText } from './unanswered.ts';

/** What a comparison says in words: no more than so few examples can show. */

export interface Compared {
  measure: MeasureName;
  examples: number;
  tuned: Interval;
  base?: Interval | undefined;
  difference?: Interval | undefined;
  unanswered?: UnansweredCounts | undefined;
  cutOff?: UnansweredCounts | undefined;
  rival?: { value: number; difference: Interval } | undefined;
}

/** A few sentences: tuned beside base, what has no answer, then beside the simplest rival where there is one. */
export function comparisonSentence(compared: Compared): string {
  const { unanswered, cutOff, examples } = compared;
  return [
    ...[besideBase(compared), unansweredText(unanswered, examples), cutOffText(cutOff)],
    besideRival(compared),
  ]
    .filter(Boolean)
    .join(' ');
}

function besideBase({ measure, examples, tuned, base, difference }: Compared): string {
  const { title } = MEASURES[measure];
  const had = `${percentText(tuned.value)} ${title}`;
  const many = `${examples} ${examples === 1 ? 'example' : 'examples'}`;
  if (!base || !difference)
    return `On ${many} the tuned model has ${had}; with so many it is between ${percentText(tuned.low)} and ${percentText(tuned.high)}.`;
  const values = `${had} beside ${percentText(base.value)} on ${many}`;
  if (difference.low > 0)
    return `The tuned model is better than its base by ${pointsText(difference)}: ${values}.`;
  if (difference.high < 0)
    return `The tuned model is worse than its base by ${pointsText({ low: -difference.high, high: -difference.low })}: ${values}.`;
  return `No difference between the tuned model and its base that ${many} can show: ${values}.`;
}

function besideRival({ rival, examples }: Compared): string {
  if (!rival) return '';
  const always = `always answering the commonest label, which has ${percentText(rival.value)}`;
  if (rival.difference.low > 0) return `It is better than ${always}, by ${pointsText(rival.difference)}.`;
  if (rival.difference.high < 0) return `It is worse than ${always}.`;
  return `${examples} ${examples === 1 ? 'example does' : 'examples do'} not show that it is better than ${always}.`;
}

/** `16 %`. */
export const percentText = (share: number) => `${rounded(share)} %`;

/** `4 to 27 points`. */
export function pointsText({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  const [from, to] = [rounded(low), rounded(high)];
  return from === to ? `${to} ${to === 1 ? 'point' : 'points'}` : `${from} to ${to} points`;
}

/** Whole percents; one digit more where there is less than one. */
function rounded(share: number): number {
  const percents = 100 * share;
  return Math.abs(percents) < 1 ? Math.round(10 * percents) / 10 : Math.round(percents);
}
