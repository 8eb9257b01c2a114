import type { ModelRequest } from './core/evaluation/request.ts';
import type { IgnoredUpload } from './core/objects/ignored.ts';
import type { ObjectVersion, UploadedVersion } from './core/objects/version.ts';
import type { LearntLimit } from './core/run/admission.ts';
import type { ApplyOptions, ApplyResult } from './core/run/apply.ts';
import type { RunChange } from './core/run/changes.ts';
import type { ClaimRequest, ClaimResult } from './core/run/claim.ts';
import type { JobKind } from './core/run/job-kinds.ts';
import type { RequestTopic } from './core/run/messages.ts';
import type { ModelNotice } from './core/run/model-notices.ts';
import type { ActiveRun, WaitingRun } from './core/run/queue.ts';
import type {
  ReserveRequest,
  ReserveResult,
  SettleRequest,
  SpendingRequest,
} from './core/run/reservation.ts';
import type { Run, RunSpending } from './core/run/run.ts';
import type { RunEvent } from './core/run/transitions.ts';
import type { FinishedJob } from './core/tuning/duration.ts';
import type { EndingNote } from './core/tuning/ending.ts';
import type { JobObservation } from './core/tuning/job.ts';
import type { CurveSource, MetricSeries } from './core/tuning/metrics.ts';
import type { Plan } from './core/tuning/plan.ts';
import type { Measured } from './core/tuning/progress.ts';
import type { ModelDocument, RegisteredModel } from './core/tuning/results.ts';
import type { RunProgress } from './core/tuning/run-progress.ts';

/** The world as the handlers see it. Types only; adapters in shared/adapters, fakes in test/support. */

export interface Clock {
  now(): Date;
}

/** Waits for work no longer than so many milliseconds; false when it was not done by then, and goes on by itself. */
export type WaitAtMost = (ms: number, work: Promise<unknown>) => Promise<boolean>;

export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /**
   * Something was thrown: writes its kind, its reason and the stacks of where it began, as a warning where it passes by itself
   * and as an error where somebody has to act. That the deployment lacks something is
   * written once for each cause, as an error that says what to grant or to create.
   */
  thrown(message: string, thrown: unknown, fields?: Record<string, unknown>): void;
}

export interface ObjectRef {
  bucket: string;
  name: string;
}

export interface ObjectInfo extends ObjectVersion {
  sizeBytes: number;
  /** CRC-32C, big-endian, base64, as Cloud Storage gives it. */
  crc32c: string;
  /** MD5, base64; composed objects have none. */
  md5Hash?: string | undefined;
  timeCreated: string;
  /** The MIME type that it was uploaded with. */
  contentType?: string | undefined;
  contentEncoding?: string | undefined;
  metadata: Record<string, string>;
}

/** A version that is to be read. What a caller knows of its content is not asked for again: a version never changes. */
export type ReadableVersion = ObjectVersion & Partial<Pick<ObjectInfo, 'sizeBytes' | 'crc32c' | 'md5Hash'>>;

/** Cloud Storage. Every call has a deadline; a broken read is resumed at the same generation. Errors: TuneError. */
export interface ObjectStore {
  /** The live object; undefined when there is none. */
  stat(object: ObjectRef): Promise<ObjectInfo | undefined>;
  /** The first `maxBytes` bytes of one version; undefined when that version is gone. */
  read(version: ReadableVersion, maxBytes: number): Promise<Uint8Array | undefined>;
  /** The content of one version in chunks; the checksum is verified at the end. */
  stream(version: ReadableVersion): AsyncIterable<Uint8Array>;
  /** Server-side copy of one version, created once: a copy that is there already is returned. Undefined when the source is gone. */
  copy(from: ObjectVersion, to: ObjectRef): Promise<ObjectInfo | undefined>;
  /** Writes an object; with `ifGenerationMatch` only over that generation ('0': none). False when that condition failed. */
  write(object: ObjectRef, content: ObjectContent): Promise<boolean>;
  /** The live objects of this file name, or with one of these endings, in whatever folder, in the order of names: a page of at most 1,000. */
  list(query: FileNameQuery): Promise<ObjectPage>;
}

export interface FileNameQuery {
  bucket: string;
  fileName: string;
  endings?: readonly string[] | undefined;
  /** Where to go on, as the page before says. */
  pageToken?: string | undefined;
}

