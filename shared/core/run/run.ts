import type { DataStatistics } from '../dataset/statistics.ts';
import type { IssueReport } from '../issues/catalog.ts';
import type { Severity } from '../issues/issue.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { DataKey } from '../models/models.ts';
import type { ObjectVersion } from '../objects/version.ts';
import type { HowToCall } from '../tuning/how-to-call.ts';
import type { RunMetrics } from '../tuning/metrics.ts';
import type { Plan } from '../tuning/plan.ts';
import type { Progress } from '../tuning/progress.ts';
import type { TuningResult } from '../tuning/results.ts';

/**
 * The run document `runs/{runId}`: our record of one manifest generation, and the product's screen.
 * `spec` is what was asked, `status` what was observed, `work` what the functions do next. Times are RFC 3339 UTC strings.
 */
export interface Run {
  schemaVersion: 1;
  runId: string;
  spec: RunSpec;
  status: RunStatus;
  work: RunWork;
}

export interface RunSpec {
  /** The uploaded manifest. */
  source: ObjectVersion & { uri: string; timeCreated: string };
  /** The manifest as read; of a refused manifest the keys that were right. */
  manifest?: Partial<Manifest> | undefined;
  /** The text of a manifest that was refused, cut to its first 4,000 characters. */
  manifestText?: string | undefined;
  /** The files that the manifest names, by its keys. */
  datasets?: Partial<Record<DataKey, DatasetSource>> | undefined;
  plan?: Plan | undefined;
  /** Equal for two uploads of the same bytes to the same path: manifest and data sets. */
  fingerprint?: string | undefined;
}

/** A data set as it was uploaded, and the copy that is checked and trained on. */
export interface DatasetSource {
  uri: string;
  generation: string;
  sizeBytes: number;
  crc32c: string;
  stagedUri: string;
}

export interface RunStatus {
  state: RunState;
  /** One CamelCase word for programs, such as `DatasetMissing`. */
  reason: string;
  /** One or two sentences for people: what happened, and what comes next. */
  message: string;
  /** Folder of the run in the results bucket: status.json and what else people read. */
  folder: string;
  /** `gs://` URI of report.html, once the run has ended. */
  report?: string | undefined;
  /** What the reader has to do, where there is something to do. */
  remedy?: string | undefined;
  createTime: string;
  updateTime: string;
  validateTime?: string | undefined;
  submitTime?: string | undefined;
  startTime?: string | undefined;
  endTime?: string | undefined;
  /** What the files hold, by the manifest's keys. */
  datasets?: Partial<DataStatistics> | undefined;
  /** The first issues, errors first; `issuesFile` has them all. */
  issues?: IssueReport[] | undefined;
  issueCount?: Record<Severity, number> | undefined;
  issuesFile?: string | undefined;
  job?: JobStatus | undefined;
  /** How far the job is, while it runs. */
  progress?: Progress | undefined;
  /** Resource name of the tuned model. */
  model?: string | undefined;
  /** Resource name of the endpoint that serves it. */
  endpoint?: string | undefined;
  /** What the job left: model, endpoint, checkpoint, evaluation. */
  result?: TuningResult | undefined;
  /** The tuned model, ready to be asked by copy and paste. */
  howToCall?: HowToCall | undefined;
  /** What the curves say in short; the curves are in the sub-collection `metrics`. */
  metrics?: RunMetrics | undefined;
  /** The earlier run with the same bytes. */
  sameAs?: string | undefined;
  /** The manifest generation that asked to cancel this run. */
  cancelRequested?: { time: string; by: string };
  links: Record<string, string>;
  /** Every change of state, oldest first; no state is entered twice, so there are never many. */
  history: HistoryEntry[];
}

/** One change of state. */
export interface HistoryEntry {
  time: string;
  /** Absent for the first. */
  from?: RunState | undefined;
  to: RunState;
  reason: string;
  message: string;
}

/** Vertex AI's job behind the run. */
export interface JobStatus {
  /** Full resource name. */
  name: string;
  /** Vertex AI's own state, as it spells it. */
  state: string;
  region: string;
  createTime?: string | undefined;
  startTime?: string | undefined;
  endTime?: string | undefined;
  /** Which try this job is; a job that has to be made anew gets another id. */
  attempt: number;
  /** When the next attempt is due, after this job failed by something that passes. */
  nextAttemptAt?: string | undefined;
  failedTask?: string | undefined;
  /** The failed task's own words, else the job's. */
  error?: string | undefined;
}

/** What is to be done next, by which function, and who is doing it. */
export const NEXT_ACTIONS = ['validate', 'submit', 'observe'] as const;
export type NextAction = (typeof NEXT_ACTIONS)[number];

/** What is left to do for a run that has ended: its end was not published yet. */
export const PUBLISH = 'tell';

