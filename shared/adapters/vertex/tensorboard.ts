import type * as z from 'zod';
import {
  type CurveSource,
  inOrder,
  type MetricName,
  type MetricPoint,
  metricOf,
} from '../../core/tuning/metrics.ts';
import type { Measured, Pace } from '../../core/tuning/progress.ts';
import type { MetricsReader, TunedJob } from '../../ports.ts';
import { askVertex } from './answer.ts';
import { resourceUrl, type VertexClient } from './client.ts';
import {
  BatchReadSchema,
  ContextSchema,
  type Experiment,
  ExperimentListSchema,
  paceOf,
  pointsOf,
  RunListSchema,
  TimeSeriesListSchema,
  TimeSeriesReadSchema,
} from './tensorboard-json.ts';

/** Series that Google's own SDK asks for in one call of `batchRead`. */
const BATCH = 20;
/** `batchRead` gives this many points of a series at most, a random choice of what there are; `read` gives that many. */
const BATCH_POINTS = 1_000;
const READ_POINTS = '10000';
const PAGE_SIZE = '1000';
/** How long after the end of a job its experiment may still be made. Inferred: the upload is a task of its own. */
const UPLOAD_MS = 15 * 60_000;
/** A job of this product names its run; an experiment with the name of another run is not ours. */
const ANY_RUN = /r[a-z2-7]{40}/;

type Curve = { points: MetricPoint[]; pace: Pace | undefined };
/** Asks for one path of the TensorBoard's region, and reads the answer. */
type Ask = <Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  query: URLSearchParams,
) => Promise<z.infer<Schema>>;

/**
 * Curves of a tuning job out of Vertex AI TensorBoard, over REST. How the closed templates name their experiments is not
 * documented; Google's open components put the job's id into the name, so that is what is looked for first.
 */
export function createTensorboardReader(vertex: VertexClient): MetricsReader {
  const ask: Ask = (schema, path, query) =>
    askVertex(vertex, schema, {
      ...{ method: 'GET', url: resourceUrl(path), query, doing: 'reading the metrics' },
    });
  return {
    async findExperiment(context) {
      const found = await ask(ContextSchema, context, new URLSearchParams());
      const tensorboard = found.metadata.backing_tensorboard_resource;
      if (!tensorboard) return undefined;
      const experiment = `${tensorboard}/experiments/${context.split('/').at(-1)}`;
      return { tensorboard, experiment, matchedBy: 'id', series: await findSeries(ask, experiment) };
    },

    async find(tensorboard, job) {
      const experiments = await pages(ask, `${tensorboard}/experiments`, ExperimentListSchema);
      const found = findExperiment(
        experiments.flatMap((page) => page.tensorboardExperiments),
        job,
      );
      if (!found) return undefined;
      const { name: experiment } = found.experiment;
      return {
        ...{ tensorboard, experiment, matchedBy: found.matchedBy },
        series: await findSeries(ask, experiment),
      };
    },

    read: (source) => readCurves(ask, source),
  };
}

/** The experiment that names the job; else, once the job has ended, the only one that was made in its time. */
function findExperiment(
  experiments: Experiment[],
  { name, numericId, createTime, endTime }: TunedJob,
): { experiment: Experiment; matchedBy: 'id' | 'time' } | undefined {
  const ids = [name.split('/').at(-1) ?? name, ...(numericId ? [numericId] : [])];
  const words = (experiment: Experiment) =>
    `${experiment.name.split('/').at(-1)} ${experiment.displayName} ${experiment.source}`;
  const byId = experiments.filter((one) => ids.some((id) => isWordOf(id, words(one))));
  const newest = byId.sort((a, b) => (a.createTime < b.createTime ? 1 : -1))[0];
  if (newest) return { experiment: newest, matchedBy: 'id' };
  if (!createTime || !endTime) return undefined;
  const [from, until] = [Date.parse(createTime), Date.parse(endTime) + UPLOAD_MS];
  const [first, ...others] = experiments.filter((one) => {
    const made = Date.parse(one.createTime);
    return made >= from && made <= until && !ANY_RUN.test(words(one));
  });
  return first && others.length === 0 ? { experiment: first, matchedBy: 'time' } : undefined;
}

