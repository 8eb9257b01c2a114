import type {
  DatasetStatistics,
  RecordStatistics,
  RelevanceStatistics,
} from '../../shared/core/dataset/statistics.ts';
import type { IssueReport } from '../../shared/core/issues/catalog.ts';
import type {
  DatasetSource,
  HistoryEntry,
  JobStatus,
  RunSpec,
  RunStatus,
  RunWork,
} from '../../shared/core/run/run.ts';
import type { HowToCall } from '../../shared/core/tuning/how-to-call.ts';
import type { Evaluation, MetricSeries, RunMetrics } from '../../shared/core/tuning/metrics.ts';
import type { Plan, PlannedTraining } from '../../shared/core/tuning/plan.ts';
import type { Progress } from '../../shared/core/tuning/progress.ts';
import type { ModelDocument, TuningResult } from '../../shared/core/tuning/results.ts';

/** What each field says, for people who read the document. A field without a sentence does not compile. */
type Meanings<Interface> = { readonly [Field in keyof Interface]-?: string };

export const STATUS: Meanings<RunStatus> = {
  state: 'Where the run is: one word of [states.md](states.md).',
  reason: 'Why it is there, one CamelCase word for programs, such as `DatasetMissing`.',
  message: 'The same for people, in one or two sentences: what happened and what comes next.',
  report: '`gs://` URI of `report.html`, a page to look at, written when the run ends.',
  folder: '`gs://` URI of the run’s folder in the results bucket: `status.json` and what else people read.',
  remedy: 'What you have to do; only where there is something to do.',
  createTime: 'When the run was made.',
  updateTime: 'When the document last changed.',
  validateTime: 'When the upload had passed every check.',
  submitTime: 'When Vertex AI had the job.',
  startTime: 'When Vertex AI began to work on it.',
  endTime: 'When the run ended.',
  datasets: 'What each file holds, by the key of the manifest that names it.',
  issues: 'The first issues, errors first; each kind is listed in [issues.md](issues.md).',
  issueCount: 'How many there are of each severity: exact, also when the list is cut.',
  issuesFile: '`gs://` URI of `issues.jsonl`, which has all of them, up to 50,000.',
  job: 'The job on Vertex AI.',
  progress: 'How far the job is, while it runs; a new one at every quarter.',
  model: 'Resource name of the tuned model.',
  endpoint: 'Resource name of the endpoint that serves it.',
  result: 'What the job left: model, endpoint, checkpoint, evaluation.',
  howToCall: 'The tuned model, ready to be asked by copy and paste.',
  metrics: 'What the curves of the tuning say in short; the curves are in `metrics/{name}`.',
  sameAs: 'The earlier run with the same bytes, as `runs/{runId}`; nothing was started then.',
  cancelRequested: 'When the end of the run was asked for, and by which generation of the manifest.',
  links: 'Pages of the Google Cloud console that belong to the run.',
  history: 'Every change of state, oldest first. Each is [published](run-events.md) for whoever listens.',
};

export const JOB: Meanings<JobStatus> = {
  name: 'Full resource name.',
  state: 'Vertex AI’s own state, as it spells it.',
  region: 'Where the job runs.',
  createTime: 'Vertex AI’s time.',
  startTime: 'Vertex AI’s time.',
  endTime: 'Vertex AI’s time.',
  attempt: 'Which try this job is; a job that has to be made anew gets another id.',
  nextAttemptAt: 'When the next attempt is due, after this job failed by something that passes.',
  failedTask: 'The step of the job that failed.',
  error: 'The failed step’s own words, else the job’s.',
};

export const PROGRESS: Meanings<Progress> = {
  percent: '0 to 100, rounded down.',
  step: 'The last training step that was measured.',
  ofSteps: 'The training steps that were planned.',
  estimatedEndTime:
    'When the last step will be done if the pace stays; upload and deployment follow it. An estimate.',
  tasksDone: 'Tasks of the job that are done, where no step was measured.',
  ofTasks: 'Tasks that such a job has, as far as Google says.',
  reason: 'Why it is as coarse as it is.',
};

