import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { ExpectedDurationSchema } from '../tuning/duration.ts';
import { ExpectedTurnSchema } from '../tuning/turn.ts';
import { JOB_KINDS, type JobKind, jobKindOf } from './job-kinds.ts';

/**
 * The queues of runs that wait for their job, one for each kind of job, oldest upload first. A run is in a queue while its next
 * action is `admit`; the poll function alone lets runs out of it.
 */

/** Why the budget of its folder keeps a run in its queue. */
export const HeldForBudgetSchema = openObject({
  month: z.string().describe('The month whose budget it is, `YYYY-MM` in UTC.'),
  spentUsd: z
    .number()
    .describe('What was spent or reserved of it when this was written, in US dollars, by the high ends.'),
  capUsd: z.number().describe('The most that the folder may spend in a month.'),
  addsUsd: z.number().nullable().describe('The most that this run would add; null where it is not known.'),
  until: z
    .string()
    .optional()
    .describe(
      'When a month begins in which the run goes on by itself; absent where it does not, or its wait ends before.',
    ),
  behind: z
    .string()
    .optional()
    .describe('The run before it in its folder that does not go on by itself, as `runs/{runId}`.'),
});
export type HeldForBudget = z.infer<typeof HeldForBudgetSchema>;

/** Why the runs that its folder has started keep a run in its queue until another day. */
const HeldForDaySchema = openObject({
  day: z.string().describe('The day whose runs have started, `YYYY-MM-DD` in UTC.'),
  runsADay: z.number().describe('How many runs of the folder may start in a day.'),
  until: z
    .string()
    .optional()
    .describe('When the day begins on which the run goes on by itself; absent where its wait ends before.'),
});

/** `status.queue`: where a run waits. */
export const QueuePlaceSchema = openObject({
  kind: z.enum(JOB_KINDS).describe('The kind of job that it waits for.'),
  place: z
    .number()
    .describe(
      'Its place in the queue when this was written; 1 is next. It is written anew when only a quarter of it is left, and when it is next.',
    ),
  refusedTime: z
    .string()
    .optional()
    .describe('When Vertex AI last refused the job because a quota was used up.'),
  turn: ExpectedTurnSchema.optional().describe(
    'When its turn is expected; absent while the budget of its folder keeps it, or its runs of the day do.',
  ),
  held: HeldForBudgetSchema.optional().describe(
    'Where the budget of its folder keeps it waiting: the runs of other folders pass it by.',
  ),
  heldForDay: HeldForDaySchema.optional().describe(
    'Where its folder has started as many runs as it may in a day: the runs of other folders pass it by.',
  ),
});
export type QueuePlace = z.infer<typeof QueuePlaceSchema>;

/** Whether its folder keeps a run in its queue, so that others pass it by. */
export function isHeldBack(queue: { held?: unknown; heldForDay?: unknown } | undefined): boolean {
  return queue?.held !== undefined || queue?.heldForDay !== undefined;
}

/** `work.queue` of a run that waits: equal to no other, and in the order of the queue. */
export function queueKeyOf(kind: JobKind, { runId, status, spec }: Queued): string {
  const { parent, index = 0 } = spec?.sweepOf ?? {};
  // The runs of a sweep were opened together: they stay together, in their order.
  const name =
    parent === undefined ? runId : `${parent.slice('runs/'.length)}.${String(index).padStart(2, '0')}`;
  return `${kind}/${status.createTime}/${name}`;
}

/** What the place of a run in a queue depends on. */
interface Queued {
  runId: string;
  status: { createTime: string };
  spec?: { sweepOf?: { parent: string; index: number } | undefined } | undefined;
}

/** Every key of a queue is from the first on and before the second. */
export function queueRange(kind: JobKind): { from: string; before: string } {
  return { from: `${kind}/`, before: `${kind}0` };
}

/** Of what a later version says otherwise of durations nothing is known. */
const KnownDurationSchema = ExpectedDurationSchema.optional().catch(undefined);

/** What is to be known of runs whose job is being made or lives: so little that documents of a later version can be counted, too. */
export const ActiveRunSchema = openObject({
  runId: z.string(),
  status: openObject({
    state: z.string(),
    reason: z.string(),
    job: openObject({
      name: z.string(),
      startTime: z.string().optional(),
      nextAttemptAt: z.string().optional(),
    }).optional(),
    expectedDuration: KnownDurationSchema,
  }),
  work: openObject({ nextAction: z.string(), fault: z.unknown().optional() }),
  spec: openObject({ plan: openObject({ backend: z.string(), baseModel: z.string() }).optional() }),
});
export type ActiveRun = z.infer<typeof ActiveRunSchema>;

/** What is to be known of a run that waits to reckon the turn of those behind it. */
export const WaitingRunSchema = openObject({
  runId: z.string(),
  status: openObject({
    state: z.string(),
    expectedDuration: KnownDurationSchema,
    queue: openObject({ held: z.unknown().optional(), heldForDay: z.unknown().optional() }).optional(),
  }),
});
export type WaitingRun = z.infer<typeof WaitingRunSchema>;

/**
 * Whether an active run counts among those of a kind. One whose document was made anew of less than it had does not say what it asks for:
 * the name of its job says which service has it, and of `tuningJobs` no more, so that it counts among both kinds there.
 */
export function isOfKind({ spec: { plan }, status: { job } }: ActiveRun, kind: JobKind): boolean {
  if (plan) return jobKindOf(plan) === kind;
  if (!job) return false;
  return job.name.includes('/pipelineJobs/') === (kind === 'pipelines');
}

/** The reason of a run whose job Vertex AI has taken and keeps waiting for quota. */
export const WAITS_FOR_QUOTA = 'JobWaitsForQuota';

/**
 * Whether a run in this place is to be told so: when a quarter of what it was told is left, when it is next, and when it was told too
 * little, since uploads that are checked at the same time do not see each other.
 */
export function isWorthTelling(told: number, place: number): boolean {
  return place > told || place * 4 <= told || (place === 1 && told > 1);
}
