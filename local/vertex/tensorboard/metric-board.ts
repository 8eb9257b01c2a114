/** Writes what a tuning measures into a TensorBoard. */
import { resourceId } from '../http/ids.ts';
import { isoTime } from '../http/time.ts';
import type { VertexStore } from '../store/store.ts';
import type { Measurement } from '../training/trainer.ts';

export interface MetricBoard {
  /** Keeps one measurement as a point of each series that shows it. */
  write(measurement: Measurement): void;
}

/** Where a job's metrics go. */
export interface BoardPlace {
  /** Full name. */
  experiment: string;
  /** Id of the run below it. */
  run: string;
  displayName: string;
  /** Name of the job. */
  source: string;
}

/** A series: what it is called, which measurements it shows, and what of them. */
interface Series {
  displayName: string;
  of: Measurement['of'];
  read(measurement: Measurement): number;
}

const lossOf = ({ loss }: Measurement) => loss;
const answerSeries = (of: Measurement['of']): Series[] => [
  { displayName: `/${of}_total_loss`, of, read: lossOf },
  { displayName: `/${of}_fraction_of_correct_next_step_preds`, of, read: ({ accuracy }) => accuracy },
  { displayName: `/${of}_num_predictions`, of, read: ({ predictions }) => predictions },
];

/** The six series of supervised tuning. The slash in front is part of the name (guide). */
export const ANSWER_SERIES: readonly Series[] = [...answerSeries('train'), ...answerSeries('eval')];

/** The two series of preference tuning (Google's page of it). */
export const PREFERENCE_SERIES: readonly Series[] = [
  { displayName: '/preference_optimization_train_loss', of: 'train', read: lossOf },
  { displayName: '/eval_total_loss', of: 'eval', read: lossOf },
];

/**
 * Opens the board for a training from its start: what an earlier, killed attempt of the same job wrote is forgotten. The
 * guide promises curves only once the job is complete; here they grow while it runs.
 */
export function openMetricBoard(
  place: BoardPlace,
  allSeries: readonly Series[],
  { store, now }: { store: VertexStore; now: () => number },
): MetricBoard {
  const { experiment, displayName, source } = place;
  const run = `${experiment}/runs/${place.run}`;
  store.atomically(() => forget(store, experiment));
  const known = new Set<string>();

  const declare = (time: string) => {
    const times = { createTime: time, updateTime: time };
    const description = `Metrics of ${source}`;
    store.put('experiment', { ...{ name: experiment, displayName, description, source }, ...times });
    store.put('run', { name: run, displayName: place.run, ...times });
  };

  const seriesNamed = (seriesName: string, time: string) => {
    const name = `${run}/timeSeries/${resourceId(experiment, seriesName)}`;
    if (!known.has(name)) {
      const kind = { valueType: 'SCALAR', pluginName: 'scalars' } as const;
      const times = { createTime: time, updateTime: time };
      store.put('timeSeries', { name, displayName: seriesName, ...kind, ...times });
    }
    known.add(name);
    return name;
  };

  return {
    write(measurement) {
      const wallMs = now();
      const time = isoTime(wallMs);
      store.atomically(() => {
        if (known.size === 0) declare(time);
        for (const { displayName: seriesName, read } of allSeries.filter(({ of }) => of === measurement.of)) {
          const point = { step: measurement.step, wallMs, value: read(measurement) };
          store.scalars.add(seriesNamed(seriesName, time), point);
        }
      });
    },
  };
}

function forget(store: VertexStore, experiment: string): void {
  const isBelow = ({ name }: { name: string }) => name.startsWith(`${experiment}/`);
  for (const { name } of store.list('timeSeries').filter(isBelow)) store.remove('timeSeries', name);
  for (const { name } of store.list('run').filter(isBelow)) store.remove('run', name);
  store.remove('experiment', experiment);
  store.scalars.clearBelow(experiment);
}