export interface ObjectPage {
  objects: UploadedVersion[];
  /** Undefined on the last page. A page that is empty need not be the last. */
  nextPageToken?: string | undefined;
}

export interface ObjectContent {
  /** The text, or what begins it anew: a write that broke off is made again from the beginning. */
  body: string | (() => AsyncIterable<string>);
  contentType: string;
  metadata?: Record<string, string> | undefined;
  ifGenerationMatch?: string | undefined;
}

/** Pub/Sub. Resolves when the message is accepted. */
export interface Publisher {
  publish(topic: RequestTopic, message: { runId: string }): Promise<void>;
}

/** Pub/Sub's topic of changes, for whoever listens. Resolves when the message is accepted; changes of one run stay in order. */
export interface ChangePublisher {
  publish(change: RunChange): Promise<void>;
}

/** The same topic, for notices of tuned models that end. */
export interface NoticePublisher {
  publish(notice: ModelNotice): Promise<void>;
}

/**
 * Firestore. The only writer of run documents; every write is a transaction that asks `transition`. Documents of earlier versions
 * are read as of this one. One of a later version, and one that cannot be read, is left alone: lists leave it out and log it,
 * everything else throws `permanent`.
 */
export interface RunStore {
  get(runId: string): Promise<Run | undefined>;
  /** Creates the run, claimed, and points its manifest path to it; a run that exists is claimed as `claim` does. */
  open(run: Run, request: ClaimRequest): Promise<ClaimResult>;
  /**
   * Creates the run as it is, claimed by nobody, and points its manifest path to it. False, and nothing is written, where the run
   * exists, and where its path points to it already: then somebody deleted it, and may want it back (`isDeletedToo`).
   */
  add(run: Run, options?: { isDeletedToo?: boolean }): Promise<boolean>;
  /**
   * Puts the run in the place of its document, which turned out to be older than the run. False, and nothing is written, unless the
   * document is still at the revision `from`.
   */
  bringForward(run: Run, options: { from: number }): Promise<boolean>;
  /**
   * Creates the run that goes on from a refused one, claimed by nobody, notes it in that one, and points the path of their manifest to it,
   * all at once. False, and nothing is written, where the run is not refused, another goes on from it, or the new one exists.
   */
  continueAs(runId: string, next: Run, now: string): Promise<boolean>;
  /** Those of these manifests whose path does not point to a run of this version of theirs. One document is read for each. */
  withoutRun(manifests: readonly UploadedVersion[]): Promise<UploadedVersion[]>;
  /** The run that a manifest path stands for: that of its newest upload, or of the one before where that was skipped. */
  newestOf(source: ObjectRef): Promise<Run | undefined>;
  /** Runs of the same manifest that were made before this one, the newest first, as many as are asked for. */
  listEarlierOf(run: Run, most: number): Promise<Run[]>;
  /** Whether the manifest of any run, of whatever state, names a file by this `gs://` URI. One read. */
  isNamed(uri: string): Promise<boolean>;
  /** Takes the next action of a run for this invocation. Undefined when there is no such run. */
  claim(runId: string, request: ClaimRequest): Promise<ClaimResult | undefined>;
  /** Asks `transition` and writes what it says; the path of a run that is skipped then points to the run that matters. Throws `permanent` when there is no such run. */
  apply(runId: string, event: RunEvent, now: string, options?: ApplyOptions): Promise<ApplyResult>;
  /** The next turn to let runs out of their queues: from now on nobody does in an earlier one. */
  takeAdmissionTurn(): Promise<number>;
  /** Runs whose next action is due, oldest first. */
  listDue(now: string): Promise<Run[]>;
  /** Runs that wait for the upload of this `gs://` URI, and refused ones that another run goes on from once it comes. */
  listWaitingFor(uri: string): Promise<Run[]>;
  /** The runs of a manifest path that have not ended. */
  listActiveOf(source: ObjectRef): Promise<Run[]>;
  /** How far the job of a run is, as it was kept; undefined where nothing was. */
  progressOf(runId: string): Promise<RunProgress | undefined>;
  /** Keeps it, beside the run: no change of state. */
  saveProgress(runId: string, progress: RunProgress): Promise<void>;
  /** Keeps series beside the run, one document each; only those that changed are written. Returns how many. */
  saveSeries(runId: string, series: MetricSeries[]): Promise<number>;
  /**
   * The model that a run made, by its resource name with or without `@version`; undefined when no run made it. A project has two
   * names, so that models are told apart by location and number alone: whether the project is ours is for the caller to say.
   */
  tunedModel(name: string): Promise<ModelDocument | undefined>;
  /** The series that were kept. */
  seriesOf(runId: string): Promise<MetricSeries[]>;
  /** Notes that so many entries of the history were published; a run that has ended is done with then. */
  notePublished(runId: string, published: number): Promise<void>;
  /** Notes that the sums of its folder know how a run ended, which is done with then. */
  noteSettled(runId: string, spending: RunSpending): Promise<void>;
}

