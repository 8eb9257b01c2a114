import * as z from 'zod';
import { DataStatisticsSchema } from '../dataset/statistics.ts';
import { EvaluationStatusSchema } from '../evaluation/status.ts';
import { IssueReportSchema } from '../issues/report.ts';
import { openObject } from '../json/open-object.ts';
import { DataReadSchema } from '../tuning/data-read.ts';
import { ExpectedDurationSchema } from '../tuning/duration.ts';
import { HowToCallSchema } from '../tuning/how-to-call.ts';
import { RunMetricsSchema } from '../tuning/metrics.ts';
import { PlanSchema } from '../tuning/plan.ts';
import { TuningResultSchema } from '../tuning/results.ts';
import { RunCostSchema } from '../tuning/run-cost.ts';
import { DATASET_SOURCES } from './dataset-source.ts';
import { NEXT_ACTIONS, type NextAction } from './next-actions.ts';
import { QueuePlaceSchema } from './queue.ts';
import { isTerminal, RUN_STATES, type RunState } from './states.ts';
import { SETTINGS_OF_SWEEP, SweepStatusSchema } from './sweep-status.ts';

/**
 * The run document `runs/{runId}`: our record of one manifest generation, and the product's screen. This is its only description:
 * what is read is parsed by it, types are inferred from it, and docs/status-document.md is written from it.
 * `spec` is what was asked, `status` what was observed, `work` what the functions do next. Times are RFC 3339 UTC strings.
 */

/** Of this version are the documents that are written; versions.ts reads the earlier ones. */
export const SCHEMA_VERSION = 4;

const StateSchema = z.enum(Object.keys(RUN_STATES) as [RunState, ...RunState[]]);

const SpecSchema = openObject({
  source: openObject({
    bucket: z.string().describe('Its bucket.'),
    name: z.string().describe('Its name.'),
    generation: z.string().describe('Its generation: which version of the object it is.'),
    uri: z.string().describe('The same as a `gs://` URI.'),
    timeCreated: z.string().describe('When it was uploaded.'),
  }).describe('The uploaded manifest.'),
  manifest: z
    .looseObject({
      base_model: z.string().optional().describe('The model to tune.'),
      model_display_name: z.string().optional().describe('The name of the tuned model.'),
      default_context: z.string().optional().describe('For chat: what every conversation begins with.'),
    })
    .optional()
    .describe(
      'The manifest as it was read; of a refused one, the keys that were right. It has every key that was uploaded; these are read again.',
    ),
  manifestText: z.string().optional().describe('The text of a refused manifest, its first 4,000 characters.'),
  datasets: openObject(DATASET_SOURCES)
    .optional()
    .describe('The files that the manifest names, by its keys.'),
  plan: PlanSchema.optional().describe(
    'What is asked of Vertex AI; none of the run of a sweep’s manifest, whose runs have one each.',
  ),
  sweepOf: openObject({
    parent: z.string().describe('The run of the manifest, as `runs/{runId}`.'),
    index: z.number().describe('Its place among the runs of the sweep, from 1.'),
    settings: SETTINGS_OF_SWEEP.describe('What tells it apart from the others.'),
  })
    .optional()
    .describe('Of one of the runs that a manifest with lists of settings asks for.'),
  fingerprint: z.string().optional().describe('Equal for two uploads of the same bytes to the same path.'),
});
export type RunSpec = z.infer<typeof SpecSchema>;

const JobStatusSchema = openObject({
  name: z.string().describe('Full resource name.'),
  state: z.string().describe('Vertex AI’s own state, as it spells it.'),
  region: z.string().describe('Where the job runs.'),
  createTime: z.string().optional().describe('Vertex AI’s time.'),
  startTime: z.string().optional().describe('Vertex AI’s time.'),
  endTime: z.string().optional().describe('Vertex AI’s time.'),
  attempt: z
    .number()
    .default(1)
    .describe('Which try this job is; a job that has to be made anew gets another id.'),
  nextAttemptAt: z
    .string()
    .optional()
    .describe('When the next attempt is due, after this job failed by something that passes.'),
  failedTask: z.string().optional().describe('The step of the job that failed.'),
  error: z.string().optional().describe('The failed step’s own words, else the job’s.'),
});
/** Vertex AI's job behind the run. */
export type JobStatus = z.infer<typeof JobStatusSchema>;

const HistoryEntrySchema = openObject({
  time: z.string().describe('When.'),
  from: StateSchema.optional().describe(
    'The state before; the first has none. The same state where the end of the run was asked for, or its evaluation has ended.',
  ),
  to: StateSchema.describe('The state after.'),
  reason: z.string().describe('As `status.reason` was then; of an evaluation, its own.'),
  message: z.string().describe('As `status.message` was then; of an evaluation, its own.'),
});
/** One change of state, or that the end of the run was asked for. */
export type HistoryEntry = z.infer<typeof HistoryEntrySchema>;

