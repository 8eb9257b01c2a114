import type { Endpoint, Model, ModelVersionRecord, TunedRecord } from './models.ts';
import type { OperationRecord } from './operation.ts';
import type { PipelineJobRecord } from './pipeline-job.ts';
import type {
  Tensorboard,
  TensorboardExperiment,
  TensorboardRun,
  TensorboardTimeSeries,
} from './tensorboard.ts';

/** What the store keeps, by kind. */
export interface Documents {
  job: PipelineJobRecord;
  model: Model;
  modelVersion: ModelVersionRecord;
  endpoint: Endpoint;
  operation: OperationRecord;
  tuned: TunedRecord;
  tensorboard: Tensorboard;
  experiment: TensorboardExperiment;
  run: TensorboardRun;
  timeSeries: TensorboardTimeSeries;
}
