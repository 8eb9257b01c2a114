import type * as z from 'zod';
import {
  inOrder,
  type MetricName,
  type MetricPoint,
  type MetricSeries,
  metricOf,
} from '../../core/tuning/metrics.ts';
import type { Pace } from '../../core/tuning/progress.ts';
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

type Named = { name: string; displayName: string };
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
    async readExperiment(context) {
      const found = await ask(ContextSchema, context, new URLSearchParams());
      const tensorboard = found.metadata.backing_tensorboard_resource;
      if (!tensorboard) return undefined;
      const experiment = `${tensorboard}/experiments/${context.split('/').at(-1)}`;
      const read = await readSeries(ask, tensorboard, experiment);
      return { tensorboard, experiment, matchedBy: 'id', ...read };
    },

    async read(tensorboard, job) {
      const experiments = await pages(ask, `${tensorboard}/experiments`, ExperimentListSchema);
      const found = findExperiment(
        experiments.flatMap((page) => page.tensorboardExperiments),
        job,
      );
      if (!found) return undefined;
      const { name: experiment } = found.experiment;
      return {
        experiment,
        matchedBy: found.matchedBy,
        ...(await readSeries(ask, tensorboard, experiment)),
      };
    },
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

/** Every metric that the guide names; of one that several runs have, the longest. */
async function readSeries(
  ask: Ask,
  tensorboard: string,
  experiment: string,
): Promise<{ series: MetricSeries[]; pace: Pace | undefined }> {
  const longest = new Map<MetricName, Curve>();
  for (const page of await pages(ask, `${experiment}/runs`, RunListSchema)) {
    for (const { name } of page.tensorboardRuns) {
      for (const [metric, curve] of await readRun(ask, tensorboard, name)) {
        if (curve.points.length > (longest.get(metric)?.points.length ?? 0)) longest.set(metric, curve);
      }
    }
  }
  const series = [...longest].map(([name, { points }]) => ({ name, points: inOrder(points) }));
  const [pace] = [...longest.values()].flatMap((curve) => curve.pace ?? []).sort(byReach);
  return { series, pace };
}

/** The curve that goes furthest first. */
function byReach(a: Pace, b: Pace): number {
  return b.to.step - a.to.step;
}

async function readRun(ask: Ask, tensorboard: string, run: string): Promise<Map<MetricName, Curve>> {
  const listed = await pages(ask, `${run}/timeSeries`, TimeSeriesListSchema);
  const wanted: Named[] = listed
    .flatMap((page) => page.tensorboardTimeSeries)
    .filter(({ displayName }) => metricOf(displayName) !== undefined);
  const metrics = new Map<MetricName, Curve>();
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH);
    const query = new URLSearchParams(batch.map(({ name }): [string, string] => ['timeSeries', name]));
    const { timeSeriesData } = await ask(BatchReadSchema, `${tensorboard}:batchRead`, query);
    for (const { tensorboardTimeSeriesId, values } of timeSeriesData) {
      const series = batch.find(({ name }) => name.endsWith(`/${tensorboardTimeSeriesId}`));
      const metric = metricOf(series?.displayName ?? '');
      if (!series || !metric) continue;
      const all = values.length < BATCH_POINTS ? values : await readWhole(ask, series.name);
      metrics.set(metric, { points: pointsOf(all), pace: paceOf(all) });
    }
  }
  return metrics;
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