export const RESULT: Meanings<TuningResult> = {
  model: 'Resource name of the model, without a version.',
  version: 'Its version.',
  modelVersion: 'Resource name with `@version`.',
  endpoint: 'Resource name of the endpoint that serves it; embedding models have none until you deploy them.',
  checkpointStep: 'The training step whose weights the model has, where the job says it.',
  stoppedAtStep:
    'The training step at which the job stopped early: as the job says it, else as it follows from the curves.',
  stoppedBecause: 'Why it stopped there, and how that is known.',
  evaluation: 'The evaluation at that checkpoint, where it is known which one the model is.',
  tunedBy:
    'What the job says of who trained the model: only the embedded cloud says it, of its small model or that nothing was trained.',
};

export const HOW_TO_CALL: Meanings<HowToCall> = {
  first: 'What has to be done before, such as deploying the model.',
  curl: 'For a shell with gcloud.',
  python: 'For Google’s SDK for Python.',
};

export const MODEL: Meanings<ModelDocument> = {
  model: 'Resource name, without a version.',
  version: 'Its version.',
  displayName: 'Its name for people.',
  baseModel: 'What was tuned.',
  runId: 'The run that made it.',
  endpoint: 'Resource name of the endpoint that serves it.',
  region: 'Where it is.',
  createTime: 'When it was registered, or else when the job ended.',
  labels: 'As the registry has them.',
};

export const METRICS: Meanings<RunMetrics> = {
  source: 'The TensorBoard that was asked: full resource name.',
  experiment: 'The experiment in it: full resource name.',
  matchedBy:
    '`id`: the experiment names the job. `time`: it is the only one that was made while the job ran, which is a guess.',
  step: 'The last training step of the curves.',
  latest: 'The last value of each metric, under Google’s name without its slash.',
  best: 'The best evaluation: the highest token accuracy, then the lowest loss, then the earliest step.',
  points: 'How many points of each metric are stored.',
  absent: 'Why there are no curves, in a sentence.',
};

export const EVALUATION: Meanings<Evaluation> = {
  step: 'The training step.',
  loss: '`/eval_total_loss` there.',
  tokenAccuracy: '`/eval_fraction_of_correct_next_step_preds` there: the share of tokens that were right.',
};

export const SERIES: Meanings<MetricSeries> = {
  name: 'Google’s name, with its slash.',
  points: 'The curve: step and value, in the order of steps, at most 1,000.',
};

export const ISSUE: Meanings<IssueReport> = {
  code: 'One snake_case word that never changes its meaning.',
  severity: '`error` refuses the run; with `warning` and `advice` it goes on.',
  file: 'The object, as a `gs://` URI, or a local path from the command line.',
  line: 'Its line, counted from 1.',
  path: 'The place in that line or in the manifest, such as `messages[2].author`.',
  message: 'One sentence: what is wrong, what was found, what was expected.',
  found: 'What was found. Never the text of an example.',
  expected: 'What was expected.',
  remedy: 'What to do next.',
};

export const STATISTICS: Meanings<DatasetStatistics> = {
  format: 'How the lines look.',
  role: 'What the file is for.',
  bytes: 'Its size.',
  lines: 'Lines, blank ones included.',
  blankLines: 'Lines that hold nothing.',
  examples: 'Lines that are not blank.',
  unusableExamples: 'Examples with at least one error.',
  inputCharacters: 'Length of the inputs in UTF-16 units: least, median, most.',
  outputCharacters: 'Length of the expected outputs, likewise.',
  tokens: 'Estimated tokens as intervals from `low` to `high`, with the method that estimated them.',
  duplicates: 'Examples that are there twice, and inputs with two different outputs.',
  labels: 'For classification: how many labels there are, and the most frequent.',
  chat: 'For conversations: messages, pairs, and how many have a context of their own.',
};

const FILE = {
  format: 'How the lines look.',
  role: 'What the file is for.',
  bytes: 'Its size.',
  lines: 'Lines, blank ones included.',
  blankLines: 'Lines that hold nothing.',
};