const StatusSchema = openObject({
  state: StateSchema.describe('Where the run is: one word of [states.md](states.md).'),
  reason: z.string().describe('Why it is there, one CamelCase word for programs, such as `DatasetMissing`.'),
  message: z
    .string()
    .describe('The same for people, in one or two sentences: what happened and what comes next.'),
  remedy: z.string().optional().describe('What you have to do; only where there is something to do.'),
  folder: z
    .string()
    .describe(
      '`gs://` URI of the run’s folder in the results bucket: `status.json` and what else people read.',
    ),
  report: z
    .string()
    .optional()
    .describe('`gs://` URI of `report.html`, a page to look at, written when the run ends.'),
  createTime: z.string().describe('When the run was made.'),
  updateTime: z.string().describe('When the document last changed.'),
  validateTime: z.string().optional().describe('When the upload had passed every check.'),
  submitTime: z.string().optional().describe('When Vertex AI had the job.'),
  startTime: z.string().optional().describe('When Vertex AI began to work on it.'),
  endTime: z.string().optional().describe('When the run ended.'),
  restoredTime: z
    .string()
    .optional()
    .describe(
      'When this document was made anew, after it had been deleted while a job of the run lived, or brought forward to what `status.json` says, after an older backup had been restored.',
    ),
  datasets: DataStatisticsSchema.optional().describe(
    'What each file holds, by the key of the manifest that names it.',
  ),
  issues: z
    .array(IssueReportSchema)
    .optional()
    .describe(
      'What is wrong, errors first, one entry for each kind, place and remedy; each kind is listed in [issues.md](issues.md).',
    ),
  issueCount: openObject({
    error: z.number().describe('Errors.'),
    warning: z.number().describe('Warnings.'),
    advice: z.number().describe('Advice.'),
  })
    .optional()
    .describe('How many there are of each severity, line by line: exact, whatever is told together or cut.'),
  issuesFile: z
    .string()
    .optional()
    .describe('`gs://` URI of `issues.jsonl`, which has all of them, up to 50,000.'),
  job: JobStatusSchema.optional().describe('The job on Vertex AI.'),
  otherJobs: z
    .array(
      openObject({
        name: z.string().describe('Full resource name.'),
        foundTime: z.string().describe('When it was found.'),
      }),
    )
    .optional()
    .describe(
      'Jobs that were made for this run and that it does not follow, after an answer of Vertex AI was lost: each is asked to stop, an hour after it was found at the latest.',
    ),
  cost: RunCostSchema.optional().describe(
    'What the run is expected to cost, and what it did cost; there once it was planned.',
  ),
  expectedDuration: ExpectedDurationSchema.optional().describe(
    'How long the job is expected to take, from the first document that has a plan on; absent where that is unknown: fewer than three jobs like it have ended.',
  ),
  queue: QueuePlaceSchema.optional().describe(
    'Where the run waits for its turn, while it does: so many jobs of its kind are active as may be.',
  ),
  model: z.string().optional().describe('Resource name of the tuned model.'),
  endpoint: z.string().optional().describe('Resource name of the endpoint that serves it.'),
  result: TuningResultSchema.optional().describe(
    'What the job left: model, endpoint, checkpoint, evaluation.',
  ),
  howToCall: HowToCallSchema.optional().describe('The tuned model, ready to be asked by copy and paste.'),
  metrics: RunMetricsSchema.optional().describe(
    'What the curves of the tuning say in short; the curves are in `metrics/{name}`.',
  ),
  evaluation: EvaluationStatusSchema.optional().describe(
    'Whether the tuned model is better than its base: what both answered to the evaluation data, after the run has succeeded.',
  ),
  sweep: SweepStatusSchema.optional().describe(
    'Of a manifest with lists of settings: the runs that it asks for, what became of each, and which is the best.',
  ),
  dataRead: DataReadSchema.optional().describe(
    'What Vertex AI says of the data that it read; only jobs of `tuningJobs` say it.',
  ),
  continues: z
    .string()
    .optional()
    .describe(
      'The refused run of the same manifest that this one goes on from with new data, as `runs/{runId}`.',
    ),
  continuedAs: z
    .string()
    .optional()
    .describe('The run that new data has opened after this one was refused, as `runs/{runId}`.'),
  sameAs: z
    .string()
    .optional()
    .describe('The earlier run with the same bytes, as `runs/{runId}`; nothing was started then.'),
  cancelRequested: openObject({
    time: z.string().describe('When.'),
    by: z
      .string()
      .describe(
        'By which generation of the manifest, or by which setting of the deployment: MAX_TUNING_HOURS.',
      ),
    limit: openObject({
      hours: z.number().describe('Hours of tuning that the deployment allows.'),
      since: z.string().describe('Since when the job was tuning.'),
    })
      .optional()
      .describe('The setting, where it was one.'),
  })
    .optional()
    .describe('When the end of the run was asked for, and by whom.'),
  links: z
    .record(z.string(), z.string())
    .default({})
    .describe('Pages of the Google Cloud console that belong to the run.'),
  history: z
    .array(HistoryEntrySchema)
    .default([])
    .describe(
      'Every change of state, that somebody asked for the end of the run, and that its evaluation has ended, oldest first. Each is [published](run-events.md) for whoever listens.',
    ),
});
export type RunStatus = z.infer<typeof StatusSchema>;

