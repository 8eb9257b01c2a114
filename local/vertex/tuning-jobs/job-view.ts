/** A tuning job's record as the API serves it: enum values as names, int64 as strings, what is not set left out. */
import { type JsonObject, present } from '../http/json.ts';
import { pruneTo } from '../http/message.ts';
import type { ApiVersion } from '../http/routes.ts';
import { isoTime, isoTimeOf } from '../http/time.ts';
import type { TuningJobRecord } from '../store/tuning-job.ts';
import { completed } from './job-life.ts';
import { TUNING_JOB } from './messages.ts';
import { specOf } from './model-rules.ts';

/** v1 has neither the state behind RUNNING nor how far the job is, and no fields of open models. */
export function tuningJobView(job: TuningJobRecord, version: ApiVersion): JsonObject {
  const view = present({
    name: job.name,
    ...pruneTo(TUNING_JOB[version], echoOf(job)),
    labels: Object.keys(job.labels).length > 0 ? job.labels : undefined,
    state: job.state,
    createTime: isoTime(job.createMs),
    startTime: isoTimeOf(job.startMs),
    endTime: isoTimeOf(job.endMs),
    updateTime: isoTime(job.updateMs),
    error: job.error,
    experiment: job.experiment,
    tunedModel: job.tunedModel,
    tuningDataStats: job.dataStats,
  });
  if (version === 'v1') return view;
  return present({ ...view, tuningJobState: stageOf(job), tuningJobMetadata: completed(job) });
}

/** Only while the job runs (discovery document of v1beta1). */
const stageOf = ({ state, stage }: TuningJobRecord) =>
  state === 'JOB_STATE_RUNNING' ? `TUNING_JOB_STATE_${stage}` : undefined;

/** The request, with what the job settled on where nothing was asked for. */
function echoOf({ echo, settings }: TuningJobRecord): JsonObject {
  if (!settings) return echo;
  const { spec, hyperParameters } = specOf(echo);
  const name =
    echo.preferenceOptimizationSpec === undefined ? 'supervisedTuningSpec' : 'preferenceOptimizationSpec';
  const { learningRate } = hyperParameters;
  const settled = present({
    ...hyperParameters,
    epochCount: String(settings.epochs),
    learningRateMultiplier: learningRate === undefined ? settings.learningRateMultiplier : undefined,
    adapterSize: settings.adapterSize,
  });
  return { ...echo, [name]: { ...spec, hyperParameters: settled } };
}
