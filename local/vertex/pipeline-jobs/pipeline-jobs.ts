/** The methods of `projects.locations.pipelineJobs`. */
import type { Clock } from '../../clock.ts';
import { invalid, VertexError } from '../http/api-error.ts';
import { resourceId } from '../http/ids.ts';
import { type JsonObject, present, queryParameter, unlessEmpty } from '../http/json.ts';
import { applyReadMask, type Listing, listPage } from '../http/listing.ts';
import type { ApiRequest, Routes } from '../http/routes.ts';
import { isoTime } from '../http/time.ts';
import type { JobEngine } from '../jobs/engine.ts';
import { startOperation } from '../operations/operations.ts';
import type { PipelineJobRecord, ScriptedFailure } from '../store/pipeline-job.ts';
import type { VertexStore } from '../store/store.ts';
import { type PipelineJobRequest, readPipelineJobRequest } from './create-request.ts';
import { hasPipelineEnded } from './job-life.ts';
import { jobSummary, jobView, templateVersion } from './job-view.ts';
import { TASK_NAMES, templateOf } from './templates.ts';

export interface PipelineJobsOptions {
  store: VertexStore;
  clock: Clock;
  engine: JobEngine<PipelineJobRecord>;
  projectNumber: string;
  taskMs: number;
  activeJobs: number;
}

export interface PipelineJobs {
  routes: Routes;
  failNextJob(failure: ScriptedFailure): void;
}

const JOB_ID = /^[a-z][-a-z0-9]{0,126}$/;

/** The server adds it to every job, over whatever the caller wrote there (discovery document). */
const BILLING_LABEL = 'vertex-ai-pipelines-run-billing-id';

const LISTING: Listing<PipelineJobRecord> = {
  fields: {
    display_name: (job) => String(job.echo.displayName ?? job.id),
    pipeline_name: (job) => templateOf(job.templateUri).pipelineName,
    pipeline_job_user_id: (job) => job.id,
    state: (job) => job.state,
    create_time: (job) => isoTime(job.createMs),
    start_time: (job) => (job.startMs === undefined ? undefined : isoTime(job.startMs)),
    update_time: (job) => isoTime(job.updateMs),
    end_time: (job) => (job.endMs === undefined ? undefined : isoTime(job.endMs)),
    template_uri: (job) => job.templateUri,
    'template_metadata.version': (job) => templateVersion(job.templateUri),
    labels: (job) => job.labels,
  },
  orderFields: ['create_time', 'update_time', 'end_time', 'start_time'],
  defaultOrder: 'create_time desc',
};

export function createPipelineJobs(options: PipelineJobsOptions): PipelineJobs {
  const { store, engine, projectNumber } = options;
  const failures: ScriptedFailure[] = [];
  const view = (job: PipelineJobRecord) => jobView(job, projectNumber);
  return {
    failNextJob: (failure) => {
      if (!TASK_NAMES.has(failure.task)) throw new Error(`no pipeline has a task ${failure.task}`);
      failures.push(failure);
    },
    routes: {
      'POST pipelineJobs': {
        method: 'pipelineJobs.create',
        handle: (request) => {
          const job = prepare(request, options);
          const scriptedFailure = takeFailure(failures, job);
          engine.admit(scriptedFailure ? { ...job, scriptedFailure } : job);
          return view(job);
        },
      },
      'GET pipelineJobs': { method: 'pipelineJobs.list', handle: (request) => list(request, options) },
      'GET pipelineJobs/*': {
        method: 'pipelineJobs.get',
        handle: (request) => view(find(store, request)),
      },
      'POST pipelineJobs/*:cancel': {
        method: 'pipelineJobs.cancel',
        // What cancelling an ended job answers is not documented; here it changes nothing and answers as usual.
        handle: (request) => {
          engine.cancel(find(store, request));
          return {};
        },
      },
      'DELETE pipelineJobs/*': {
        method: 'pipelineJobs.delete',
        handle: (request) => remove(request, options),
      },
    },
  };
}

function find(store: VertexStore, { name }: ApiRequest): PipelineJobRecord {
  const job = store.get('job', name);
  // That a missing job is 404 NOT_FOUND is documented, the sentence is not.
  if (!job) throw new VertexError('NOT_FOUND', `The PipelineJob ${name} does not exist.`);
  return job;
}

