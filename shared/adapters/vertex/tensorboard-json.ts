import * as z from 'zod';
import type { MetricPoint } from '../../core/tuning/metrics.ts';
import type { Pace } from '../../core/tuning/progress.ts';

/** The parts of TensorBoard's JSON that curves are made of; whatever else is there is let through. */

export const ExperimentListSchema = z.looseObject({
  tensorboardExperiments: z
    .array(
      z.looseObject({
        name: z.string(),
        displayName: z.string().default(''),
        source: z.string().default(''),
        createTime: z.string().default(''),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

export type Experiment = z.infer<typeof ExperimentListSchema>['tensorboardExperiments'][number];

export const RunListSchema = z.looseObject({
  tensorboardRuns: z.array(z.looseObject({ name: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});

export const TimeSeriesListSchema = z.looseObject({
  tensorboardTimeSeries: z
    .array(z.looseObject({ name: z.string(), displayName: z.string().default('') }))
    .default([]),
  nextPageToken: z.string().optional(),
});

/** An int64 is a string in JSON, and a zero may be left out: proto3. NaN and the infinities come as text and are no numbers. */
const PointSchema = z.looseObject({
  step: z.coerce.number().default(0),
  wallTime: z.string().default(''),
  scalar: z.looseObject({ value: z.union([z.number(), z.string()]).default(0) }).optional(),
});

const TimeSeriesDataSchema = z.looseObject({
  tensorboardTimeSeriesId: z.string(),
  values: z.array(PointSchema).default([]),
});

export const BatchReadSchema = z.looseObject({ timeSeriesData: z.array(TimeSeriesDataSchema).default([]) });
export const TimeSeriesReadSchema = z.looseObject({ timeSeriesData: TimeSeriesDataSchema });

/** The scalars among the values that are finite numbers. */
export function pointsOf(values: z.infer<typeof PointSchema>[]): MetricPoint[] {
  return values.flatMap(({ step, scalar }) => {
    const value = scalar === undefined ? Number.NaN : Number(scalar.value);
    return Number.isFinite(value) ? [{ step, value }] : [];
  });
}

/** The first and the last point that say when they were measured; undefined where there are no two. */
export function paceOf(values: z.infer<typeof PointSchema>[]): Pace | undefined {
  const timed = values
    .filter(({ wallTime }) => !Number.isNaN(Date.parse(wallTime)))
    .map(({ step, wallTime }) => ({ step, time: wallTime }))
    .sort((a, b) => a.step - b.step);
  const [from, to] = [timed[0], timed.at(-1)];
  return from && to && from.step < to.step ? { from, to } : undefined;
}

/** A metadata context. Where Google's SDK for Python reads the TensorBoard of an experiment (`metadata/constants.py`). */
export const ContextSchema = z.looseObject({
  metadata: z.looseObject({ backing_tensorboard_resource: z.string().optional() }).default({}),
});
