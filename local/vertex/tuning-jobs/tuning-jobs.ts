/** The methods of `projects.locations.tuningJobs`. There is no delete, and no id of the caller's own. */
import type { Clock } from '../../clock.ts';
import { invalid, VertexError } from '../http/api-error.ts';
import { resourceId } from '../http/ids.ts';
import { type JsonObject, present, toSnake, unlessEmpty } from '../http/json.ts';
import { type Listing, listPage } from '../http/listing.ts';
import { BAD_REQUEST, type FieldViolation } from '../http/message.ts';
import type { ApiRequest, Routes } from '../http/routes.ts';
import { isoTime, isoTimeOf } from '../http/time.ts';
import type { JobEngine } from '../jobs/engine.ts';
import { findModelVersion } from '../models/model-versions.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { VertexStore } from '../store/store.ts';
import type { ScriptedTuningFailure, TuningJobRecord } from '../store/tuning-job.ts';
import { foundErrors, readTuningJobRequest, type TuningRequest } from './create-request.ts';
import { checkFirstRow } from './dataset.ts';
import { datasetsOf } from './datasets.ts';
import { experimentRoutes } from './experiments.ts';
import { hasEnded } from './job-life.ts';
import { tuningJobView } from './job-view.ts';
import { specOf } from './model-rules.ts';
import { RowProblem } from './rows.ts';

export interface TuningJobsOptions {
  store: VertexStore;
  clock: Clock;
  engine: JobEngine<TuningJobRecord>;
  projectId: string;
  projectNumber: string;
  readObject: ObjectReader;
  stageMs: number;
  concurrentJobs: number;
  /** What happens to a job over the quota; both are reported of the real service. */
  whenFull: 'wait' | 'refuse';
  /** A new job is in no list for so long. */
  listLagMs: number;
  isNewProject: boolean;
}

export interface TuningJobs {
  routes: Routes;
  failNextTuningJob(failure: ScriptedTuningFailure): void;
}

const LISTING: Listing<TuningJobRecord> = {
  fields: {
    name: ({ name }) => name,
    state: ({ state }) => state,
    base_model: ({ baseModel }) => baseModel,
    tuned_model_display_name: ({ echo }) => String(echo.tunedModelDisplayName ?? ''),
    create_time: ({ createMs }) => isoTime(createMs),
    update_time: ({ updateMs }) => isoTime(updateMs),
    end_time: ({ endMs }) => isoTimeOf(endMs),
    labels: ({ labels }) => labels,
  },
  orderFields: ['create_time'],
  defaultOrder: 'create_time desc',
};

export function createTuningJobs(options: TuningJobsOptions): TuningJobs {
  const { store, engine } = options;
  const failures: ScriptedTuningFailure[] = [];
  return {
    failNextTuningJob: (failure) => {
      failures.push(failure);
    },
    routes: {
      'POST tuningJobs': {
        method: 'tuningJobs.create',
        handle: async (request) => {
          const wanted = await checkedRequest(request, options);
          checkQuota(wanted, options);
          const job = { ...newJob(wanted, request, options), scriptedFailure: failures.shift() };
          engine.admit(job);
          return tuningJobView(job, request.version);
        },
      },
      'GET tuningJobs': { method: 'tuningJobs.list', handle: (request) => list(request, options) },
      'GET tuningJobs/*': {
        method: 'tuningJobs.get',
        handle: (request) => tuningJobView(find(store, request), request.version),
      },
      'POST tuningJobs/*:cancel': {
        method: 'tuningJobs.cancel',
        // What cancelling an ended job answers is not documented; here it changes nothing and answers as usual.
        handle: (request) => {
          engine.cancel(find(store, request));
          return {};
        },
      },
      ...unimplemented,
      ...experimentRoutes(store),
    },
  };
}

/** Methods that the real service has and this one does not do. */
const unimplemented: Routes = Object.fromEntries(
  ['rebaseTunedModel', 'validateReinforcementTuningReward', 'optimizePrompt', 'processData'].map((verb) => [
    `POST tuningJobs:${verb}`,
    {
      method: `tuningJobs.${verb}`,
      handle: () => {
        throw new VertexError('UNIMPLEMENTED', `The embedded service does not do tuningJobs.${verb}.`);
      },
    },
  ]),
);

function find(store: VertexStore, { name }: ApiRequest): TuningJobRecord {
  const job = store.get('tuningJob', name);
  // That a missing job is 404 NOT_FOUND is documented, the sentence is not.
  if (!job) throw new VertexError('NOT_FOUND', `The TuningJob ${name} does not exist.`);
  return job;
}

/** The request, once nothing speaks against it: neither its fields nor its data, of which `create` looks at the first row. */
async function checkedRequest(request: ApiRequest, options: TuningJobsOptions): Promise<TuningRequest> {
  const wanted = readTuningJobRequest(request, { ...options, nowMs: options.clock.now() });
  await checkObjects(wanted, options.readObject);
  const { training } = datasetsOf(wanted, options.readObject);
  // Of open models it is not known that `create` looks at their data.
  if (wanted.kind === 'open') return wanted;
  try {
    await checkFirstRow(training);
  } catch (error) {
    if (error instanceof RowProblem) throw invalid(`Row: 0. ${error.message}`);
    throw error;
  }
  return wanted;
}

