/** The methods of `projects.locations.tensorboards` and what lies in them that readers of metrics need. */

import { invalid, VertexError } from '../http/api-error.ts';
import { resourceId } from '../http/ids.ts';
import { camelKeys, type JsonObject, present } from '../http/json.ts';
import { readLabels } from '../http/labels.ts';
import { type Listing, listAnswer } from '../http/listing.ts';
import { lastPartOf } from '../http/resource-names.ts';
import type { ApiRequest, Routes } from '../http/routes.ts';
import { isoTime } from '../http/time.ts';
import { startCreation } from '../operations/operations.ts';
import type { Documents } from '../store/documents.ts';
import type { Tensorboard } from '../store/tensorboard.ts';
import { type TensorboardsOptions, timeSeriesRoutes } from './time-series.ts';

type Kind = 'tensorboard' | 'experiment' | 'run';

/** How each level is called: in fault scripts and counts, in paths, and as the key of a list. */
const LEVELS = {
  tensorboard: { path: 'tensorboards', key: 'tensorboards', title: 'Tensorboard' },
  experiment: {
    path: 'tensorboards/*/experiments',
    key: 'tensorboardExperiments',
    title: 'TensorboardExperiment',
  },
  run: { path: 'tensorboards/*/experiments/*/runs', key: 'tensorboardRuns', title: 'TensorboardRun' },
} as const;

const LISTING: Listing<Documents[Kind]> = {
  fields: {
    name: ({ name }) => name,
    display_name: ({ displayName }) => displayName,
    create_time: ({ createTime }) => createTime,
    update_time: ({ updateTime }) => updateTime,
  },
  orderFields: ['create_time', 'update_time', 'display_name'],
  defaultOrder: 'create_time',
  defaultPageSize: 50,
};

export function createTensorboards(options: TensorboardsOptions): Routes {
  return {
    ...levelRoutes(options, 'tensorboard'),
    ...levelRoutes(options, 'experiment'),
    ...levelRoutes(options, 'run'),
    ...timeSeriesRoutes(options),
    'POST tensorboards': { method: 'tensorboards.create', handle: (request) => create(options, request) },
  };
}

function levelRoutes({ store }: TensorboardsOptions, kind: Kind): Routes {
  const { path, key, title } = LEVELS[kind];
  const method = path.replaceAll('/*/', '.');
  return {
    [`GET ${path}`]: {
      method: `${method}.list`,
      handle: (request) => listAnswer(request, key, { all: store.list(kind), listing: LISTING }),
    },
    [`GET ${path}/*`]: {
      method: `${method}.get`,
      handle: ({ name }) => {
        const found = store.get(kind, name);
        if (!found) throw new VertexError('NOT_FOUND', `The ${title} ${name} does not exist.`);
        return { ...found };
      },
    },
  };
}

function create(options: TensorboardsOptions, request: ApiRequest): JsonObject {
  const { displayName, description, labels } = camelKeys(request.body);
  if (typeof displayName !== 'string' || displayName === '') throw invalid('display_name is required.');
  const name = `${request.parent}/tensorboards/${resourceId(crypto.randomUUID())}`;
  const tensorboard = {
    ...newTensorboard(name, displayName, options.clock.now()),
    ...present({
      description: typeof description === 'string' ? description : undefined,
      labels: labels === undefined ? undefined : readLabels(labels),
    }),
  };
  options.store.put('tensorboard', tensorboard);
  return startCreation(options, request.parent, {
    type: 'Tensorboard',
    resource: { ...present(tensorboard), name },
  });
}

/** Makes the instance of this full name, unless it is there already. */
export function ensureTensorboard({ store, clock }: TensorboardsOptions, name: string): void {
  if (store.get('tensorboard', name)) return;
  store.put('tensorboard', newTensorboard(name, `TensorBoard ${lastPartOf(name)}`, clock.now()));
}

export const newTensorboard = (name: string, displayName: string, nowMs: number): Tensorboard => ({
  name,
  displayName,
  createTime: isoTime(nowMs),
  updateTime: isoTime(nowMs),
});
