/** Writes what a tuning measures into the TensorBoard that its job names. */

import { resourceId } from '../http/ids.ts';
import { isoTime } from '../http/time.ts';
import type { PipelineJobRecord } from '../store/pipeline-job.ts';
import type { Store } from '../store/store.ts';
import type { Measurement } from '../training/trainer.ts';

export interface MetricBoard {
  /** Keeps one measurement as a point of each of its three series. */
  write(measurement: Measurement): void;
}

/** The part of a series' name after `train_` and `eval_`, and what it shows. The slash in front is part of the name (guide). */
const SERIES = [
  ['total_loss', ({ loss }: Measurement) => loss],
  ['fraction_of_correct_next_step_preds', ({ accuracy }: Measurement) => accuracy],
  ['num_predictions', ({ predictions }: Measurement) => predictions],
] as const;

/** Ids of experiments are at most 128 characters; the number of the job is at most 19. */
const MAX_JOB_ID = 100;

/**
 * The experiment of a job. What the real tuning pipeline calls it is not known: here it is the id of the pipeline job and its
 * number, both of which a client may look for. The run is `default`, as the uploader of TensorBoard calls one at its root.
 */
const experimentOf = (job: PipelineJobRecord, tensorboard: string) =>
  `${tensorboard}/experiments/${job.id.slice(0, MAX_JOB_ID)}-${job.uid}`;

/**
 * Opens the board for a training from its start: what an earlier, killed attempt of the same job wrote is forgotten. The
 * guide promises curves only once the job is complete; here they grow while it runs.
 */
export function openMetricBoard(
  job: PipelineJobRecord,
  tensorboard: string,
  { store, now }: { store: Store; now: () => number },
): MetricBoard {
  const experiment = experimentOf(job, tensorboard);
  const run = `${experiment}/runs/default`;
  store.atomically(() => forget(store, experiment));
  const known = new Set<string>();

  const declare = (time: string) => {
    const times = { createTime: time, updateTime: time };
    const description = `Metrics of ${job.name}`;
    store.put('experiment', {
      ...{ name: experiment, displayName: job.id, description },
      ...{ source: job.name, ...times },
    });
    store.put('run', { name: run, displayName: 'default', ...times });
  };

  const seriesNamed = (displayName: string, time: string) => {
    const name = `${run}/timeSeries/${resourceId(experiment, displayName)}`;
    if (!known.has(name)) {
      const kind = { valueType: 'SCALAR', pluginName: 'scalars' } as const;
      store.put('timeSeries', { name, displayName, ...kind, createTime: time, updateTime: time });
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
        for (const [suffix, read] of SERIES) {
          const series = seriesNamed(`/${measurement.of}_${suffix}`, time);
          store.scalars.add(series, { step: measurement.step, wallMs, value: read(measurement) });
        }
      });
    },
  };
}

function forget(store: Store, experiment: string): void {
  const isBelow = ({ name }: { name: string }) => name.startsWith(`${experiment}/`);
  for (const { name } of store.list('timeSeries').filter(isBelow)) store.remove('timeSeries', name);
  for (const { name } of store.list('run').filter(isBelow)) store.remove('run', name);
  store.remove('experiment', experiment);
  store.scalars.clearBelow(experiment);
}