/**
 * Firestore: the queues of runs that wait for their turn, and `queues/{kind}`, what Vertex AI's refusals have shown. The poll function
 * alone writes that, and alone lets runs out of a queue.
 */
export interface JobQueues {
  /** Whether any run waits for its turn. */
  isAnyWaiting(): Promise<boolean>;
  /** The oldest runs of a queue, at most so many; those after this key, where there is one. */
  first(kind: JobKind, most: number, after?: string): Promise<Run[]>;
  /** The place that a run with this key has, or would have: 1 is next. */
  placeOf(kind: JobKind, key: string): Promise<number>;
  /** The runs of a queue before this key, oldest first, at most so many: as much of them as the turn of the next is reckoned from. */
  before(kind: JobKind, key: string, most: number): Promise<WaitingRun[]>;
  /** Every run whose job is being made or lives; documents of later versions as far as they can be read. */
  active(): Promise<ActiveRun[]>;
  /** Every limit that is known. */
  learnt(): Promise<LearntLimit[]>;
  learntOf(kind: JobKind): Promise<LearntLimit | undefined>;
  /** Writes the limit of a kind; undefined forgets it. */
  saveLearnt(kind: JobKind, limit: LearntLimit | undefined): Promise<void>;
}

/**
 * Firestore: `spending/{folderId}/months/{month}`, what the runs of a top-level folder cost in a month, and `spending/{folderId}/runs/{runId}`,
 * the one reservation of each run. The poll function alone writes them; each call may come twice, and the second changes nothing.
 */
export interface Spending {
  /** What is spent or reserved of the month that is asked for, in US dollars, how many runs were let out today, and whether the run is in the sums. */
  look(request: SpendingRequest): Promise<{ spentUsd: number; ranToday: number; isReserved: boolean }>;
  /** Puts a run into the sums of the month that is asked for, if it fits and is in none, of whatever month. */
  reserve(request: ReserveRequest): Promise<ReserveResult>;
  /** Tells the sums how a run ended; the month in which it is. */
  settle(request: SettleRequest): Promise<string>;
}

/** What identifies a job's curves. */
export type TunedJob = Pick<JobObservation, 'name' | 'numericId' | 'createTime' | 'endTime'>;

/** The guide's way out of internal errors in a project that never tuned a model. */
export interface ProjectWarmUp {
  /** Warms the project in a region, once for all runs; when that was, RFC 3339 UTC. Throws TuneError. */
  ensure(region: string): Promise<string>;
}

/** `projects/{region}`: what was done once to the project. */
export interface ProjectNotes {
  warmedAt(region: string): Promise<string | undefined>;
  noteWarmed(region: string, time: string): Promise<void>;
}

/** `deployment/inbox` and `deployment/unanswered`: what the deployment knows of itself. */
export interface DeploymentNotes {
  /** Since when uploads are this deployment's affair, RFC 3339 UTC: the time that was given first, ever. */
  takesUploadsSince(now: string): Promise<string>;
  /** Since when the jobs of runs could not be followed, as it was noted last: RFC 3339 UTC by the run's id. */
  unanswered(): Promise<Record<string, string>>;
  /** Notes that, in place of what was noted before. */
  noteUnanswered(since: Record<string, string>): Promise<void>;
}

/** Vertex AI's model registry. */
export interface ModelRegistry {
  /** A model by its resource name, with or without `@version`; undefined when there is none. Throws TuneError. */
  read(name: string): Promise<RegisteredModel | undefined>;
}

/** What a model said to one question. */
export interface ModelAnswer {
  text: string;
  /** Whether it ended at the most tokens that it may have. */
  isCut?: boolean | undefined;
  /** As Vertex AI bills them; undefined where it says nothing. Thinking is output. */
  tokens?: { input: number; output: number } | undefined;
  /** What answered, as it says itself: `modelVersion`. */
  answeredBy?: string | undefined;
}