/** What is left to do for a run that has ended: its end was not published yet, or what it has in the sums of its folder not settled. */
export const PUBLISH = 'publish';

const FaultSchema = openObject({
  version: z.string().describe('The revision of the function that met the fault.'),
  tries: z.number().describe('How often it did, one after the other.'),
  since: z.string().describe('When first.'),
});
/** A fault that is not the run's, which keeps it waiting: a mistake in our code, an answer that we do not know, a permission. */
export type RunFault = z.infer<typeof FaultSchema>;

const ClaimsSchema = openObject({
  version: z.string().describe('The revision of the function that claimed the run.'),
  tries: z.number().describe('How often it did.'),
  since: z.string().describe('When first.'),
  last: z.string().describe('When last.'),
});
/** How often a function took a run up and has not said what came of it. */
export type RunClaims = z.infer<typeof ClaimsSchema>;

const RunSpendingSchema = openObject({
  month: z
    .string()
    .optional()
    .describe('The month in whose sums the run is; absent while it is not known to be in one.'),
  isSettled: z.boolean().describe('Whether these sums know how the run ended.'),
});
/** What a run notes of the sums of its folder. */
export type RunSpending = z.infer<typeof RunSpendingSchema>;

const WorkSchema = openObject({
  nextAction: z
    .enum([...NEXT_ACTIONS, PUBLISH])
    .nullable()
    .describe('What is to be done next; null when nothing is.'),
  nextActionAt: z
    .string()
    .nullable()
    .describe(
      'When it is due. A run that is followed stays due until it ends. Of a run that waits for its turn: when the wait ends for good.',
    ),
  epoch: z.number().describe('Raised at every claim; a writer with an older one is refused.'),
  owner: z.string().nullable().describe('Who has claimed the next action.'),
  leaseUntil: z.string().nullable().describe('Until when.'),
  claims: ClaimsSchema.optional().describe(
    'Claims of the `validate` function after which nothing was said yet, the present one included. It ended over the others.',
  ),
  attempts: z.number().describe('Tries of the next action that came to nothing, since the last progress.'),
  requests: z
    .number()
    .default(0)
    .describe('How often the function of the next action was asked again without an answer.'),
  waitingSince: z.string().nullable().describe('When the present wait began.'),
  revision: z.number().describe('Raised at every change of the document.'),
  waitingFor: z
    .array(z.string())
    .default([])
    .describe(
      '`gs://` URIs whose upload the run waits for; of a refused one: whose next upload opens another run.',
    ),
  queue: z
    .string()
    .optional()
    .describe(
      'While it waits for its turn: the kind of its job and when it was uploaded, by which it is found.',
    ),
  fault: FaultSchema.optional().describe('Why the run waits by no fault of its own.'),
  spending: RunSpendingSchema.optional().describe(
    'What is noted of the sums of its folder, which are in `spending/{folderId}/months/{month}`.',
  ),
  published: z
    .number()
    .default(0)
    .describe('How many changes of state were published for certain; the others are published again.'),
});

export const RunSchema = openObject({
  schemaVersion: z
    .literal(SCHEMA_VERSION)
    .describe('The version of this description. A function leaves a document of a later one alone.'),
  runId: z.string().describe('The id of the run, and of its document.'),
  status: StatusSchema.describe('What was observed.'),
  spec: SpecSchema.describe('What was asked.'),
  work: WorkSchema.describe(
    'What the functions do next. For those who operate the product; nothing else should depend on it.',
  ),
});
export type Run = z.infer<typeof RunSchema>;

/** What one run has to know of others that ask for the same. */
export const OtherRunSchema = RunSchema.pick({ runId: true }).extend({
  status: StatusSchema.pick({ state: true }),
});
export type OtherRun = z.infer<typeof OtherRunSchema>;

/** Whether the run follows a job, as far as is known one that goes on. */
export function followsJob({ status, work }: Run): boolean {
  return work.nextAction === 'observe' && !isTerminal(status.state);
}

/** Whether every change of state was published. */
export function isPublished({ status, work }: Run): boolean {
  return work.published >= status.history.length;
}

/** Whether the sums of its folder have to be told yet how the run ended. */
export function isUnsettled({ work: { spending } }: Run): boolean {
  return spending?.isSettled === false;
}

/** What a run needs next, but for what is left of its end; null when nothing. */
export function pendingAction({ work }: Run): NextAction | null {
  return work.nextAction === PUBLISH ? null : work.nextAction;
}
