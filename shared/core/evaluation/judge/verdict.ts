/** What a judge says of two answers, asked in both orders, and what that says of the models. */
import * as z from 'zod';
import { openObject } from '../../json/open-object.ts';
import { sameText } from '../normalise.ts';
import { TokenCountsSchema } from '../tokens.ts';

/** What a judge may answer. */
export const LETTERS = ['A', 'B', 'TIE'] as const;
type Letter = (typeof LETTERS)[number];

/** What a judge prefers. */
const PREFERENCES = ['tuned', 'base', 'tie'] as const;
type Preference = (typeof PREFERENCES)[number];

const OUTCOMES = [...PREFERENCES, 'disagreement', 'unreadable'] as const;
export type JudgeOutcome = (typeof OUTCOMES)[number];

/** Who stands under A. */
export type AnswerOrder = 'tunedFirst' | 'baseFirst';

/** The verdicts on one example, as files have them. */
export const JudgedSchema = openObject({
  line: z.number(),
  /** What both orders say; `disagreement` where they differ, `unreadable` where one of them says nothing that can be read. */
  outcome: z.enum(OUTCOMES),
  /** The verdict with the tuned model's answer as A, and with the base's as A. */
  tunedFirst: z.enum(PREFERENCES).optional(),
  baseFirst: z.enum(PREFERENCES).optional(),
  /** The answers are the same text: a tie that nobody was asked for. */
  isSame: z.boolean().optional(),
  /** Why Vertex AI would not have it judged. */
  refused: z.string().optional(),
  /** What answered, as it says itself. */
  answeredBy: z.string().optional(),
  tokens: TokenCountsSchema.optional(),
});
export type JudgedExample = z.infer<typeof JudgedSchema>;

const PREFERRED: Record<AnswerOrder, Record<Letter, Preference>> = {
  tunedFirst: { A: 'tuned', B: 'base', TIE: 'tie' },
  baseFirst: { A: 'base', B: 'tuned', TIE: 'tie' },
};

const VerdictSchema = z.object({ better: z.enum(LETTERS) });

/** What the judge prefers, from what it wrote; undefined where that is no verdict, such as an answer that was blocked or cut off. */
export function readVerdict(text: string, order: AnswerOrder): Preference | undefined {
  try {
    return PREFERRED[order][VerdictSchema.parse(JSON.parse(text)).better];
  } catch {
    return undefined;
  }
}

/** Two verdicts as one: nothing is taken from a judge whom the order decides. */
export function outcomeOf({ tunedFirst, baseFirst }: Pick<JudgedExample, AnswerOrder>): JudgeOutcome {
  if (tunedFirst === undefined || baseFirst === undefined) return 'unreadable';
  return tunedFirst === baseFirst ? tunedFirst : 'disagreement';
}

/** Whether two answers are one, so that nobody has to be asked which is better. */
export function isSameAnswer({ tuned, base }: { tuned: string; base?: string | undefined }): boolean {
  return base !== undefined && sameText(tuned) === sameText(base);
}

const OUTCOME_TEXTS: Record<JudgeOutcome, string> = {
  tuned: 'tuned is better',
  base: 'base is better',
  tie: 'neither is better',
  disagreement: 'changed with the order',
  unreadable: 'no verdict that can be read',
};

/** `tuned is better`, or `the same answer` where nobody was asked. */
export function outcomeText({ outcome, isSame }: Pick<JudgedExample, 'outcome' | 'isSame'>): string {
  return isSame ? 'the same answer' : OUTCOME_TEXTS[outcome];
}
