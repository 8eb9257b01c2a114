import { serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import type { JsonObject } from './http/json.ts';
import { withProjectNumber } from './http/resource-names.ts';
import type { Routes } from './http/routes.ts';
import { createJobEngine } from './jobs/engine.ts';
import { createModelRegistry } from './models/model-registry.ts';
import { createOperations } from './operations/operations.ts';
import { jobView } from './pipeline-jobs/job-view.ts';
import { createPipelineJobs } from './pipeline-jobs/pipeline-jobs.ts';
import { pipelineLife } from './pipeline-jobs/task-run.ts';
import { createRequestHandler } from './request-handler.ts';
import { createPredictions } from './serving/predictions.ts';
import type { ObjectReader } from './storage/objects.ts';
import type { ScriptedFailure } from './store/pipeline-job.ts';
import { openStore } from './store/store.ts';
import { createTensorboards, ensureTensorboard } from './tensorboard/tensorboards.ts';
import { standInTrainer, type Trainer } from './training/trainer.ts';

export interface VertexOptions extends ServiceOptions {
  projectId: string;
  projectNumber: string;
  /** How pipelines read data sets; `storageReader(baseUrl)` reads the embedded storage. */
  readObject: ObjectReader;
  /** How long a job is pending and each task runs; 400 makes a job of about two seconds. */
  taskMs?: number | undefined;
  /** `activeJobs`: jobs that have not ended, over all regions; one more is refused with 429. */
  quota?: { activeJobs?: number };
  /** Does the tuning; without one nothing is trained, and the models say so. */
  trainer?: Trainer;
  /** Full names of TensorBoard instances that are there from the start. */
  tensorboards?: readonly string[];
}

export interface VertexService extends LocalService {
  /** Lets a task of the next job that has it fail with this code and message. */
  failNextJob(failure: ScriptedFailure): void;
  /** Every job of every region as `pipelineJobs.get` serves it, in order of creation. */
  jobs(): JsonObject[];
}

/**
 * Vertex AI's REST API for pipelineJobs, models, endpoints, operations and TensorBoard, for every region at one address: the
 * location comes from the path. State lives in `<dataDir>/vertex.db`; jobs that were running when the process died go on.
 */
export async function startVertex(options: VertexOptions): Promise<VertexService> {
  const {
    clock,
    log,
    projectId,
    projectNumber,
    readObject,
    taskMs = 400,
    trainer = standInTrainer,
  } = options;
  const store = openStore(options.dataDir);
  const life = pipelineLife({ store, clock, projectId, projectNumber, readObject, trainer, taskMs, log });
  const engine = createJobEngine(life, { clock, log });
  const activeJobs = options.quota?.activeJobs ?? Number.POSITIVE_INFINITY;
  const pipelineJobs = createPipelineJobs({ store, clock, engine, projectNumber, taskMs, activeJobs });
  const tensorboardOptions = { store, clock, taskMs, projectId, projectNumber };
  for (const name of options.tensorboards ?? []) {
    ensureTensorboard(tensorboardOptions, withProjectNumber(name, options));
  }
  const routes: Routes = {
    ...pipelineJobs.routes,
    ...createModelRegistry({ store, clock, taskMs }),
    ...createPredictions({ store, trainer }),
    ...createTensorboards(tensorboardOptions),
    ...createOperations({ store, clock, taskMs }),
  };
  const http = await serveHttp(options.port, createRequestHandler(options, routes), log);
  engine.resume();

  let closing: Promise<void> | undefined;
  const close = async () => {
    await http.close();
    await engine.close();
    await trainer.close?.();
    store.close();
  };
  return {
    address: http.address,
    failNextJob: pipelineJobs.failNextJob,
    jobs: () => store.list('job').map((job) => jobView(job, projectNumber)),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
