/** The answers of an evaluation, as files have them: JSON Lines. */
import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { JudgedSchema } from './judge/verdict.ts';
import { TokenCountsSchema } from './tokens.ts';

/** One example, asked of the tuned model and of its base. */
export const AnsweredSchema = openObject({
  line: z.number(),
  prompt: z.string(),
  expected: z.string(),
  tuned: z.string(),
  base: z.string().optional(),
  /** Of the other checkpoints of the tuned model, by their ids. */
  checkpoints: z.record(z.string(), z.string()).optional(),
  /** Whose answer ended at the most tokens that it may have. */
  cut: z.array(z.enum(['tuned', 'base'])).optional(),
  /** Of the answers together, where Vertex AI says them. */
  tokens: TokenCountsSchema.optional(),
  /** Why Vertex AI would not answer this one. */
  refused: z.string().optional(),
});
export type Answered = z.infer<typeof AnsweredSchema>;

/** An answer and what it scores, 0 to 1: 1 is right. */
export const ScoredSchema = openObject({
  ...AnsweredSchema.shape,
  score: openObject({ tuned: z.number(), base: z.number().optional() }),
  /** Where a judge has compared the answers. */
  judge: JudgedSchema.omit({ line: true }).optional(),
});
export type Scored = z.infer<typeof ScoredSchema>;

/** Characters of a prompt that are kept: its end, where the question is. */
const PROMPT_CHARACTERS = 400;

/** The end of a prompt. */
export function endOfPrompt(prompt: string): string {
  const characters = [...prompt];
  if (characters.length <= PROMPT_CHARACTERS) return prompt;
  return `${CUT}${characters.slice(-PROMPT_CHARACTERS).join('')}`;
}

const CUT = '… ';

/** Whether the beginning of a prompt was not kept. */
export const isCutPrompt = (prompt: string): boolean => prompt.startsWith(CUT);

/** Rows as the text of a file. */
export function answerLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Reads what `answerLines` wrote. Throws for anything else. */
export function readAnswerLines<Row>(schema: z.ZodType<Row>, text: string): Row[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [schema.parse(JSON.parse(line))]));
}

/** `right`, `wrong`, or how near it is: `61 % near`. */
export function scoreText(score: number): string {
  if (score === 1) return 'right';
  return score === 0 ? 'wrong' : `${Math.round(100 * score)} % near`;
}
