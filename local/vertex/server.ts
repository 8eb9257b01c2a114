import { serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import type { JsonObject } from './http/json.ts';
import { withProjectNumber } from './http/resource-names.ts';
import type { Routes } from './http/routes.ts';
import { withCreatePace } from './jobs/create-pace.ts';
import { createJobEngine } from './jobs/engine.ts';
import { createModelRoutes } from './models/model-registry.ts';
import { createOperations } from './operations/operations.ts';
import { jobView } from './pipeline-jobs/job-view.ts';
import { createPipelineJobs } from './pipeline-jobs/pipeline-jobs.ts';
import { pipelineLife } from './pipeline-jobs/task-run.ts';
import { createVertexHandler } from './request-handler.ts';
import { createGenerateContent } from './serving/generate-content.ts';
import { createPredictions } from './serving/predictions.ts';
import type { ObjectWriter } from './storage/object-writer.ts';
import type { ObjectReader } from './storage/objects.ts';
import type { ScriptedFailure } from './store/pipeline-job.ts';
import { openVertexStore, type VertexStore } from './store/store.ts';
import type { ScriptedTuningFailure } from './store/tuning-job.ts';
import { createTensorboards, ensureTensorboard } from './tensorboard/tensorboards.ts';
import { standInTrainer, type Trainer } from './training/trainer.ts';
import { tuningJobView } from './tuning-jobs/job-view.ts';
import { createTuningJobs } from './tuning-jobs/tuning-jobs.ts';
import { tuningLife } from './tuning-jobs/tuning-life.ts';

export interface VertexOptions extends ServiceOptions {
  projectId: string;
  projectNumber: string;
  /** How pipelines read data sets; `storageReader(baseUrl)` reads the embedded storage. */
  readObject: ObjectReader;
  /** Where tuning jobs of open models write; without it they write nothing. */
  writeObject?: ObjectWriter | undefined;
  /** How long a job is pending and each task runs; 400 makes a job of about two seconds. */
  taskMs?: number | undefined;
  /** `activeJobs`: jobs that have not ended, over all regions; one more is refused with 429. */
  quota?: { activeJobs?: number };
  /** Jobs of all kinds that may be created in any minute; one more is refused with 429. */
  createsPerMinute?: number | undefined;
  tuningJobs?: TuningJobsSettings | undefined;
  /** Does the tuning; without one nothing is trained, and the models say so. */
  trainer?: Trainer;
  /** Full names of TensorBoard instances that are there from the start. */
  tensorboards?: readonly string[];
}

export interface TuningJobsSettings {
  /** How many run at once over all locations, of Gemini and of open models each: 1, as a new project has it. */
  concurrentJobs?: number | undefined;
  /** What becomes of the others: they wait (the default), or are refused with 429. */
  whenFull?: 'wait' | 'refuse' | undefined;
  /** How long a new job is in no list. */
  listLagMs?: number | undefined;
  /** A project that did not use the retiring models while they were open to it. */
  isNewProject?: boolean | undefined;
}

export interface VertexService extends LocalService {
  /** Lets a task of the next job that has it fail with this code and message. */
  failNextJob(failure: ScriptedFailure): void;
  /** Lets the next tuning job that is created fail at this stage. */
  failNextTuningJob(failure: ScriptedTuningFailure): void;
  /** Every tuning job of every location as `tuningJobs.get` of v1beta1 serves it, in order of creation. */
  tuningJobs(): JsonObject[];
  /** Every job of every region as `pipelineJobs.get` serves it, in order of creation. */
  jobs(): JsonObject[];
}

const DEFAULT_TASK_MS = 400;

/**
 * Vertex AI's REST API for pipelineJobs, tuningJobs, models, endpoints, operations and TensorBoard, for every location at one
 * address: the location comes from the path. State lives in `<dataDir>/vertex.db`; jobs that were running when the process died
 * go on.
 */
export async function startVertex(options: VertexOptions): Promise<VertexService> {
  const { log, projectNumber, trainer = standInTrainer, taskMs = DEFAULT_TASK_MS } = options;
  const store = openVertexStore(options.dataDir);
  const parts: Parts = { ...options, store, trainer, taskMs };
  const pipelines = startPipelineJobs(parts);
  const tunings = startTuningJobs(parts);
  for (const name of options.tensorboards ?? []) ensureTensorboard(parts, withProjectNumber(name, options));
  const routes: Routes = {
    ...pipelines.routes,
    ...tunings.routes,
    ...createModelRoutes(parts),
    ...createPredictions(parts),
    ...createGenerateContent({ ...parts, isNewProject: options.tuningJobs?.isNewProject ?? false }),
    ...createTensorboards(parts),
    ...createOperations(parts),
  };
  const http = await serveHttp(
    options.port,
    createVertexHandler(options, withCreatePace(routes, options)),
    log,
  );
  const engines = [pipelines.engine, tunings.engine];
  for (const engine of engines) engine.resume();

  let closing: Promise<void> | undefined;
  const close = async () => {
    await http.close();
    await Promise.all(engines.map((engine) => engine.close()));
    await trainer.close?.();
    store.close();
  };
  return {
    address: http.address,
    failNextJob: pipelines.failNextJob,
    failNextTuningJob: tunings.failNextTuningJob,
    jobs: () => store.list('job').map((job) => jobView(job, projectNumber)),
    tuningJobs: () => store.list('tuningJob').map((job) => tuningJobView(job, 'v1beta1')),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

type Parts = VertexOptions & { store: VertexStore; trainer: Trainer; taskMs: number };

function startPipelineJobs(parts: Parts) {
  const engine = createJobEngine(pipelineLife(parts), parts);
  const activeJobs = parts.quota?.activeJobs ?? Number.POSITIVE_INFINITY;
  return { engine, ...createPipelineJobs({ ...parts, engine, activeJobs }) };
}

function startTuningJobs(parts: Parts) {
  const { tuningJobs: settings = {}, taskMs: stageMs } = parts;
  const { concurrentJobs = 1, whenFull = 'wait', listLagMs = 0, isNewProject = false } = settings;
  const engine = createJobEngine(tuningLife({ ...parts, stageMs, concurrentJobs }), parts);
  const options = { ...parts, engine, stageMs, concurrentJobs, whenFull, listLagMs, isNewProject };
  return { engine, ...createTuningJobs(options) };
}
