/** Time series of TensorBoard and the two ways to read their points, as the discovery document of v1 has them. */

import { invalid, VertexError } from '../http/api-error.ts';
import { type JsonObject, present, queryParameter, unlessEmpty } from '../http/json.ts';
import { type Listing, listAnswer } from '../http/listing.ts';
import { lastPartOf, withProjectNumber } from '../http/resource-names.ts';
import type { ApiRequest, Routes } from '../http/routes.ts';
import { isoTime } from '../http/time.ts';
import type { OperationsOptions } from '../operations/operations.ts';
import type { ScalarPoint, ScalarStore } from '../store/scalars.ts';
import type { VertexStore } from '../store/store.ts';
import type { TensorboardTimeSeries } from '../store/tensorboard.ts';

export interface TensorboardsOptions extends OperationsOptions {
  projectId: string;
  projectNumber: string;
}

const LISTING: Listing<TensorboardTimeSeries> = {
  fields: {
    name: ({ name }) => name,
    display_name: ({ displayName }) => displayName,
    value_type: ({ valueType }) => valueType,
    plugin_name: ({ pluginName }) => pluginName,
    create_time: ({ createTime }) => createTime,
    update_time: ({ updateTime }) => updateTime,
  },
  orderFields: ['create_time', 'update_time', 'display_name'],
  defaultOrder: 'create_time',
  defaultPageSize: 50,
};

/** Points of one series in an answer: always in `batchRead`, by default in `read`. */
const DEFAULT_POINTS = 1_000;
const MAX_POINTS = 10_000;

const SERIES = 'tensorboards/*/experiments/*/runs/*/timeSeries';
const METHOD = 'tensorboards.experiments.runs.timeSeries';

export function timeSeriesRoutes(options: TensorboardsOptions): Routes {
  const { store } = options;
  return {
    [`GET ${SERIES}`]: {
      method: `${METHOD}.list`,
      handle: (request) => {
        const below = store.list('timeSeries').filter(({ name }) => name.startsWith(`${request.name}/`));
        const all = below.map((series) => withMetadata(series, store.scalars));
        return listAnswer(request, 'tensorboardTimeSeries', { all, listing: LISTING });
      },
    },
    [`GET ${SERIES}/*`]: {
      method: `${METHOD}.get`,
      handle: ({ name }) => ({ ...withMetadata(find(store, name), store.scalars) }),
    },
    [`GET ${SERIES}/*:read`]: {
      method: `${METHOD}.read`,
      handle: (request) => ({ timeSeriesData: read(store, request) }),
    },
    'GET tensorboards/*:batchRead': {
      method: 'tensorboards.batchRead',
      handle: (request) => batchRead(options, request),
    },
  };
}

function find(store: VertexStore, name: string): TensorboardTimeSeries {
  const series = store.get('timeSeries', name);
  if (!series) throw new VertexError('NOT_FOUND', `The TensorboardTimeSeries ${name} does not exist.`);
  return series;
}

function withMetadata(series: TensorboardTimeSeries, scalars: ScalarStore) {
  const extent = scalars.extent(series.name);
  if (!extent) return series;
  const { maxStep, maxWallMs } = extent;
  return { ...series, metadata: { maxStep: String(maxStep), maxWallTime: isoTime(maxWallMs) } };
}

function read(store: VertexStore, { name, query }: ApiRequest): JsonObject {
  if (queryParameter(query, 'filter')) {
    throw new VertexError('UNIMPLEMENTED', 'The embedded TensorBoard reads time series without a filter.');
  }
  return dataOf(store, find(store, name), readMaxDataPoints(queryParameter(query, 'maxDataPoints')));
}

/** Absent or 0 is the default; -1 is all. */
function readMaxDataPoints(text: string | undefined): number {
  const wanted = Number(text || 0);
  if (!Number.isInteger(wanted) || wanted < -1 || wanted > MAX_POINTS) {
    throw invalid(`Invalid max_data_points: ${text}; it is at most ${MAX_POINTS}, or -1 for all.`);
  }
  return wanted === -1 ? Number.POSITIVE_INFINITY : wanted || DEFAULT_POINTS;
}

function batchRead(options: TensorboardsOptions, { name, query }: ApiRequest): JsonObject {
  const wanted = [...query.getAll('timeSeries'), ...query.getAll('time_series')];
  if (wanted.length === 0) throw invalid('time_series is required.');
  const data = wanted.map((written) => {
    const series = withProjectNumber(written, options);
    if (!series.startsWith(`${name}/`)) throw invalid(`The time series ${written} is not one of ${name}.`);
    return dataOf(options.store, find(options.store, series), DEFAULT_POINTS);
  });
  return { timeSeriesData: data };
}

function dataOf(
  { scalars }: VertexStore,
  { name, valueType }: TensorboardTimeSeries,
  count: number,
): JsonObject {
  const values = sample(scalars.read(name), count).map(pointView);
  return present({ tensorboardTimeSeriesId: lastPartOf(name), valueType, values: unlessEmpty(values) });
}

/** Google takes a random sample of what is too much; this one is even, and keeps the first and the last point. */
function sample(points: ScalarPoint[], count: number): ScalarPoint[] {
  if (points.length <= count) return points;
  if (count === 1) return points.slice(-1);
  const stride = (points.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => points[Math.round(index * stride)]).filter(
    (point) => point !== undefined,
  );
}

/**
 * A point as JSON of proto3: an int64 is a text, a zero is left out, and what is no finite number is spelt out. That Google's
 * server leaves zeros out here is inferred from how its APIs write other messages; readers must take both.
 */
function pointView({ step, wallMs, value }: ScalarPoint): JsonObject {
  return present({
    step: step === 0 ? undefined : String(step),
    wallTime: isoTime(wallMs),
    scalar: value === 0 ? {} : { value: Number.isFinite(value) ? value : String(value) },
  });
}
