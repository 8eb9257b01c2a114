/** The tasks that register the tuned model and put it behind an endpoint. */
import { resourceId } from '../http/ids.ts';
import type { Labels } from '../http/labels.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import type { Endpoint, ModelResource } from '../store/models.ts';
import {
  endpointNameOf,
  modelNameOf,
  provenanceOf,
  subjectOf,
  type TaskContext,
  type TaskResult,
  textParameter,
} from './task-context.ts';
import { templateOf } from './templates.ts';

export async function upload(context: TaskContext): Promise<TaskResult> {
  const model = modelOf(context);
  return {
    outputs: { model_resource_name: `${model.name}@${model.versionId}` },
    apply: (store) => store.put('model', model),
  };
}

export async function deploy(context: TaskContext): Promise<TaskResult> {
  const modelName = modelNameOf(context);
  const endpointName = endpointNameOf(context);
  return {
    outputs: { model_resource_name: `${modelName}@1`, endpoint_resource_name: endpointName },
    apply: (store) => {
      const model = store.get('model', modelName);
      if (!model)
        throw new WorkFailure('NOT_FOUND', `The model ${modelName} was deleted before its deployment.`);
      const endpoint = endpointFor(context, model);
      const deployedModelId = endpoint.deployedModels?.[0]?.id ?? '';
      store.put('endpoint', endpoint);
      store.put('model', { ...model, deployedModels: [{ endpoint: endpoint.name, deployedModelId }] });
    },
  };
}

/**
 * Labels of the job, then the ones of the upload component. That the job's labels reach model and endpoint is what Google's
 * public components do, and inferred for these templates, as is `supervised` as a value of `tune-type`.
 */
function labelsOf(context: TaskContext): Labels {
  const { job } = context;
  return {
    ...job.labels,
    'google-vertex-llm-tuning-base-model-id': subjectOf(job).baseModel.replaceAll('@', '-'),
    'tune-type': 'supervised',
    ...provenanceOf(context).labels,
  };
}

function modelOf(context: TaskContext): ModelResource {
  const { job } = context;
  const { description } = provenanceOf(context);
  const time = new Date(context.now()).toISOString();
  const artifactUri = job.tasks.find((task) => task.outputs.saved_model)?.outputs.saved_model;
  const model: ModelResource = {
    name: modelNameOf(context),
    displayName: textParameter(job, 'model_display_name') || 'tuned-text-embedding-model',
    description,
    versionId: '1',
    versionAliases: ['default'],
    versionDescription: description,
    createTime: time,
    updateTime: time,
    versionCreateTime: time,
    versionUpdateTime: time,
    labels: labelsOf(context),
    pipelineJob: job.name,
    modelSourceInfo: { sourceType: templateOf(job.templateUri).sourceType },
  };
  if (artifactUri) model.artifactUri = artifactUri;
  return model;
}

function endpointFor(context: TaskContext, model: ModelResource): Endpoint {
  const time = new Date(context.now()).toISOString();
  const id = resourceId(context.job.uid, 'deployed-model');
  return {
    name: endpointNameOf(context),
    displayName: model.displayName,
    description: model.description,
    createTime: time,
    updateTime: time,
    labels: model.labels,
    deployedModels: [
      {
        id,
        model: model.name,
        modelVersionId: model.versionId,
        displayName: model.displayName,
        createTime: time,
        automaticResources: { minReplicaCount: 1, maxReplicaCount: 1 },
      },
    ],
    trafficSplit: { [id]: 100 },
  };
}