/** A fault that is not the run's, which keeps it waiting: a mistake in our code, an answer that we do not know, a permission. */
export interface RunFault {
  /** What was deployed of the function that met it. */
  version: string;
  /** How often that version met it, one after the other. */
  tries: number;
  /** When it first did. */
  since: string;
}

export interface RunWork {
  nextAction: NextAction | typeof PUBLISH | null;
  /** When it is due; a run that is followed stays due until it ends. */
  nextActionAt: string | null;
  /** Raised at every claim; a writer with an older epoch is refused. */
  epoch: number;
  owner: string | null;
  leaseUntil: string | null;
  /** Tries of the next action that came to nothing, since the last progress. */
  attempts: number;
  /** How often the function of the next action was asked for again without an answer. */
  requests: number;
  /** When the present wait began. */
  waitingSince: string | null;
  /** Raised at every change of this document. */
  revision: number;
  /** `gs://` URIs whose upload this run waits for. */
  waitingFor: string[];
  /** What the run waits for by no fault of its own. */
  fault?: RunFault | undefined;
  /** So many entries of the history were published for certain; the others are published again. */
  told: number;
}

/** Every state of a run: its place in the order (a run never goes back), whether it is the end, and what it means. */
export const RUN_STATES = {
  RECEIVED: { rank: 0, terminal: false, meaning: 'The manifest arrived; it and its data are being checked.' },
  WAITING: {
    rank: 1,
    terminal: false,
    meaning: 'The manifest is there, a data set that it names is not yet.',
  },
  VALIDATED: { rank: 2, terminal: false, meaning: 'Everything was checked; the job is about to be created.' },
  SUBMITTING: { rank: 3, terminal: false, meaning: 'The job is being created on Vertex AI.' },
  SUBMITTED: { rank: 4, terminal: false, meaning: 'Vertex AI has the job and has not begun it.' },
  RUNNING: { rank: 5, terminal: false, meaning: 'Vertex AI is working on the job.' },
  REJECTED: {
    rank: 9,
    terminal: true,
    meaning: 'The manifest or a data set has errors; nothing was submitted.',
  },
  SKIPPED: {
    rank: 9,
    terminal: true,
    meaning: 'There was nothing to start: the same bytes again, or a request to cancel.',
  },
  PLANNED: { rank: 9, terminal: true, meaning: 'A dry run: checked and planned, nothing was submitted.' },
  SUPERSEDED: {
    rank: 9,
    terminal: true,
    meaning: 'The manifest was replaced or deleted before it could be read.',
  },
  SUCCEEDED: { rank: 9, terminal: true, meaning: 'The model is tuned and ready.' },
  PARTIAL: { rank: 9, terminal: true, meaning: 'Vertex AI finished the job with part of its results.' },
  FAILED: { rank: 9, terminal: true, meaning: 'The job could not be created or did not succeed.' },
  CANCELLED: { rank: 9, terminal: true, meaning: 'The run was cancelled.' },
  EXPIRED: { rank: 9, terminal: true, meaning: 'Vertex AI ended the job because its time was up.' },
  LOST: { rank: 9, terminal: true, meaning: 'Vertex AI no longer knows the job.' },
  DEAD_LETTERED: {
    rank: 9,
    terminal: true,
    meaning: 'The run could not be processed in spite of many tries.',
  },
} as const;

export type RunState = keyof typeof RUN_STATES;

export function isTerminal(state: RunState): boolean {
  return RUN_STATES[state].terminal;
}

/** Documents of before the history stood in them have none. */
export function historyOf({ status }: Run): HistoryEntry[] {
  return status.history ?? [];
}

/** How many changes of state were published for certain. */
export function publishedCountOf({ work }: Run): number {
  return work.told ?? 0;
}

/** Whether every change of state was published. */
export function isPublished(run: Run): boolean {
  return publishedCountOf(run) >= historyOf(run).length;
}

/** What a run that has not ended needs next; null when nothing. */
export function pendingAction({ work }: Run): NextAction | null {
  return work.nextAction === PUBLISH ? null : work.nextAction;
}

/** A run as it is when its manifest has just arrived. `folder` is that of the run in the results bucket, a `gs://` URI. */
export function newRun(
  { source, runId, folder }: Pick<RunSpec, 'source'> & { runId: string; folder: string },
  now: string,
): Run {
  const words = { reason: 'ManifestReceived', message: 'The manifest arrived and is being checked.' };
  return {
    schemaVersion: 1,
    runId,
    spec: { source },
    status: {
      state: 'RECEIVED',
      ...words,
      createTime: now,
      updateTime: now,
      folder,
      links: {},
      history: [{ time: now, to: 'RECEIVED', ...words }],
    },
    work: {
      nextAction: 'validate',
      nextActionAt: now,
      epoch: 0,
      owner: null,
      leaseUntil: null,
      attempts: 0,
      requests: 0,
      waitingSince: null,
      revision: 0,
      waitingFor: [],
      told: 0,
    },
  };
}
