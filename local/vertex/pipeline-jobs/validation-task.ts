/** What the validation task of a pipeline checks before anything is tuned. */
import { locationOf } from '../http/resource-names.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import type { PipelineJobRecord } from '../store/pipeline-job.ts';
import { checkDataset } from './dataset-check.ts';
import {
  type TaskContext,
  type TaskResult,
  tensorboardNameOf,
  textParameter,
  uploadLocation,
} from './task-context.ts';
import { baseModelOf, type Template, TUNING_REGIONS, templateOf, tunes } from './templates.ts';

export async function validate(context: TaskContext): Promise<TaskResult> {
  const { job, readObject } = context;
  const template = templateOf(job.templateUri);
  checkBaseModel(template, baseModelOf(template, job.parameters));
  checkRegion(job);
  checkTensorboard(context);
  if (template.family !== 'embedding' && textParameter(job, 'dataset_uri') === '') {
    throw new WorkFailure(
      'INVALID_ARGUMENT',
      'dataset_uri is not set, and there are no managed datasets here.',
    );
  }
  for (const input of template.datasets) {
    const uri = textParameter(job, input.parameter);
    if (uri !== '') await checkDataset(uri, input, readObject);
  }
  return { outputs: {} };
}

/** The text is one that a user of the real service got from this task, as told in the tracker of googleapis/python-aiplatform. */
function checkBaseModel(template: Template, reference: string): void {
  if (tunes(template, reference)) return;
  throw new WorkFailure('INVALID_ARGUMENT', `Invalid model id: ${reference} provided.`);
}

/** Google's public components check both of these in their validation task; the sentences are not theirs. */
function checkRegion(job: PipelineJobRecord): void {
  const location = uploadLocation(job);
  if (!TUNING_REGIONS.includes(location)) {
    throw new WorkFailure('INVALID_ARGUMENT', `Models cannot be uploaded to location ${location}.`);
  }
  const isEncrypted = textParameter(job, 'encryption_spec_key_name') !== '';
  if (!isEncrypted || job.parameters.location === undefined) return;
  if (location !== 'us-central1' || job.parameters.accelerator_type === 'TPU') {
    throw new WorkFailure(
      'INVALID_ARGUMENT',
      'encryption_spec_key_name is only supported in us-central1 with GPU.',
    );
  }
}

/**
 * The guide: the instance must be in the region of the pipeline. Google's SDK and public components demand the full name;
 * whether the server takes a bare id is not known, so it is refused.
 */
function checkTensorboard(context: TaskContext): void {
  const { job, store } = context;
  const written = textParameter(job, 'tensorboard_resource_id');
  if (written === '') return;
  const refuse = (why: string) =>
    new WorkFailure('INVALID_ARGUMENT', `tensorboard_resource_id ${written}: ${why}`);
  if (!/^projects\/[^/]+\/locations\/[^/]+\/tensorboards\/\d+$/.test(written)) {
    throw refuse('not a full name, projects/PROJECT/locations/REGION/tensorboards/NUMBER.');
  }
  if (locationOf(written) !== job.location) {
    throw refuse(`the Tensorboard must be in ${job.location}, the location of the pipeline job.`);
  }
  if (!store.get('tensorboard', tensorboardNameOf(context) ?? '')) throw refuse('it does not exist.');
}
