import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { isSameJson } from '../json/same-json.ts';
import { type JobObservation, STAGES } from './job.ts';
import { CurveSourceSchema } from './metrics.ts';
import type { Plan } from './plan.ts';
import { lastStep, type Measured, type Progress, ProgressSchema, progressOf } from './progress.ts';

const CurvesSchema = CurveSourceSchema.extend({
  time: z.string().describe('When they were looked up.'),
});

/** `runs/{runId}/progress/latest`: how far the job of a run is. Written only when it changed. Times are RFC 3339 UTC. */
export const RunProgressSchema = openObject({
  job: z.string().describe('The job that it is about: full resource name. Another attempt has another one.'),
  stage: z
    .enum(STAGES)
    .optional()
    .describe('What a running job of `tuningJobs` is at: Google’s `tuningJobState` without its prefix.'),
  ...ProgressSchema.shape,
  stepTime: z
    .string()
    .optional()
    .describe(
      'When the last step was made, or the last pass over the data where no step is measured: as the curves say it, else when it was first seen.',
    ),
  tuningTime: z
    .string()
    .optional()
    .describe(
      'When a job of `tuningJobs` was first seen in the stage TUNING, or making steps where it says no stage.',
    ),
  updateTime: z.string().describe('When this document last changed.'),
  curves: CurvesSchema.optional().describe('Where its curves are read. For those who operate the product.'),
});
export type RunProgress = z.infer<typeof RunProgressSchema>;

/** What one look at a running job brought. */
export interface ProgressLook {
  plan: Plan;
  job: JobObservation;
  /** Undefined where the job has no curves, or they could not be read. */
  measured: Measured | undefined;
  /** Where its curves are, where that was looked up now or earlier. */
  curves: RunProgress['curves'];
  now: string;
}

/**
 * What the document is to say after a look: the same object where nothing changed, and nothing where nothing is known. It
 * never goes back: what a look does not bring stays as it was.
 */
export function progressAfter(before: RunProgress | undefined, look: ProgressLook): RunProgress | undefined {
  const { plan, job, measured, curves, now } = look;
  const known = progressOfJob(before, job);
  const far = progressOf(plan, job, measured);
  if (!known && !far && !job.stage) return undefined;
  const isFurther = count(far?.step) > count(known?.step) || count(far?.epoch) > count(known?.epoch);
  const isBack = count(far?.step) < count(known?.step);
  const isTuning = job.stage === 'TUNING' || (job.stage === undefined && isFurther);
  const after = {
    job: job.name,
    stage: job.stage,
    ...(far === undefined || isBack ? { ...farOf(known), epoch: far?.epoch ?? known?.epoch } : far),
    stepTime: isFurther ? stepTimeOf(look) : known?.stepTime,
    tuningTime: known?.tuningTime ?? (plan.backend === 'tuningJobs' && isTuning ? now : undefined),
    curves,
  };
  return known && isSameJson(timeless(after), timeless(known)) ? known : { ...after, updateTime: now };
}

/** The progress of a run's present job; what is left of an earlier attempt is none. */
export function progressOfJob(
  progress: RunProgress | undefined,
  job: { name: string } | undefined,
): RunProgress | undefined {
  return progress?.job === job?.name ? progress : undefined;
}

/** Without the times that alone are worth no write. */
function timeless({ curves, ...progress }: Partial<RunProgress>): unknown {
  return { ...progress, updateTime: undefined, curves: curves && { ...curves, time: undefined } };
}

const count = (value: number | undefined) => value ?? 0;

function farOf(progress: Progress | undefined): Progress {
  const names = Object.keys(ProgressSchema.shape) as (keyof Progress)[];
  return Object.fromEntries(names.map((name) => [name, progress?.[name]]));
}

/** A point says when it was measured; no later than now, since the clocks are not the same. */
function stepTimeOf({ measured, now }: ProgressLook): string {
  const last = measured?.pace?.to;
  if (!last || last.step < lastStep(measured.series)) return now;
  const time = new Date(last.time).toISOString();
  return time < now ? time : now;
}
