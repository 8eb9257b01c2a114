import { VertexError } from '../http/api-error.ts';
import { findModelVersion } from '../models/model-versions.ts';
import {
  type DeployedModel,
  type Endpoint,
  type ModelResource,
  type TunedRecord,
  weightsName,
} from '../store/models.ts';
import type { VertexStore } from '../store/store.ts';
import type { GenerationTarget, Trainer } from '../training/trainer.ts';

export interface ServingOptions {
  store: VertexStore;
  trainer: Trainer;
}

export interface ServedModel {
  endpoint: Endpoint;
  deployed: DeployedModel;
  model: ModelResource;
  tuned: TunedRecord;
  target: GenerationTarget;
}

/** The model that an endpoint answers with; throws ApiError where there is none. */
export function deployedAt(store: VertexStore, endpointName: string): ServedModel {
  const endpoint = store.get('endpoint', endpointName);
  if (!endpoint) throw new VertexError('NOT_FOUND', `The Endpoint ${endpointName} does not exist.`);
  const deployed = endpoint.deployedModels?.[0];
  const model = deployed && findModelVersion(store, deployed.model, deployed.modelVersionId);
  if (!deployed || !model) {
    throw new VertexError('FAILED_PRECONDITION', `The Endpoint ${endpointName} has no deployed model.`);
  }
  const name = weightsName(deployed.model, deployed.modelVersionId, deployed.checkpointId);
  const tuned = store.get('tuned', name);
  if (!tuned) throw new VertexError('INTERNAL', `Nothing is known of the weights of ${name}.`);
  const weights = tuned.weights === undefined ? 'none' : Buffer.from(tuned.weights, 'base64');
  return { endpoint, deployed, model, tuned, target: { name, family: tuned.family, weights } };
}
