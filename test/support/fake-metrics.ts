import type { TuneError } from '../../shared/core/errors/errors.ts';
import type { CurveSource, MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { Pace } from '../../shared/core/tuning/progress.ts';
import type { MetricsReader, TunedJob } from '../../shared/ports.ts';

export interface FakeMetrics extends MetricsReader {
  /** What every job has from now on; undefined: nothing. */
  series: MetricSeries[] | undefined;
  pace: Pace | undefined;
  /** Thrown by every call from now on. */
  fault: TuneError | undefined;
  /** What was looked up. */
  readonly asked: ({ tensorboard: string; job: TunedJob } | { context: string })[];
  /** What was read. */
  readonly reads: CurveSource[];
}

const EXPERIMENT_BOARD = 'projects/p/locations/us-central1/tensorboards/1';

/** A TensorBoard that says what a test tells it. */
export function createFakeMetrics(): FakeMetrics {
  const sourceIn = (tensorboard: string): CurveSource | undefined => {
    if (fake.fault) throw fake.fault;
    const experiment = `${tensorboard}/experiments/e`;
    const series = (fake.series ?? []).map(({ name }, index) => ({
      ...{ name: `${experiment}/runs/r/timeSeries/${index}`, metric: name },
    }));
    return fake.series && { tensorboard, experiment, matchedBy: 'id', series };
  };
  const fake: FakeMetrics = {
    ...{ series: undefined, pace: undefined, fault: undefined, asked: [], reads: [] },
    async findExperiment(context) {
      fake.asked.push({ context });
      return sourceIn(EXPERIMENT_BOARD);
    },
    async find(tensorboard, job) {
      fake.asked.push({ tensorboard, job });
      return sourceIn(tensorboard);
    },
    async read(source) {
      fake.reads.push(source);
      if (fake.fault) throw fake.fault;
      const wanted = source.series.map(({ metric }) => metric);
      return {
        series: (fake.series ?? []).filter(({ name }) => wanted.includes(name)),
        pace: fake.pace,
      };
    },
  };
  return fake;
}
