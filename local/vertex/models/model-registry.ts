/** The methods of `projects.locations.models` and `projects.locations.endpoints` that tuned models need. */

import { VertexError } from '../http/api-error.ts';
import type { JsonObject } from '../http/json.ts';
import { type Listing, listAnswer } from '../http/listing.ts';
import { lastPartOf } from '../http/resource-names.ts';
import type { ApiRequest, Routes } from '../http/routes.ts';
import { type OperationsOptions, startOperation } from '../operations/operations.ts';
import type { Endpoint, ModelResource } from '../store/models.ts';
import { findModelVersion, removeModel } from './model-versions.ts';

const COMMON = {
  orderFields: ['create_time', 'update_time', 'display_name'],
  defaultOrder: 'create_time desc',
} as const;

const MODELS: Listing<ModelResource> = {
  ...COMMON,
  fields: {
    model: ({ name }) => lastPartOf(name),
    display_name: (model) => model.displayName,
    create_time: (model) => model.createTime,
    update_time: (model) => model.updateTime,
    labels: (model) => model.labels,
  },
};

const ENDPOINTS: Listing<Endpoint> = {
  ...COMMON,
  fields: {
    endpoint: ({ name }) => lastPartOf(name),
    display_name: (endpoint) => endpoint.displayName,
    create_time: (endpoint) => endpoint.createTime,
    update_time: (endpoint) => endpoint.updateTime,
    labels: (endpoint) => endpoint.labels,
  },
};

export function createModelRoutes(options: OperationsOptions): Routes {
  return { ...modelRoutes(options), ...endpointRoutes(options) };
}

function modelRoutes(options: OperationsOptions): Routes {
  const { store } = options;
  const find = (request: ApiRequest): ModelResource => {
    const [id = '', version] = request.id.split('@');
    const model = findModelVersion(store, `${request.parent}/models/${id}`, version);
    if (!model) throw new VertexError('NOT_FOUND', `The Model ${request.name} does not exist.`);
    return model;
  };
  const remove = (request: ApiRequest): JsonObject => {
    const model = find(request);
    // Documented: a model that is deployed cannot be deleted. The sentence is not.
    if (model.deployedModels?.length) {
      throw new VertexError(
        'FAILED_PRECONDITION',
        `The Model ${model.name} is deployed or being deployed at ${model.deployedModels[0]?.endpoint}.`,
      );
    }
    removeModel(store, model.name);
    return startOperation(options, request.parent, model.name);
  };
  return {
    'GET models': {
      method: 'models.list',
      handle: (request) => listAnswer(request, 'models', { all: store.list('model'), listing: MODELS }),
    },
    'GET models/*': { method: 'models.get', handle: (request) => ({ ...find(request) }) },
    'DELETE models/*': { method: 'models.delete', handle: remove },
  };
}

function endpointRoutes({ store }: OperationsOptions): Routes {
  const find = ({ name }: ApiRequest): Endpoint => {
    const endpoint = store.get('endpoint', name);
    if (!endpoint) throw new VertexError('NOT_FOUND', `The Endpoint ${name} does not exist.`);
    return endpoint;
  };
  return {
    'GET endpoints': {
      method: 'endpoints.list',
      handle: (request) =>
        listAnswer(request, 'endpoints', { all: store.list('endpoint'), listing: ENDPOINTS }),
    },
    'GET endpoints/*': { method: 'endpoints.get', handle: (request) => ({ ...find(request) }) },
  };
}
