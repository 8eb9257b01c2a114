/** The experiment of a tuning job: a context of the metadata store, which names the TensorBoard that has the curves. */
import { VertexError } from '../http/api-error.ts';
import { resourceId } from '../http/ids.ts';
import { type Listing, listAnswer } from '../http/listing.ts';
import { locationOf } from '../http/resource-names.ts';
import type { Routes } from '../http/routes.ts';
import { isoTime } from '../http/time.ts';
import type { MetadataContext } from '../store/metadata.ts';
import type { VertexStore } from '../store/store.ts';
import type { TuningJobRecord } from '../store/tuning-job.ts';
import type { BoardPlace } from '../tensorboard/metric-board.ts';
import { newTensorboard } from '../tensorboard/tensorboards.ts';

const LISTING: Listing<MetadataContext> = {
  fields: {
    name: ({ name }) => name,
    display_name: ({ displayName }) => displayName,
    schema_title: ({ schemaTitle }) => schemaTitle,
    parent_contexts: ({ parentContexts }) => parentContexts[0],
    create_time: ({ createTime }) => createTime,
  },
  orderFields: ['create_time', 'update_time'],
  defaultOrder: 'create_time',
};

export function experimentRoutes(store: VertexStore): Routes {
  return {
    'GET metadataStores/*/contexts': {
      method: 'metadataStores.contexts.list',
      handle: (request) => listAnswer(request, 'contexts', { all: store.list('context'), listing: LISTING }),
    },
    'GET metadataStores/*/contexts/*': {
      method: 'metadataStores.contexts.get',
      handle: ({ name }) => {
        const context = store.get('context', name);
        if (!context) throw new VertexError('NOT_FOUND', `The Context ${name} does not exist.`);
        return { ...context };
      },
    },
  };
}

/** `20241103131117085279`: date, time and microseconds, which here keep two jobs of one moment apart. */
function experimentStamp({ uid, createMs }: TuningJobRecord): string {
  const digits = isoTime(createMs).replace(/\D/g, '').slice(0, 14);
  return `${digits}${resourceId(uid, 'experiment').slice(-6).padStart(6, '0')}`;
}

export const experimentId = (job: TuningJobRecord): string => `tuning-experiment-${experimentStamp(job)}`;

/** Full name of the context. */
export const experimentName = (parent: string, id: string): string =>
  `${parent}/metadataStores/default/contexts/${id}`;

/**
 * Makes the contexts of a job's experiment and of its one run, and says where its metrics go: the first TensorBoard of the
 * location, which is made where there is none. That the context names it so is what Google's SDK for Python reads.
 */
export function openExperiment(
  store: VertexStore,
  job: TuningJobRecord,
  at: { parent: string; nowMs: number },
): BoardPlace {
  const tensorboard = tensorboardIn(store, at);
  const id = experimentId(job);
  const run = `tuning-experiment-run-${experimentStamp(job)}`;
  const name = experimentName(at.parent, id);
  const experiment = `${tensorboard}/experiments/${id}`;
  const time = isoTime(at.nowMs);
  const context = { schemaVersion: '0.0.1', createTime: time, updateTime: time };
  store.put('context', {
    ...{ name, displayName: id, schemaTitle: 'system.Experiment', parentContexts: [], ...context },
    metadata: { backing_tensorboard_resource: tensorboard, experiment_deleted: false },
  });
  store.put('context', {
    ...{
      name: experimentName(at.parent, `${id}-${run}`),
      displayName: run,
      schemaTitle: 'system.ExperimentRun',
    },
    ...{ parentContexts: [name], ...context },
    metadata: {},
  });
  return { experiment, run, displayName: id, source: job.name };
}

function tensorboardIn(store: VertexStore, { parent, nowMs }: { parent: string; nowMs: number }): string {
  const there = store.list('tensorboard').find(({ name }) => locationOf(name) === locationOf(parent));
  if (there) return there.name;
  const name = `${parent}/tensorboards/${resourceId(parent, 'tensorboard')}`;
  store.put('tensorboard', newTensorboard(name, 'Default TensorBoard', nowMs));
  return name;
}
