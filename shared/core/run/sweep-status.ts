import * as z from 'zod';
import { IntervalSchema } from '../evaluation/interval.ts';
import { MEASURE_NAMES } from '../evaluation/measures.ts';
import { openObject } from '../json/open-object.ts';
import { EvaluationSchema } from '../tuning/metrics.ts';
import { RUN_STATES, type RunState } from './states.ts';

/** What the document of a manifest's run says of the runs of its sweep. */

export const SETTINGS_OF_SWEEP = z.record(z.string(), z.union([z.number(), z.string()]));

const SweptRunSchema = openObject({
  index: z.number().describe('Its place, from 1.'),
  runId: z.string().describe('The run, whose document has everything else.'),
  settings: SETTINGS_OF_SWEEP.describe('What tells it apart from the others.'),
  state: z
    .enum(Object.keys(RUN_STATES) as [RunState, ...RunState[]])
    .optional()
    .describe('Where it is; absent where its document was deleted.'),
  answers: openObject({
    measure: z.enum(MEASURE_NAMES).describe('What is measured.'),
    examples: z.number().describe('On how many examples.'),
    ...IntervalSchema.shape,
  })
    .optional()
    .describe('What its model answered to the evaluation data, by the measure of `status.evaluation`.'),
  best: EvaluationSchema.optional().describe('The best evaluation of its curve.'),
  usd: openObject({
    low: z.number().describe('The least, in US dollars.'),
    high: z.number().describe('The most.'),
  })
    .nullable()
    .describe('What it was expected to cost; null where that is not known.'),
  paidUsd: z.number().nullable().optional().describe('What it did cost, once that is known.'),
  model: z.string().optional().describe('Resource name of its tuned model.'),
});
/** One run of a sweep, as the table of the sweep has it. */
export type SweptRun = z.infer<typeof SweptRunSchema>;

export const SweepStatusSchema = openObject({
  runs: z.array(SweptRunSchema).describe('One for each combination, in the order of the lists.'),
  winner: openObject({
    index: z.number().describe('Its place.'),
    runId: z.string().describe('The run.'),
    by: z
      .enum(['answers', 'curve'])
      .describe('`answers`: by what its model answered. `curve`: by the best evaluation of its curve.'),
    isSure: z
      .boolean()
      .describe('Whether the examples show, with 95 % confidence, that it is better than the next best.'),
  })
    .optional()
    .describe('The best of those that can be compared, once all have ended.'),
  sentence: z.string().optional().describe('The same in words, or why there is none.'),
});
export type SweepStatus = z.infer<typeof SweepStatusSchema>;
