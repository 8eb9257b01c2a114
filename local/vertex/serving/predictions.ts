/** `:predict` of endpoints, and of the publisher's base models, so that the two can be compared. */

import { VertexError } from '../http/api-error.ts';
import type { Json, JsonObject } from '../http/json.ts';
import type { ApiRequest, Routes } from '../http/routes.ts';
import { familyOf } from '../pipeline-jobs/templates.ts';
import type { GenerationTarget, Trainer } from '../training/trainer.ts';
import { deployedAt, type ServingOptions } from './deployed.ts';
import { predictionOf, readInstances, readParameters } from './prediction-request.ts';

export function createPredictions(options: ServingOptions): Routes {
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

async function predictDeployed({ store, trainer }: ServingOptions, request: ApiRequest): Promise<JsonObject> {
  const { deployed, model, target } = deployedAt(store, request.name);
  if (target.family === 'gemini') throw new VertexError('FAILED_PRECONDITION', NOT_FOR_GEMINI);
  return {
    predictions: await predict(trainer, target, request.body),
    deployedModelId: deployed.id,
    model: model.name,
    modelDisplayName: model.displayName,
    modelVersionId: deployed.modelVersionId,
  };
}

/** Google's own sentence, as users of the real service report it. */
const NOT_FOR_GEMINI =
  'Gemini cannot be accessed through Vertex Predict/RawPredict API. Please follow https://cloud.google.com/vertex-ai/docs/generative-ai/start/quickstarts/quickstart-multimodal for Gemini usage.';

async function predictBase({ trainer }: ServingOptions, { id, name, body }: ApiRequest): Promise<JsonObject> {
  const family = familyOf(id);
  if (!family || !name.includes('/publishers/google/')) {
    throw new VertexError('NOT_FOUND', `Publisher Model \`${name}\` not found.`);
  }
  return { predictions: await predict(trainer, { name, family, weights: 'base' }, body) };
}

async function predict(trainer: Trainer, target: GenerationTarget, body: JsonObject): Promise<Json[]> {
  const instances = readInstances(target.family, body);
  const options = readParameters(body);
  const answers = instances.map((segments) => trainer.generate(target, segments, options));
  return (await Promise.all(answers)).map(({ text }) => predictionOf(target.family, text));
}
