import * as z from 'zod';
import { findCause } from './causes.ts';
import { isJobOver, type JobFailure, type JobObservation, type JobOutputs, phaseOf, STAGES } from './job.ts';

/** int64 comes as a string, and was seen as a number. */
const Count = z.union([z.string().regex(/^\d+$/), z.number().nonnegative()]).transform(Number);
const Distribution = z.looseObject({ sum: Count.optional(), billableSum: Count.optional() });

const DataStatsSchema = z.looseObject({
  tuningDatasetExampleCount: Count.optional(),
  totalBillableTokenCount: Count.optional(),
  tuningStepCount: Count.optional(),
  totalTruncatedExampleCount: Count.optional(),
  truncatedExampleIndices: z.array(Count).default([]),
  droppedExampleIndices: z.array(Count).default([]),
  droppedExampleReasons: z.array(z.string()).default([]),
  userInputTokenDistribution: Distribution.optional(),
  userOutputTokenDistribution: Distribution.optional(),
});

const SpecSchema = z.looseObject({ trainingDatasetUri: z.string().optional() }).optional();

/** The parts of Google's TuningJob JSON that a run is made of; whatever else is there, now or later, is let through. */
const CamelCaseSchema = z.looseObject({
  name: z.string(),
  state: z.string().default('JOB_STATE_UNSPECIFIED'),
  tuningJobState: z.string().optional(),
  tuningJobMetadata: z
    .looseObject({ completedEpochCount: Count.optional(), completedStepCount: Count.optional() })
    .optional(),
  createTime: z.string().optional(),
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  error: z.looseObject({ code: z.number().optional(), message: z.string().optional() }).optional(),
  experiment: z.string().optional(),
  gcsMetricsUri: z.string().optional(),
  tunedModel: z
    .looseObject({
      model: z.string().optional(),
      endpoint: z.string().optional(),
      checkpoints: z
        .array(
          z.looseObject({
            checkpointId: z.string().optional(),
            epoch: Count.optional(),
            step: Count.optional(),
            endpoint: z.string().optional(),
          }),
        )
        .default([]),
    })
    .optional(),
  supervisedTuningSpec: SpecSchema,
  preferenceOptimizationSpec: SpecSchema,
  tuningDataStats: z
    .looseObject({
      supervisedTuningDataStats: DataStatsSchema.optional(),
      preferenceOptimizationDataStats: DataStatsSchema.optional(),
    })
    .optional(),
});

/** Google's documents and clients spell keys in camelCase and in snake_case; what stands in a map is the user's own. */
export const TuningJobSchema = z.preprocess((json) => camelCased(json), CamelCaseSchema);
export type TuningJob = z.infer<typeof TuningJobSchema>;

const MAPS = new Set(['labels']);

function camelCased(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(camelCased);
  if (typeof json !== 'object' || json === null) return json;
  const fields = Object.entries(json).flatMap(([name, value]): [string, unknown][] => {
    const key = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    // A null member means the same as none.
    return value === null ? [] : [[key, MAPS.has(key) ? value : camelCased(value)]];
  });
  return Object.fromEntries(fields);
}

/** What a tuning job says: the one place where its JSON is read into phase, failure and outputs. */
export function observeTuningJob(job: TuningJob): JobObservation {
  const { name, state, createTime, startTime, endTime, labels } = job;
  const outputs = outputsOf(job);
  const isTunedOnly = phaseOf(state) === 'failed' && outputs.model !== undefined;
  // The model is there and can be deployed: that is no failure of the tuning.
  const phase = isTunedOnly ? 'partial' : phaseOf(state);
  const isFailed = phase === 'failed' || phase === 'expired' || isTunedOnly;
  return {
    ...{ name, state, phase, createTime, startTime, endTime, labels },
    failure: isFailed ? failureOf(job) : undefined,
    outputs: isJobOver({ phase }) ? outputs : {},
    stage: phase === 'running' ? stageOf(job.tuningJobState) : undefined,
    completed: completedOf(job),
    experiment: job.experiment,
    trainingDataUri:
      job.supervisedTuningSpec?.trainingDatasetUri ?? job.preferenceOptimizationSpec?.trainingDatasetUri,
    gcsMetricsUri: job.gcsMetricsUri || undefined,
    dataStats: dataStatsOf(job),
  };
}

function failureOf({ error }: TuningJob): JobFailure {
  const words = error?.message;
  if (!words) return { message: 'Vertex AI gave no reason.' };
  return { words, message: words, cause: findCause({ message: words }) };
}

function outputsOf({ tunedModel }: TuningJob): JobOutputs {
  return {
    model: tunedModel?.model || undefined,
    endpoint: tunedModel?.endpoint || undefined,
    checkpoints: tunedModel?.checkpoints.flatMap(({ checkpointId, epoch, step, endpoint }) =>
      checkpointId === undefined ? [] : [{ id: checkpointId, epoch, step, endpoint }],
    ),
  };
}

function stageOf(tuningJobState: string | undefined): JobObservation['stage'] {
  const word = tuningJobState?.replace(/^TUNING_JOB_STATE_/, '');
  return STAGES.find((stage) => stage === word);
}

function completedOf({ tuningJobMetadata: metadata }: TuningJob): JobObservation['completed'] {
  if (metadata === undefined) return undefined;
  return { epochs: metadata.completedEpochCount, steps: metadata.completedStepCount };
}

function dataStatsOf({ tuningDataStats }: TuningJob): JobObservation['dataStats'] {
  const stats =
    tuningDataStats?.supervisedTuningDataStats ?? tuningDataStats?.preferenceOptimizationDataStats;
  if (stats === undefined) return undefined;
  return {
    examples: stats.tuningDatasetExampleCount,
    billableTokens: stats.totalBillableTokenCount,
    steps: stats.tuningStepCount,
    truncatedExamples: stats.totalTruncatedExampleCount,
    truncatedSample: stats.truncatedExampleIndices,
    droppedSample: stats.droppedExampleIndices,
    droppedReasons: stats.droppedExampleReasons,
  };
}
