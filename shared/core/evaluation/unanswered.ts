import * as z from 'zod';
import { openObject } from '../json/open-object.ts';

/**
 * Questions that were answered with nothing: what is withheld, refused or cut off before the first word looks the same. And answers
 * that ended at the most tokens that they may have, so that nobody saw the rest.
 */

export const UnansweredSchema = openObject({
  tuned: z.number().describe('By the tuned model.'),
  base: z.number().optional().describe('By its base, where it was asked.'),
});
export type UnansweredCounts = z.infer<typeof UnansweredSchema>;

interface Answers {
  tuned: string;
  base?: string | undefined;
  /** Whose answer was cut off. */
  cut?: readonly ('tuned' | 'base')[] | undefined;
}

/** How many have words and were cut off; undefined where none was. */
export const cutOffOf = (answers: readonly Answers[]) =>
  countsOf(answers, (answer, who) => answer.cut?.includes(who) === true && !isBlank(answer[who]));

/** How many have no answer; undefined where all have one. */
export const unansweredOf = (answers: readonly Answers[]) =>
  countsOf(answers, (answer, who) => isBlank(answer[who]));

function countsOf(
  answers: readonly Answers[],
  isCounted: (answer: Answers, who: 'tuned' | 'base') => boolean,
): UnansweredCounts | undefined {
  const countOf = (who: 'tuned' | 'base') => answers.filter((answer) => isCounted(answer, who)).length;
  const counts = { tuned: countOf('tuned'), base: isBaseAsked(answers) ? countOf('base') : undefined };
  return counts.tuned + (counts.base ?? 0) === 0 ? undefined : counts;
}

/** Whether there are answers of the base to compare with: not where it was not asked, nor where it said nothing at all. */
export function hasBaseAnswers(answers: readonly Answers[]): boolean {
  return isBaseAsked(answers) && answers.some(({ base }) => !isBlank(base));
}

const isBaseAsked = (answers: readonly Answers[]) => answers.every(({ base }) => base !== undefined);

/** What is said of them; empty where all have an answer. */
export function unansweredText(unanswered: UnansweredCounts | undefined, examples: number): string {
  if (unanswered === undefined) return '';
  const { tuned, base = 0 } = unanswered;
  if (base === examples)
    return `Its base gave no answer to any of them, so that nobody can say which is better.${tuned > 0 ? ` ${lacking('The tuned model', tuned)}` : ''}`;
  if (tuned > 0 && base > 0)
    return `The tuned model gave no answer to ${tuned} of them and its base to ${base}, which counts as wrong.`;
  return tuned > 0 ? lacking('The tuned model', tuned) : lacking('The base', base);
}

/** What is said of those; empty where there are none. */
export function cutOffText(cutOff: UnansweredCounts | undefined): string {
  if (cutOff === undefined) return '';
  const { tuned, base = 0 } = cutOff;
  const whose = [
    ...(tuned > 0 ? [`${tuned} of the tuned model`] : []),
    ...(base > 0 ? [`${base} of the base`] : []),
  ];
  return `Answers that were cut off at the most tokens that one may have: ${whose.join(', ')}; each counts as far as it goes.`;
}

const lacking = (who: string, many: number) =>
  `${who} gave no answer to ${many} of them, which counts as wrong.`;

const isBlank = (text = '') => text.trim() === '';
