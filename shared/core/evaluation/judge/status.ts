import * as z from 'zod';
import { openObject } from '../../json/open-object.ts';
import { TokenCountsSchema } from '../tokens.ts';
import { JudgementSchema } from './judgement.ts';

const JUDGE_STATES = ['PLANNED', 'LEFT_OUT', 'DONE', 'FAILED'] as const;

/** `status.evaluation.judge`: which answers a judge prefers, where the manifest names one. */
export const JudgeStatusSchema = openObject({
  model: z.string().describe('The judge.'),
  state: z
    .enum(JUDGE_STATES)
    .describe(
      '`PLANNED` until all is judged, then `DONE`; `LEFT_OUT` where it is asked nothing, `FAILED` where it could not say.',
    ),
  reason: z
    .string()
    .optional()
    .describe('Why it is left out or has failed, one CamelCase word for programs, such as `CostOverCap`.'),
  message: z.string().optional().describe('The same for people.'),
  remedy: z.string().optional().describe('What you can do, where there is something to do.'),
  maxUsd: z
    .number()
    .nullable()
    .optional()
    .describe('The part of `maxUsd` of the evaluation that is the judge’s; null where that is not known.'),
  judged: z.number().optional().describe('Examples that were judged so far.'),
  ...JudgementSchema.shape,
  tokens: TokenCountsSchema.optional().describe('Tokens of all verdicts, as far as Vertex AI says them.'),
  usd: z
    .number()
    .nullable()
    .optional()
    .describe('What they cost, in US dollars, at the judge’s own prices; null where no price is known.'),
});
export type JudgeStatus = z.infer<typeof JudgeStatusSchema>;
