import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../faults.ts';
import { readBody, sendJson, serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { ApiError, apiErrorBody, errorBody, invalid } from './http/api-error.ts';
import { isJsonObject, type JsonObject } from './http/json.ts';
import { withProjectNumber } from './http/resource-names.ts';
import { findRoute, type Routes, type Target } from './http/routes.ts';
import { createModelRegistry } from './models/model-registry.ts';
import { createOperations } from './operations/operations.ts';
import { createEngine } from './pipeline-jobs/engine.ts';
import { jobView } from './pipeline-jobs/job-view.ts';
import { createPipelineJobs } from './pipeline-jobs/pipeline-jobs.ts';
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
  const engine = createEngine({
    store,
    clock,
    projectId,
    projectNumber,
    readObject,
    trainer,
    taskMs,
    log,
  });
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
  const http = await serveHttp(options.port, createHandler(options, routes), log);
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

function createHandler(options: VertexOptions, routes: Routes) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = await outcome(async () => {
      const target = findRoute(routes, request.method ?? 'GET', url.pathname);
      const fault = options.faults.next(target.route.method);
      const serve = () => call(options, target, request);
      return fault.kind === 'ok' ? { status: 200, body: await serve() } : meet(fault, serve);
    });
    if (answer === 'reset') request.socket.destroy();
    else sendJson(response, answer.status, answer.body);
  };
}

type Answer = { status: number; body: JsonObject } | 'reset';

async function outcome(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.http, body: apiErrorBody(error) };
  }
}

/** Plays a scripted fault, after the work where the script says so. */
async function meet(
  fault: Exclude<Fault, { kind: 'ok' }>,
  serve: () => Promise<JsonObject>,
): Promise<Answer> {
  if (fault.afterEffect) await outcome(async () => ({ status: 200, body: await serve() }));
  if (fault.kind === 'reset') return 'reset';
  const message = fault.message ?? 'An error that the fault script ordered.';
  return { status: fault.status, body: errorBody(fault.status, message) };
}

async function call(options: VertexOptions, target: Target, request: IncomingMessage): Promise<JsonObject> {
  checkCaller(options, target, request);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const parent = `projects/${options.projectNumber}/locations/${target.location}`;
  return target.route.handle({
    parent,
    location: target.location,
    id: target.id,
    name: `${parent}/${target.path}`,
    query: url.searchParams,
    body: parseBody(await readBody(request)),
  });
}

function checkCaller(options: VertexOptions, target: Target, request: IncomingMessage): void {
  if (!/^Bearer \S+/i.test(request.headers.authorization ?? '')) {
    throw new ApiError(
      'UNAUTHENTICATED',
      'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    );
  }
  if (target.project !== options.projectId && target.project !== options.projectNumber) {
    throw new ApiError(
      'PERMISSION_DENIED',
      `Permission 'aiplatform.${target.route.method}' denied on resource '//aiplatform.googleapis.com/projects/${target.project}/locations/${target.location}' (or it may not exist).`,
    );
  }
}

function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  try {
    const body: unknown = JSON.parse(bytes.toString());
    if (isJsonObject(body)) return body;
  } catch {
    // Refused below like any other body that is no object.
  }
  throw invalid('Invalid JSON payload received. Expected a JSON object.');
}
