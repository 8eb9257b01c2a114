/** Checks the body of tuningJobs.create, all but the data. */
import { VertexError } from '../http/api-error.ts';
import { isJsonObject, type JsonObject } from '../http/json.ts';
import { type Labels, readLabels } from '../http/labels.ts';
import { BAD_REQUEST, type FieldViolation, readMessage } from '../http/message.ts';
import { withProjectNumber } from '../http/resource-names.ts';
import type { ApiRequest } from '../http/routes.ts';
import { findModelVersion } from '../models/model-versions.ts';
import { type TunedRecord, weightsName } from '../store/models.ts';
import type { VertexStore } from '../store/store.ts';
import type { PreTunedModel, TuningJobRecord } from '../store/tuning-job.ts';
import { availableModel, type BaseModel, OPEN_MODEL_REGIONS } from './base-models.ts';
import { OTHER_SPECS, TUNING_JOB } from './messages.ts';
import { modelViolations } from './model-rules.ts';

/** What a well-formed create request asks for. */
export type TuningRequest = Pick<
  TuningJobRecord,
  'baseModel' | 'kind' | 'method' | 'preTuned' | 'labels' | 'echo'
>;

export interface CreateContext {
  store: VertexStore;
  projectId: string;
  projectNumber: string;
  nowMs: number;
  /** A project that did not use the retiring models while they were open to it. */
  isNewProject: boolean;
}

const SPECS = { supervisedTuningSpec: 'supervised', preferenceOptimizationSpec: 'preference' } as const;

/** Throws what the real service is known to answer; what its sentence is not known of is said in words of our own. */
export function readTuningJobRequest(request: ApiRequest, context: CreateContext): TuningRequest {
  const { version, body } = request;
  const job = readMessage(TUNING_JOB[version], body, {
    path: 'tuning_job',
    package: `google.cloud.aiplatform.${version}`,
  });
  const other = OTHER_SPECS.find((spec) => job[spec] !== undefined);
  if (other) throw new VertexError('UNIMPLEMENTED', `The embedded service does not do ${other}.`);
  const violations = presenceViolations(job);
  if (violations.length > 0) throw foundErrors(violations);

  const labels: Labels = readLabels(job.labels);
  const preTuned = readPreTuned(job, request, context);
  const baseModel = preTuned?.baseModel ?? String(job.baseModel);
  const model = availableModel(baseModel, request.parent, context);
  checkPlace(model, job, request.location);
  const found = modelViolations(model, job);
  if (found.length > 0) throw foundErrors(found);
  const { labels: _, ...echo } = job;
  return {
    ...{ baseModel, kind: model.kind, method: methodOf(job), labels },
    preTuned: preTuned?.source,
    echo: preTuned ? { ...echo, preTunedModel: { ...preTuned.echo, baseModel } } : echo,
  };
}

const methodOf = (job: JsonObject) =>
  job.preferenceOptimizationSpec === undefined
    ? SPECS.supervisedTuningSpec
    : SPECS.preferenceOptimizationSpec;

/** Google's list of what is wrong with the fields of a request, as it was recorded. */
export function foundErrors(violations: FieldViolation[]): VertexError {
  const lines = violations.map(
    ({ field, description }, index) => `\t${index + 1}.Field: ${field}; Message: ${description}`,
  );
  return new VertexError('INVALID_ARGUMENT', `List of found errors:${lines.join('')}\t`, [
    { '@type': BAD_REQUEST, fieldViolations: violations.map((violation) => ({ ...violation })) },
  ]);
}

const MAX_DISPLAY_NAME = 128;

function presenceViolations(job: JsonObject): FieldViolation[] {
  const violations: FieldViolation[] = [];
  const refuse = (field: string, description: string) => violations.push({ field, description });
  if (job.baseModel === undefined && job.preTunedModel === undefined) {
    refuse('tuning_job.base_model', 'base_model or pre_tuned_model is required.');
  }
  if (Object.keys(SPECS).every((spec) => job[spec] === undefined)) {
    refuse('tuning_job.tuning_spec', 'A tuning spec is required.');
  }
  if ([...String(job.tunedModelDisplayName ?? '')].length > MAX_DISPLAY_NAME) {
    refuse('tuning_job.tuned_model_display_name', `It has more than ${MAX_DISPLAY_NAME} characters.`);
  }
  return violations;
}

interface PreTuned {
  source: PreTunedModel;
  baseModel: string;
  echo: JsonObject;
}

/** The model that is to be gone on from: a tuned Gemini model, in the location of the job. */
function readPreTuned(job: JsonObject, request: ApiRequest, context: CreateContext): PreTuned | undefined {
  const asked = job.preTunedModel;
  if (!isJsonObject(asked)) return undefined;
  const written = withProjectNumber(String(asked.tunedModelName ?? ''), context);
  const [model = '', wantedVersion] = written.split('@');
  const field = 'tuning_job.pre_tuned_model.tuned_model_name';
  if (!model.startsWith(`${request.parent}/models/`)) {
    throw foundErrors([{ field, description: `It must be a model of ${request.parent}.` }]);
  }
  const version = findModelVersion(context.store, model, wantedVersion)?.versionId;
  const last = version && context.store.get('tuned', weightsName(model, version));
  if (!version || !last) throw new VertexError('NOT_FOUND', `The Model ${written} does not exist.`);
  if (last.family !== 'gemini') {
    throw foundErrors([{ field, description: 'It must be a tuned Gemini model.' }]);
  }
  const source = { model, version, checkpointId: checkpointOf(asked, context.store, { model, version }) };
  return { source, baseModel: last.baseModel, echo: { ...asked, tunedModelName: `${model}@${version}` } };
}

function checkpointOf(asked: JsonObject, store: VertexStore, at: { model: string; version: string }) {
  if (asked.checkpointId === undefined) return undefined;
  const checkpointId = String(asked.checkpointId);
  const found: TunedRecord | undefined = store.get('tuned', weightsName(at.model, at.version, checkpointId));
  if (found) return checkpointId;
  const field = 'tuning_job.pre_tuned_model.checkpoint_id';
  throw foundErrors([
    { field, description: `The model ${at.model}@${at.version} has no checkpoint ${checkpointId}.` },
  ]);
}

/** Google's skill for tuning names the code for Gemini in `global` and for a key in `global`; the sentences are not known. */
function checkPlace(model: BaseModel, job: JsonObject, location: string): void {
  const refuse = (why: string) => new VertexError('FAILED_PRECONDITION', why);
  if (model.kind === 'open') {
    if (!OPEN_MODEL_REGIONS.includes(location)) {
      throw refuse(`Open models are not tuned in ${location}, but in ${OPEN_MODEL_REGIONS.join(', ')}.`);
    }
    if (location === 'global' && job.encryptionSpec !== undefined) {
      throw refuse('encryption_spec is not supported in the location global.');
    }
    return;
  }
  if (location === 'global') {
    throw refuse(`The location global is not supported for tuning ${model.id}; use a region.`);
  }
  if (model.regions !== 'any' && !model.regions.includes(location)) {
    throw refuse(`${model.id} is not tuned in ${location}, but in ${model.regions.join(' and ')}.`);
  }
  if (job.encryptionSpec !== undefined && !model.encryption) {
    throw refuse(`encryption_spec is not supported for tuning ${model.id}.`);
  }
}
