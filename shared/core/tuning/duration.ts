import * as z from 'zod';
import type { DataStatistics } from '../dataset/statistics.ts';
import { openObject } from '../json/open-object.ts';
import type { JobObservation } from './job.ts';
import type { Plan } from './plan.ts';

const AmountSchema = openObject({
  unit: z
    .enum(['tokens', 'examples'])
    .describe('What is counted: tokens, or examples where nobody counted them.'),
  count: z.number().describe('So many of them were trained on: those of the data times the passes over it.'),
});
type Amount = z.infer<typeof AmountSchema>;

/** `durations/{model}/jobs/{runId}`: how long a job took. */
export const FinishedJobSchema = openObject({
  runId: z.string().describe('The run.'),
  setup: z.string().describe('How it was tuned: only jobs of one setup are compared.'),
  amount: AmountSchema.describe('How much was trained on.'),
  seconds: z.number().describe('From the start of its job to the end, as Vertex AI says them.'),
  endTime: z.string().describe('When it ended; the latest 50 of a base model are compared.'),
});
export type FinishedJob = z.infer<typeof FinishedJobSchema>;

/** `status.expectedDuration`. */
export const ExpectedDurationSchema = openObject({
  seconds: openObject({
    low: z.number().describe('The shortest that the jobs like it point to.'),
    high: z.number().describe('The longest.'),
  }).describe('From the start of the job to its end; waiting for the start is not in it.'),
  runs: z.number().describe('So many runs of this deployment that have ended it is read from.'),
});
export type ExpectedDuration = z.infer<typeof ExpectedDurationSchema>;

/** Where a job is to be compared. */
export interface JobSize {
  setup: string;
  amount: Amount;
}

/** Of fewer jobs nothing is said. */
const LEAST_JOBS = 3;
/** A job of more than so many times the amount, or of less than that part of it, is not like this one. */
const MOST_TIMES = 4;
/** A job that took so many times what the jobs like it take, or that part of it, says nothing of the next one. */
const OUTLIER_TIMES = 3;
/** So many jobs of a base model are compared. */
export const MOST_COMPARED = 50;

/** Where the jobs of a base model are; its name may have a slash. */
export function durationsPath(model: string): string {
  return `durations/${encodeURIComponent(model)}/jobs`;
}

/** What a job trains on, and how; undefined where nobody counted. */
export function jobSizeOf(plan: Plan, data: DataStatistics | undefined): JobSize | undefined {
  const amount = amountOf(plan, data);
  return amount && { setup: setupOf(plan), amount };
}

function amountOf(plan: Plan, data: DataStatistics | undefined): Amount | undefined {
  const tokens = data?.dataset_uri?.tokens?.total;
  const { epochs } = plan.training;
  if (tokens && epochs)
    return { unit: 'tokens', count: Math.round(((tokens.low + tokens.high) / 2) * epochs) };
  if (plan.backend === 'pipelineJobs') {
    return { unit: 'examples', count: plan.training.steps * plan.training.batchSize };
  }
  const { examples } = plan.training;
  return examples && epochs ? { unit: 'examples', count: examples * epochs } : undefined;
}

function setupOf(plan: Plan): string {
  if (plan.backend === 'pipelineJobs') return plan.accelerator;
  return plan.tuningMode === undefined ? plan.method : `${plan.method} ${plan.tuningMode}`;
}

/** What is kept of a job that ended; undefined unless it went through to its planned end and says when it began. */
export function finishedJob(
  { plan, data, isWhole }: { plan: Plan; data: DataStatistics | undefined; isWhole: boolean },
  { phase, startTime, endTime }: Pick<JobObservation, 'phase' | 'startTime' | 'endTime'>,
): FinishedJob | undefined {
  const size = jobSizeOf(plan, data);
  const seconds = (Date.parse(endTime ?? '') - Date.parse(startTime ?? '')) / 1000;
  if (!size || !isWhole || phase !== 'succeeded' || endTime === undefined || !(seconds > 0)) return undefined;
  return { runId: plan.runId, ...size, seconds, endTime };
}

/**
 * How long a job will take, read from those that were like it; undefined, which is to say unknown, where that are fewer than three.
 * A job has a part that does not grow with its data (machines, models, uploads), and nobody says how long that is. So each job is read
 * both ways: as if all of it grew with the data, and as if nothing did. The truth of that job is in between, and the interval holds
 * all of them: it is narrow where jobs of this size were seen, and wide where they were not. A job that took three times as long as
 * half of the others, or a third of that, has had something else happen to it, and is left out.
 */
export function expectedDuration(
  { setup, amount }: JobSize,
  jobs: readonly FinishedJob[],
): ExpectedDuration | undefined {
  const like = jobs.flatMap((job) => {
    const times = amount.count / job.amount.count;
    const isLike = job.setup === setup && job.amount.unit === amount.unit;
    if (!isLike || !(times <= MOST_TIMES && times >= 1 / MOST_TIMES)) return [];
    const ways = [job.seconds, job.seconds * times] as const;
    return [{ low: Math.min(...ways), high: Math.max(...ways), middle: Math.sqrt(ways[0] * ways[1]) }];
  });
  const middle = medianOf(like.map((one) => one.middle));
  const usual = like.filter(
    (one) => one.middle <= middle * OUTLIER_TIMES && one.middle >= middle / OUTLIER_TIMES,
  );
  if (usual.length < LEAST_JOBS) return undefined;
  const low = Math.floor(Math.min(...usual.map((one) => one.low)));
  const high = Math.ceil(Math.max(...usual.map((one) => one.high)));
  return { seconds: { low, high }, runs: usual.length };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