const DATASET_RESOURCE = /^projects\/[^/]+\/locations\/[^/]+\/datasets\/[^/]+$/;
/** Of the size of the training file, for open models (Google's skill for tuning). */
const MAX_VALIDATION_SHARE = 0.25;

/** Google's sentence says no more about a file that is missing, cannot be read or has another name. */
async function checkObjects(wanted: TuningRequest, readObject: ObjectReader): Promise<void> {
  const { path, spec } = specOf(wanted.echo);
  const violations: FieldViolation[] = [];
  const sizes: number[] = [];
  for (const [field, isRequired] of [
    ['trainingDatasetUri', true],
    ['validationDatasetUri', false],
  ] as const) {
    const uri = String(spec[field] ?? '');
    if (uri === '' && !isRequired) continue;
    if (DATASET_RESOURCE.test(uri)) throw new VertexError('NOT_FOUND', `The Dataset ${uri} does not exist.`);
    const object = /^gs:\/\/.+\.jsonl$/i.test(uri) ? await readObject(uri) : undefined;
    sizes.push(object?.size ?? 0);
    if (object && object.size > 0) continue;
    const description = `${toSnake(field)} should be a GCS object of type JSONL.`;
    violations.push({ field: `${path}.${toSnake(field)}`, description });
  }
  const [training = 0, validation = 0] = sizes;
  if (violations.length === 0 && wanted.kind === 'open' && validation > MAX_VALIDATION_SHARE * training) {
    const description = 'It has more than 25% of the size of the training data.';
    violations.push({ field: `${path}.validation_dataset_uri`, description });
  }
  if (violations.length > 0) throw foundErrors(violations);
}

/** The metric is that of the real quota; what its refusal says beside it is not known. */
function checkQuota({ kind }: TuningRequest, { store, concurrentJobs, whenFull }: TuningJobsOptions): void {
  if (whenFull === 'wait') return;
  const active = store.list('tuningJob').filter((job) => job.kind === kind && !hasEnded(job)).length;
  if (active < concurrentJobs) return;
  throw new VertexError(
    'RESOURCE_EXHAUSTED',
    'The following quota metrics exceed quota limits: aiplatform.googleapis.com/global_concurrent_tuning_jobs',
  );
}

function newJob(
  wanted: TuningRequest,
  request: ApiRequest,
  { store, clock, stageMs }: TuningJobsOptions,
): TuningJobRecord {
  const nowMs = clock.now();
  const uid = resourceId(request.parent, String(nowMs), crypto.randomUUID());
  const { preTuned, baseModel } = wanted;
  const parent = preTuned && findModelVersion(store, preTuned.model, preTuned.version);
  // A name is made up from the base model where none is asked for; a job that goes on from a model keeps its name.
  const otherwise = parent?.displayName ?? `${baseModel.split('@').at(-1)}-${crypto.randomUUID()}`;
  const tunedModelDisplayName = wanted.echo.tunedModelDisplayName || otherwise;
  return {
    ...wanted,
    ...{ name: `${request.parent}/tuningJobs/${uid}`, uid, location: request.location },
    ...{ state: 'JOB_STATE_PENDING', stage: 'PENDING' },
    ...{ createMs: nowMs, updateMs: nowMs, dueMs: nowMs + stageMs },
    echo: { ...wanted.echo, tunedModelDisplayName },
  };
}

const LIST_PARAMETERS = new Set(['filter', 'page_size', 'page_token']);
/** Parameters of every Google API. */
const SYSTEM_PARAMETERS =
  /^(?:\$.*|alt|access_token|callback|fields|key|oauth_token|pretty_print|quota_user|upload_type|upload_protocol)$/;

/** There is neither an order nor a mask to ask for. */
function checkListParameters(query: URLSearchParams): void {
  const unknown = [...query.keys()].filter(
    (name) => !LIST_PARAMETERS.has(toSnake(name)) && !SYSTEM_PARAMETERS.test(toSnake(name)),
  );
  if (unknown.length === 0) return;
  const fieldViolations = unknown.map((name) => ({
    description: `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
  }));
  const message = fieldViolations.map(({ description }) => description).join('\n');
  throw new VertexError('INVALID_ARGUMENT', message, [{ '@type': BAD_REQUEST, fieldViolations }]);
}

function list(
  { name, query, version }: ApiRequest,
  { store, clock, listLagMs }: TuningJobsOptions,
): JsonObject {
  checkListParameters(query);
  const newest = clock.now() - listLagMs;
  const listed = store
    .list('tuningJob')
    .filter((job) => job.name.startsWith(`${name}/`) && job.createMs <= newest);
  const { items, nextPageToken } = listPage(listed, query, LISTING);
  return present({ tuningJobs: unlessEmpty(items.map((job) => tuningJobView(job, version))), nextPageToken });
}
