import * as z from 'zod';
import { openObject } from '../json/open-object.ts';

/** Tokens of answers, as Vertex AI bills them. */
export const TokenCountsSchema = openObject({
  input: z.number().describe('What was asked.'),
  output: z.number().describe('What was answered, thinking included.'),
});
type TokenCounts = z.infer<typeof TokenCountsSchema>;

/** Tokens of many answers together; undefined where none says them. */
export function sumOfTokens(
  answers: readonly { tokens?: TokenCounts | undefined }[],
): TokenCounts | undefined {
  const counted = answers.flatMap(({ tokens }) => tokens ?? []);
  if (counted.length === 0) return undefined;
  return counted.reduce((sum, { input, output }) => ({
    input: sum.input + input,
    output: sum.output + output,
  }));
}