export const RECORD_STATISTICS: Meanings<RecordStatistics> = {
  ...FILE,
  examples: 'Queries or documents: lines that are not blank.',
  unusableExamples: 'Those with at least one error.',
  textCharacters: 'Length of the texts in UTF-16 units: least, median, most.',
  recordsWithTitle: 'Those with a title.',
  duplicateIds: 'Those whose id stood on a line before.',
};

export const RELEVANCE_STATISTICS: Meanings<RelevanceStatistics> = {
  ...FILE,
  examples: 'Labels: lines that are neither blank nor the header.',
  unusableExamples: 'Labels with at least one error.',
  queries: 'Different query ids.',
  relevant: 'Labels with a score above 0.',
  notRelevant: 'Labels with a score of 0.',
  withoutScore: 'Labels without a score of their own, which counts as 1.',
  unknownQueries: 'Different ids that no line of the queries has.',
  unknownDocuments: 'Different ids that no line of the corpus has.',
};

export const SPEC: Meanings<RunSpec> = {
  source: 'The uploaded manifest: bucket, name, generation, URI and time.',
  manifest: 'The manifest as it was read; of a refused one, the keys that were right.',
  manifestText: 'The text of a refused manifest, its first 4,000 characters.',
  datasets: 'The files that the manifest names, by its keys.',
  plan: 'What is asked of Vertex AI.',
  fingerprint: 'Equal for two uploads of the same bytes to the same path.',
};

export const SOURCE: Meanings<DatasetSource> = {
  uri: 'Where it was uploaded.',
  generation: 'Which version of that object was taken.',
  sizeBytes: 'Its size.',
  crc32c: 'Its checksum, CRC-32C, as Cloud Storage gives it.',
  stagedUri: 'The copy that was checked and is trained on. No uploader can change it.',
};

export const PLAN: Meanings<Plan> = {
  runId: 'The run.',
  project: 'The project that the job runs in.',
  baseModel: 'The model to tune.',
  modelDisplayName: 'The name of the tuned model.',
  templateUri: 'Google’s template that tunes it.',
  pipelineName: 'The beginning of the job’s id.',
  regions: 'Where the pipeline job runs, where the model goes, where it is trained.',
  accelerator: 'What it is trained on, in words.',
  training: 'Steps, batch size, and what follows from them.',
  parameters: 'What is sent to the template, as it is.',
  templateDefaults: 'What is not sent, and what the template takes then, as far as Google documents it.',
  outputDirectory: 'Where the pipeline writes its artifacts.',
  serviceAccount: 'Who the pipeline runs as.',
  encryptionKey: 'The customer-managed key.',
  labels: 'Your labels; the product adds its own.',
  isDryRun: 'True: checked and planned only.',
  notes: 'What the manifest left open and what was made of it, in sentences.',
};

export const TRAINING: Meanings<PlannedTraining> = {
  steps: 'Training steps.',
  batchSize: 'Examples a step.',
  examples: 'Examples of the training data.',
  epochs: 'Passes over the data: steps × batch size ÷ examples.',
  evaluations: 'Data points that evaluation gives, without early stopping.',
};

export const WORK: Meanings<RunWork> = {
  nextAction: 'What is to be done next; null when nothing is.',
  nextActionAt: 'When it is due. A run that is followed stays due until it ends.',
  epoch: 'Raised at every claim; a writer with an older one is refused.',
  owner: 'Who has claimed the next action.',
  leaseUntil: 'Until when.',
  attempts: 'Tries of the next action that came to nothing, since the last progress.',
  requests: 'How often the function of the next action was asked again without an answer.',
  waitingSince: 'When the present wait began.',
  revision: 'Raised at every change of the document.',
  waitingFor: '`gs://` URIs whose upload the run waits for.',
  fault:
    'Why the run waits by no fault of its own: `version`, the revision of the function that met a fault; `tries`, how often it did; `since`, when first.',
  told: 'How many changes of state were published for certain; the others are published again.',
};

export const HISTORY: Meanings<HistoryEntry> = {
  time: 'When.',
  from: 'The state before; the first has none.',
  to: 'The state after.',
  reason: 'As `status.reason` was then.',
  message: 'As `status.message` was then.',
};