/** Whether a text has an id that is no part of a longer one, such as that of another attempt (`-a2`). */
function isWordOf(id: string, text: string): boolean {
  const [, ...rests] = text.split(id);
  const before = text.split(id).slice(0, -1);
  return rests.some(
    (rest, index) => !/^(?:[a-z0-9]|-a[0-9])/.test(rest) && !/[a-z0-9]$/.test(before[index] ?? ''),
  );
}

/** The time series of an experiment that show a metric, of all its runs. */
async function findSeries(ask: Ask, experiment: string): Promise<CurveSource['series']> {
  const runs = await pages(ask, `${experiment}/runs`, RunListSchema);
  const names = runs.flatMap((page) => page.tensorboardRuns.map(({ name }) => name));
  const listed = await Promise.all(names.map((run) => pages(ask, `${run}/timeSeries`, TimeSeriesListSchema)));
  return listed.flat().flatMap((page) =>
    page.tensorboardTimeSeries.flatMap(({ name, displayName }) => {
      const metric = metricOf(displayName);
      return metric ? [{ name, metric }] : [];
    }),
  );
}

/** Of a metric that several runs have, the longest curve. */
async function readCurves(ask: Ask, { tensorboard, series: wanted }: CurveSource): Promise<Measured> {
  const longest = new Map<MetricName, Curve>();
  for (const batch of batchesOf(wanted)) {
    for (const [metric, curve] of await readBatch(ask, tensorboard, batch)) {
      if (curve.points.length > (longest.get(metric)?.points.length ?? 0)) longest.set(metric, curve);
    }
  }
  const series = [...longest].map(([name, { points }]) => ({ name, points: inOrder(points) }));
  const [pace] = [...longest.values()].flatMap((curve) => curve.pace ?? []).sort(byReach);
  return { series, pace };
}

/** An answer names a series by its last part alone, which is unique in a run. */
function batchesOf(series: CurveSource['series']): CurveSource['series'][] {
  const runs = [...Map.groupBy(series, ({ name }) => name.split('/timeSeries/')[0]).values()];
  return runs.flatMap((run) =>
    Array.from({ length: Math.ceil(run.length / BATCH) }, (_, index) =>
      run.slice(index * BATCH, (index + 1) * BATCH),
    ),
  );
}

/** The curve that goes furthest first. */
function byReach(a: Pace, b: Pace): number {
  return b.to.step - a.to.step;
}

async function readBatch(
  ask: Ask,
  tensorboard: string,
  batch: CurveSource['series'],
): Promise<[metric: MetricName, curve: Curve][]> {
  const query = new URLSearchParams(batch.map(({ name }): [string, string] => ['timeSeries', name]));
  const { timeSeriesData } = await ask(BatchReadSchema, `${tensorboard}:batchRead`, query);
  const curves = timeSeriesData.map(
    async ({ tensorboardTimeSeriesId, values }): Promise<[MetricName, Curve][]> => {
      const series = batch.find(({ name }) => name.endsWith(`/${tensorboardTimeSeriesId}`));
      if (!series) return [];
      const all = values.length < BATCH_POINTS ? values : await readWhole(ask, series.name);
      return [[series.metric, { points: pointsOf(all), pace: paceOf(all) }]];
    },
  );
  return (await Promise.all(curves)).flat();
}

/** A long series; of more points than even this gives it is a random choice again. */
async function readWhole(ask: Ask, series: string) {
  const query = new URLSearchParams({ maxDataPoints: READ_POINTS });
  return (await ask(TimeSeriesReadSchema, `${series}:read`, query)).timeSeriesData.values;
}

async function pages<Page extends { nextPageToken?: string | undefined }>(
  ask: Ask,
  path: string,
  schema: z.ZodType<Page>,
): Promise<Page[]> {
  const all: Page[] = [];
  let pageToken: string | undefined;
  do {
    const query = new URLSearchParams({ pageSize: PAGE_SIZE });
    if (pageToken) query.set('pageToken', pageToken);
    const page = await ask(schema, path, query);
    all.push(page);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}
