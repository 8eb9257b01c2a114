import type { MetadataContext } from './metadata.ts';
import type { Endpoint, ModelResource, ModelVersionRecord, TunedRecord } from './models.ts';
import type { OperationRecord } from './operation.ts';
import type { PipelineJobRecord } from './pipeline-job.ts';
import type {
  Tensorboard,
  TensorboardExperiment,
  TensorboardRun,
  TensorboardTimeSeries,
} from './tensorboard.ts';
import type { TuningJobRecord } from './tuning-job.ts';

/** What the store keeps, by kind. */
export interface Documents {
  job: PipelineJobRecord;
  tuningJob: TuningJobRecord;
  context: MetadataContext;
  model: ModelResource;
  modelVersion: ModelVersionRecord;
  endpoint: Endpoint;
  operation: OperationRecord;
  tuned: TunedRecord;
  tensorboard: Tensorboard;
  experiment: TensorboardExperiment;
  run: TensorboardRun;
  timeSeries: TensorboardTimeSeries;
}
