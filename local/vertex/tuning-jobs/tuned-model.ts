/** The model that a job makes of Gemini, and the endpoints that it answers at. */
import { resourceId } from '../http/ids.ts';
import { type JsonObject, present } from '../http/json.ts';
import type { Labels } from '../http/labels.ts';
import { isoTime } from '../http/time.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import { findModelVersion, putModelVersion } from '../models/model-versions.ts';
import type { DeployedModel, ModelResource } from '../store/models.ts';
import type { VertexStore } from '../store/store.ts';
import type { TuningJobRecord } from '../store/tuning-job.ts';
import { fail, succeed } from './job-life.ts';
import { specOf } from './model-rules.ts';
import type { StageContext, StageResult } from './stage-context.ts';

/** Where the resources of a job are: a global job has its twin, and what it makes, in a region. */
export const resourceParent = ({ location }: TuningJobRecord, projectNumber: string): string =>
  `projects/${projectNumber}/locations/${location === 'global' ? 'us-central1' : location}`;

/**
 * The version that the job makes: of a model of its own, or the next one of the model that it goes on from unless another
 * display name was asked for (Google's page of `TunedModel`).
 */
export function nextTarget(store: VertexStore, job: TuningJobRecord): { model: string; version: string } {
  const parent = job.preTuned && findModelVersion(store, job.preTuned.model, job.preTuned.version);
  if (!parent || parent.displayName !== job.echo.tunedModelDisplayName) {
    return {
      model: job.name.replace(/tuningJobs\/.*$/, `models/${resourceId(job.uid, 'model')}`),
      version: '1',
    };
  }
  const before = `${parent.name}@`;
  // Weights are kept before their version is uploaded: those of another job that is about to be count too.
  const kept = store.list('tuned').filter(({ name }) => name.startsWith(before));
  const versions = kept.map(({ name }) => Number.parseInt(name.slice(before.length), 10));
  return { model: parent.name, version: String(Math.max(...versions) + 1) };
}

const madeBy = (job: TuningJobRecord) => `Tuned by ${job.name}.`;

/** Uploads the model and puts it behind endpoints; open models are only files. */
export async function serve(context: StageContext): Promise<StageResult> {
  const { store, trainer, job: subject } = context;
  if (subject.kind === 'open') return (job, { nowMs }) => succeed(job, nowMs);
  const { labels, description } = trainer.provenance({ family: 'gemini', baseModel: subject.baseModel });
  return (job, { nowMs }) => {
    const model = modelOf(store, job, { labels, description, time: isoTime(nowMs) });
    putModelVersion(store, model);
    const uploaded = { ...job, tunedModel: { model: `${model.name}@${model.versionId}` } };
    const scripted = job.scriptedFailure;
    if (scripted?.stage === 'POST_PROCESSING') {
      return fail(uploaded, new WorkFailure(scripted.code, scripted.message), nowMs);
    }
    return succeed({ ...uploaded, tunedModel: deploy(store, job, model) }, nowMs);
  };
}

function modelOf(
  store: VertexStore,
  job: TuningJobRecord,
  about: { labels: Labels; description: string; time: string },
): ModelResource {
  const { model, version } = job.target ?? nextTarget(store, job);
  const { time, description } = about;
  return {
    name: model,
    displayName: String(job.echo.tunedModelDisplayName),
    description,
    versionId: version,
    versionAliases: version === '1' ? ['default'] : [],
    versionDescription: madeBy(job),
    createTime: time,
    updateTime: time,
    versionCreateTime: time,
    versionUpdateTime: time,
    labels: { ...job.labels, [BASE_MODEL_LABEL]: job.baseModel.replaceAll('.', '_'), ...about.labels },
    modelSourceInfo: { sourceType: 'GENIE' },
  };
}

/** Of tuned PaLM models; that tuned Gemini models carry it as well is inferred. */
const BASE_MODEL_LABEL = 'google-vertex-llm-tuning-base-model-id';

/** An endpoint for each checkpoint; that of the last is the model's own. */
function deploy(store: VertexStore, job: TuningJobRecord, model: ModelResource): JsonObject {
  const isLastOnly = specOf(job.echo).spec.exportLastCheckpointOnly === true;
  const checkpoints = job.settings?.checkpoints ?? [];
  const last = checkpoints.at(-1);
  const deployed = checkpoints
    .filter((checkpoint) => !isLastOnly || checkpoint === last)
    .map((checkpoint) => ({
      ...checkpoint,
      endpoint: deployAt(store, job, model, checkpoint === last ? undefined : checkpoint.checkpointId),
    }));
  const deployedModels = deployed.map(({ endpoint }) => ({
    ...{ endpoint, deployedModelId: resourceId(endpoint, 'deployed-model') },
  }));
  putModelVersion(store, { ...model, deployedModels });
  return present({
    model: `${model.name}@${model.versionId}`,
    endpoint: deployed.at(-1)?.endpoint,
    checkpoints: isLastOnly
      ? undefined
      : deployed.map(({ checkpointId, epoch, step, endpoint }) => ({
          ...{ checkpointId, epoch: String(epoch), step: String(step), endpoint },
        })),
  });
}

function deployAt(
  store: VertexStore,
  job: TuningJobRecord,
  model: ModelResource,
  checkpointId: string | undefined,
): string {
  const id = resourceId(job.uid, 'endpoint', checkpointId ?? '');
  const name = model.name.replace(/models\/.*$/, `endpoints/${id}`);
  const { displayName, description, labels, createTime } = model;
  const deployedId = resourceId(name, 'deployed-model');
  const about = { id: deployedId, model: model.name, modelVersionId: model.versionId };
  const deployed: DeployedModel = { ...about, displayName, createTime };
  if (checkpointId !== undefined) deployed.checkpointId = checkpointId;
  store.put('endpoint', {
    ...{ name, displayName, description, labels, createTime, updateTime: createTime },
    deployedModels: [deployed],
    trafficSplit: { [deployedId]: 100 },
  });
  return name;
}