/** Vertex AI's models, tuned ones and their bases. */
export interface ModelAsker {
  /** Asks one question, once. An answer that was withheld is an empty one. Throws TuneError. */
  ask(request: ModelRequest): Promise<ModelAnswer>;
}

/** Firestore: `durations/{model}/jobs/{runId}`, how long the jobs of a base model took. */
export interface JobDurations {
  /** The latest that are known, the newest first; none where nothing is. Those that cannot be read are left out. */
  of(model: string): Promise<FinishedJob[]>;
  /** Adds a job, once for each run. */
  add(model: string, job: FinishedJob): Promise<void>;
}

/** Firestore: `uploads/{uploadId}`, uploads that start nothing. Firestore deletes each after a month. */
export interface IgnoredUploads {
  /** Writes what is said of an upload; the same upload, noted twice, is one document. */
  note(id: string, upload: IgnoredUpload): Promise<void>;
  /** What is said there; undefined where nothing is, or what cannot be read. */
  get(id: string): Promise<IgnoredUpload | undefined>;
}

/** Firestore: `models/{modelId}`, as far as the end of a model goes. Documents that cannot be read are left out. */
export interface TunedModels {
  /** Models whose next notice is due, earliest first, at most so many. */
  dueForNotice(now: string, most: number): Promise<ModelDocument[]>;
  /** So many models, by id, from the first one after this id; `next` is where to go on, undefined on the last page. */
  page(
    after: string | undefined,
    most: number,
  ): Promise<{ models: ModelDocument[]; next?: string | undefined }>;
  /** Writes what `decideNoted` says of the document as it is then; nothing where it is gone. */
  note(model: string, note: EndingNote): Promise<void>;
}

/** Vertex AI TensorBoard. Errors: TuneError. */
export interface MetricsReader {
  /** Where the curves of a job are in a TensorBoard (full name); undefined while it has no experiment of the job. */
  find(tensorboard: string, job: TunedJob): Promise<CurveSource | undefined>;
  /** Where the curves of an experiment are that a job names, a metadata context (full name); undefined while it names no TensorBoard. */
  findExperiment(context: string): Promise<CurveSource | undefined>;
  /** Curves, whole, in the order of steps; of more than 10,000 points a choice of so many. One call for 20 series with fewer than 1,000. */
  read(source: CurveSource): Promise<Measured>;
}

export type CreateOutcome = { outcome: 'created' | 'adopted'; job: JobObservation };

/** Looks at a job; one that is over comes with its tasks. Undefined when it is gone. Throws TuneError. */
export type LookAtJob = (jobName: string) => Promise<JobObservation | undefined>;

/**
 * Who tunes: Vertex AI's `pipelineJobs` and `tuningJobs`. They differ in one thing that matters: with pipelineJobs the caller
 * chooses the id, so creating twice is harmless; with tuningJobs a lost answer has to be looked for by label.
 */
export interface TuningBackend {
  /** Whether `create` may be repeated at will for this plan. If not: claim first, and `find` before trying again. */
  createIsIdempotent(plan: Plan): boolean;
  /** Creates the job of an attempt at a plan, or adopts it when it exists already and is ours. Throws TuneError. */
  create(plan: Plan, attempt: number): Promise<CreateOutcome>;
  /** The job of an attempt at a plan, if it was made; of several the oldest. Throws TuneError. */
  find(plan: Plan, attempt: number): Promise<JobObservation | undefined>;
  /**
   * Every job of a plan, oldest first: more than one only where creating twice makes two. Thorough: also one that has lost its label,
   * if that takes reading every job there is. Throws TuneError.
   */
  findAll(plan: Plan, options: { isThorough: boolean }): Promise<JobObservation[]>;
  /**
   * The unfinished jobs of the project among which one may be that no run knows, ours or not. A region that cannot be read hides no
   * other: `onUnread` hears why.
   */
  unfinished(onUnread: (thrown: unknown) => void): Promise<JobObservation[]>;
  /** Begins to look at many jobs, with few calls in all; what it gives looks at one of them, and waits for no other. */
  observe(jobNames: string[]): Promise<LookAtJob>;
  /** Asks for the end of a job; it may still succeed first. */
  cancel(jobName: string): Promise<void>;
}
