import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { MeasuredCheckpointSchema } from './checkpoints.ts';
import { ComparisonSchema } from './comparison.ts';
import { JudgeStatusSchema } from './judge/status.ts';
import { TokenCountsSchema } from './tokens.ts';

/** What an evaluation of a tuned model may be at. */
const EVALUATION_STATES = ['PLANNED', 'LEFT_OUT', 'WAITING', 'RUNNING', 'DONE', 'FAILED'] as const;

/** Once the answers are compared. How many they are stands above. */
const { examples: _above, ...FOUND } = ComparisonSchema.partial().shape;

/** `status.evaluation`: whether the tuned model is better than its base, on the data that it was not trained on. */
export const EvaluationStatusSchema = openObject({
  state: z
    .enum(EVALUATION_STATES)
    .describe(
      '`PLANNED` until the run has succeeded, then `WAITING`, `RUNNING` and `DONE`, or `FAILED`; `LEFT_OUT` where nothing is asked.',
    ),
  reason: z.string().describe('Why, one CamelCase word for programs, such as `NoEvaluationData`.'),
  message: z.string().describe('The same for people.'),
  remedy: z.string().optional().describe('What you can do, where there is something to do.'),
  examples: z
    .number()
    .optional()
    .describe('How many examples are asked; afterwards: of how many the answers were compared.'),
  ofExamples: z
    .number()
    .optional()
    .describe('How many the file has. Of more than are asked an even choice is taken, always the same.'),
  file: z.string().optional().describe('`gs://` URI of the copy that the examples are from.'),
  isBaseAsked: z.boolean().optional().describe('Whether the base model is asked too.'),
  maxCheckpoints: z
    .number()
    .optional()
    .describe('How many other checkpoints of the tuned model are asked too, at most.'),
  maxOutputTokens: z.number().optional().describe('The most that one answer may have.'),
  maxUsd: z
    .number()
    .nullable()
    .optional()
    .describe(
      'The most that the answers cost, and the verdicts of the judge where there is one, in US dollars; null where that is not known, which is not the same as nothing.',
    ),
  nextTime: z.string().optional().describe('While it waits: when it goes on.'),
  answered: z.number().optional().describe('Examples that were answered so far.'),
  startTime: z.string().optional().describe('When the first was asked.'),
  endTime: z.string().optional().describe('When it ended.'),
  answersFile: z
    .string()
    .optional()
    .describe(
      '`gs://` URI of all answers, JSON Lines: line, the end of the prompt, expected, tuned, base, and what each scores by `measure`: 1 is right; `judge` has both verdicts, where there is one.',
    ),
  tokens: TokenCountsSchema.optional().describe('Tokens of all answers, as far as Vertex AI says them.'),
  usd: z
    .number()
    .nullable()
    .optional()
    .describe(
      'What they cost, and the verdicts of the judge with them, in US dollars; null where no price is known.',
    ),
  ...FOUND,
  checkpoints: z
    .array(MeasuredCheckpointSchema)
    .optional()
    .describe('The other checkpoints, where they were asked: those that answered every example.'),
  bestCheckpoint: openObject({
    id: z.string().describe('Its id.'),
    endpoint: z.string().describe('The name under which it answers, as the model itself does.'),
  })
    .optional()
    .describe(
      'The checkpoint that answers best, where that is not the one that is served: by `measure`, on these examples, and so partly by chance.',
    ),
  judge: JudgeStatusSchema.optional().describe(
    'Which answers a judge prefers, where the manifest names one: it sees each two in both orders, and not whose they are.',
  ),
});
export type EvaluationStatus = z.infer<typeof EvaluationStatusSchema>;
