/** `:predict` of endpoints, and of the publisher's base models, so that the two can be compared. */

import { ApiError } from '../http/api-error.ts';
import type { JsonObject } from '../http/json.ts';
import type { ApiRequest, Routes } from '../http/routes.ts';
import { familyOf } from '../pipeline-jobs/templates.ts';
import type { Model } from '../store/models.ts';
import type { Store } from '../store/store.ts';
import type { PredictionTarget, Trainer } from '../training/trainer.ts';

export interface PredictionsOptions {
  store: Store;
  trainer: Trainer;
}

export function createPredictions(options: PredictionsOptions): Routes {
  return {
    'POST endpoints/*:predict': {
      method: 'endpoints.predict',
      handle: (request) => predictDeployed(options, request),
    },
    'POST publishers/*/models/*:predict': {
      method: 'publishers.models.predict',
      handle: (request) => predictBase(options, request),
    },
  };
}

async function predictDeployed({ store, trainer }: PredictionsOptions, request: ApiRequest) {
  const endpoint = store.get('endpoint', request.name);
  if (!endpoint) throw new ApiError('NOT_FOUND', `The Endpoint ${request.name} does not exist.`);
  const deployed = endpoint.deployedModels?.[0];
  const model = store.get('model', deployed?.model ?? '');
  if (!deployed || !model) {
    throw new ApiError('FAILED_PRECONDITION', `The Endpoint ${request.name} has no deployed model.`);
  }
  const predictions = await trainer.predict(targetOf(store, model), request.body);
  return {
    predictions,
    deployedModelId: deployed.id,
    model: model.name,
    modelDisplayName: model.displayName,
    modelVersionId: deployed.modelVersionId,
  };
}

function targetOf(store: Store, { name, displayName }: Model): PredictionTarget {
  const tuned = store.get('tuned', name);
  if (!tuned) return { name, displayName };
  return {
    ...{ name, displayName },
    weights: { family: tuned.family, adapter: Buffer.from(tuned.adapter, 'base64') },
  };
}

async function predictBase({ trainer }: PredictionsOptions, { id, name, body }: ApiRequest) {
  const family = familyOf(id);
  if (!family || !name.includes('/publishers/google/')) {
    throw new ApiError('NOT_FOUND', `Publisher Model \`${name}\` not found.`);
  }
  const answer: JsonObject = {
    predictions: await trainer.predict({ name, displayName: id, weights: { family } }, body),
  };
  return answer;
}