/** The job that a create request makes, if nothing speaks against it. */
function prepare(request: ApiRequest, options: PipelineJobsOptions): PipelineJobRecord {
  const { store, clock } = options;
  const wanted = readPipelineJobRequest(request.body);
  const askedId = queryParameter(request.query, 'pipelineJobId');
  if (askedId !== undefined && !JOB_ID.test(askedId)) {
    throw invalid(
      `Invalid pipeline_job_id "${askedId}": it must match ^[a-z][-a-z0-9]{0,127}$ and be shorter than 128.`,
    );
  }
  const id = askedId ?? freeId(store, request.parent, wanted.template.pipelineName, clock.now());
  const name = `${request.parent}/pipelineJobs/${id}`;
  if (store.get('job', name)) {
    throw new VertexError('ALREADY_EXISTS', 'Pipeline job with the specified ID already exists.');
  }
  checkQuota(store, options.activeJobs);
  const job = newJob(wanted, { name, id, location: request.location, nowMs: clock.now() });
  return { ...job, dueMs: clock.now() + options.taskMs };
}

/** The first scripted failure of a task that this job has. */
function takeFailure(failures: ScriptedFailure[], job: PipelineJobRecord): ScriptedFailure | undefined {
  const { tasks } = templateOf(job.templateUri);
  const index = failures.findIndex((failure) => tasks.includes(failure.task));
  return index < 0 ? undefined : failures.splice(index, 1)[0];
}

function list({ parent, query }: ApiRequest, { store, projectNumber }: PipelineJobsOptions): JsonObject {
  const inParent = store.list('job').filter((job) => job.name.startsWith(`${parent}/`));
  const { items, nextPageToken } = listPage(inParent, query, LISTING);
  const readMask = queryParameter(query, 'readMask');
  const views = items.map((job) => applyReadMask(jobSummary(job, projectNumber), readMask));
  return present({ pipelineJobs: unlessEmpty(views), nextPageToken });
}

function remove(request: ApiRequest, options: PipelineJobsOptions): JsonObject {
  const job = find(options.store, request);
  // Inferred: the documentation does not say what deleting a job that has not ended answers.
  if (!hasPipelineEnded(job)) {
    throw new VertexError('FAILED_PRECONDITION', `The PipelineJob ${job.name} is in state ${job.state}.`);
  }
  options.store.remove('job', job.name);
  return startOperation(options, request.parent, job.name);
}

/**
 * The shape is that of a real quota refusal. That it comes at create, and for a number of jobs over all regions, is inferred:
 * for accelerators it is also reported as a failure of the tuning task, which `failNextJob` can play.
 */
function checkQuota(store: VertexStore, activeJobs: number): void {
  if (activeJobs === Number.POSITIVE_INFINITY) return;
  const active = store.list('job').filter((job) => !hasPipelineEnded(job)).length;
  if (active < activeJobs) return;
  throw new VertexError(
    'RESOURCE_EXHAUSTED',
    'The following quota metrics exceed quota limits: aiplatform.googleapis.com/restricted_image_training_nvidia_a100_80gb_gpus',
  );
}

function newJob(
  wanted: PipelineJobRequest,
  at: { name: string; id: string; location: string; nowMs: number },
): PipelineJobRecord {
  const { name, id, location, nowMs } = at;
  const uid = resourceId(name, String(nowMs), crypto.randomUUID());
  return {
    name,
    id,
    location,
    uid,
    state: 'PIPELINE_STATE_PENDING',
    createMs: nowMs,
    updateMs: nowMs,
    templateUri: wanted.templateUri,
    parameters: wanted.parameters,
    labels: { ...wanted.labels, [BILLING_LABEL]: uid },
    echo: wanted.echo,
    tasks: [],
  };
}

/** As the service names jobs that come without an id: pipeline name and time. */
function freeId(store: VertexStore, parent: string, pipelineName: string, nowMs: number): string {
  const stem = `${pipelineName}-${isoTime(nowMs).replace(/\D/g, '').slice(0, 14)}`;
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? stem : `${stem}-${count}`;
    if (!store.get('job', `${parent}/pipelineJobs/${id}`)) return id;
  }
}
