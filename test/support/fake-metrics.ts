import type { TuneError } from '../../shared/core/errors/errors.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { MetricsReader, TunedJob } from '../../shared/ports.ts';

export interface FakeMetrics extends MetricsReader {
  /** What every job has from now on; undefined: nothing. */
  series: MetricSeries[] | undefined;
  /** Thrown by every read from now on. */
  fault: TuneError | undefined;
  readonly asked: { tensorboard: string; job: TunedJob }[];
}

/** A TensorBoard that says what a test tells it. */
export function createFakeMetrics(): FakeMetrics {
  const fake: FakeMetrics = {
    series: undefined,
    fault: undefined,
    asked: [],
    async readExperiment(context) {
      if (fake.fault) throw fake.fault;
      const tensorboard = 'projects/p/locations/us-central1/tensorboards/1';
      return fake.series && { tensorboard, experiment: context, matchedBy: 'id', series: fake.series };
    },
    async read(tensorboard, job) {
      fake.asked.push({ tensorboard, job });
      if (fake.fault) throw fake.fault;
      return (
        fake.series && { experiment: `${tensorboard}/experiments/e`, matchedBy: 'id', series: fake.series }
      );
    },
  };
  return fake;
}
