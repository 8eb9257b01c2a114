import { formatCount } from '../issues/numbers.ts';
import type { Run } from '../run/run.ts';
import type { PipelinePlan, Plan, TuningPlan } from '../tuning/plan.ts';
import { type Html, html } from './html.ts';

export interface AskedRow {
  label: string;
  value: string;
  /** Who chose it: the manifest, a default, or a rule. */
  by: string;
  /** Nobody chose it: a default, or what follows from another row. */
  isRest: boolean;
  isCode: boolean;
}

export interface AskedView {
  rows: AskedRow[];
  /** What the manifest left open, in sentences. */
  notes: string[];
  /** Why there is no plan. */
  absent?: string;
}

/** One row of the table: where its value stands in the plan, the manifest's key that chooses it, and who does otherwise. */
interface AskedField<Kind extends Plan = Plan> {
  label: string;
  value: (plan: Kind) => string | number | undefined;
  key?: string;
  otherwise?: string;
  isCode?: true;
}

const TEMPLATE_DEFAULT = 'default of Google’s template';
const DEPLOYMENT = 'default of this deployment';

/** As it is sent, else what Google's template takes without it. */
const parameter =
  (name: string) =>
  ({ parameters, templateDefaults }: PipelinePlan) =>
    textOf(parameters[name] ?? templateDefaults[name]);

const NAMES: readonly AskedField[] = [
  { label: 'Base model', value: (plan) => plan.baseModel, key: 'base_model' },
  {
    label: 'Name of the tuned model',
    value: (plan) => plan.modelDisplayName,
    key: 'model_display_name',
    otherwise: 'follows from the folder',
  },
];

const IDENTITIES: readonly AskedField[] = [
  {
    label: 'Service account',
    value: ({ serviceAccount }) => serviceAccount,
    key: 'service_account',
    otherwise: DEPLOYMENT,
    isCode: true,
  },
  {
    label: 'Encryption key',
    value: ({ encryptionKey }) => encryptionKey,
    key: 'encryption_spec_key_name',
    isCode: true,
  },
  {
    label: 'Output directory',
    value: (plan) => plan.outputDirectory,
    key: 'output_directory',
    otherwise: DEPLOYMENT,
    isCode: true,
  },
];

const VERTEX_AI = 'left to Vertex AI';

const TUNING_FIELDS: readonly AskedField<TuningPlan>[] = [
  ...NAMES,
  {
    label: 'Goes on from',
    value: ({ preTunedModel }) => preTunedModel?.tunedModelName,
    key: 'pre_tuned_model',
    isCode: true,
  },
  { label: 'Checkpoint', value: ({ preTunedModel }) => preTunedModel?.checkpointId, key: 'checkpoint_id' },
  {
    label: 'Weights of your own',
    value: ({ customBaseModel }) => customBaseModel,
    key: 'custom_base_model',
    isCode: true,
  },
  { label: 'Tuning method', value: ({ method }) => method, key: 'tuning_method' },
  {
    label: 'Epochs',
    value: ({ training }) => training.epochs,
    key: 'epoch_count',
    otherwise: 'default, or made from train_steps; the notes below say which',
  },
  { label: 'Training examples', value: ({ training }) => training.examples, otherwise: 'counted' },
  {
    label: 'Learning rate multiplier',
    value: ({ hyperParameters }) => hyperParameters.learningRateMultiplier,
    key: 'learning_rate_multiplier',
  },
  {
    label: 'Learning rate',
    value: ({ hyperParameters }) => hyperParameters.learningRate,
    key: 'learning_rate',
  },
  {
    label: 'Adapter size',
    value: ({ hyperParameters }) => hyperParameters.adapterSize,
    key: 'adapter_size',
    otherwise: VERTEX_AI,
  },
  { label: 'Batch size', value: ({ hyperParameters }) => hyperParameters.batchSize, key: 'batch_size' },
  { label: 'Beta', value: ({ hyperParameters }) => hyperParameters.beta, key: 'beta' },
  { label: 'Tuning mode', value: ({ tuningMode }) => tuningMode, key: 'tuning_mode' },
  {
    label: 'Last checkpoint only',
    value: ({ exportLastCheckpointOnly }) => textOf(exportLastCheckpointOnly),
    key: 'export_last_checkpoint_only',
  },
  {
    label: 'Region of the job',
    value: ({ region }) => region,
    key: 'pipeline_job_region',
    otherwise: 'default of this deployment, or where the tuned model lies',
  },
  ...IDENTITIES,
];

const PIPELINE_FIELDS: readonly AskedField<PipelinePlan>[] = [
  ...NAMES,
  { label: 'Training steps', value: ({ training }) => training.steps, key: 'train_steps' },
  {
    label: 'Batch size',
    value: ({ training }) => training.batchSize,
    key: 'batch_size',
    otherwise: 'follows from the model and the region of the training',
  },
  { label: 'Training examples', value: ({ training }) => training.examples, otherwise: 'counted' },
  {
    label: 'Epochs',
    value: ({ training }) => training.epochs,
    otherwise: 'follows: steps × batch size ÷ examples',
  },
  {
    label: 'Evaluations',
    value: ({ training }) => training.evaluations,
    otherwise: 'follows: steps ÷ evaluation interval, without early stopping',
  },
  { label: 'Evaluation interval', value: parameter('evaluation_interval'), key: 'evaluation_interval' },
  {
    label: 'Early stopping',
    value: parameter('enable_early_stopping'),
    key: 'enable_early_stopping',
  },
  {
    label: 'Checkpoint selection',
    value: parameter('enable_checkpoint_selection'),
    key: 'enable_checkpoint_selection',
  },
  {
    label: 'Learning rate multiplier',
    value: parameter('learning_rate_multiplier'),
    key: 'learning_rate_multiplier',
  },
  {
    label: 'Region of the pipeline job',
    value: ({ regions }) => regions.pipelineJob,
    key: 'pipeline_job_region',
    otherwise: DEPLOYMENT,
  },
  {
    label: 'Region of the model',
    value: ({ regions }) => regions.modelUpload,
    key: 'model_upload_region',
    otherwise: 'follows from the region of the pipeline job',
  },
  {
    label: 'Region of the training',
    value: ({ regions }) => regions.training,
    otherwise: 'follows from the model and the accelerator',
  },
  {
    label: 'Accelerator',
    value: ({ accelerator }) => accelerator,
    key: 'accelerator_type',
    otherwise: DEPLOYMENT,
  },
  {
    label: 'TensorBoard',
    value: parameter('tensorboard_resource_id'),
    key: 'tensorboard_resource_id',
    isCode: true,
  },
  ...IDENTITIES,
  {
    label: 'Google’s template',
    value: (plan) => plan.templateUri,
    otherwise: 'follows from the base model',
    isCode: true,
  },
];

/** Parameters that a row above has already, or the section about the data. */
const SHOWN_ELSEWHERE = new Set([
  ...['project', 'location', 'large_model_reference', 'base_model_version_id', 'encryption_spec_key_name'],
  ...['dataset_uri', 'evaluation_data_uri', 'queries_path', 'corpus_path'],
  ...['train_label_path', 'test_label_path', 'validation_label_path'],
  ...PIPELINE_FIELDS.flatMap(({ key }) => key ?? []),
]);

/** What was asked, and who chose it. */
export function askedOf({ spec, status }: Run): AskedView {
  const { plan } = spec;
  const manifest: Record<string, unknown> = spec.manifest ?? {};
  if (plan === undefined) return { rows: manifestRows(manifest), notes: [], absent: absenceOf(status) };
  if (plan.backend === 'tuningJobs') {
    return { rows: TUNING_FIELDS.flatMap((field) => rowOf(field, plan, { manifest })), notes: plan.notes };
  }
  const { templateDefaults: defaults, notes } = plan;
  const rows = PIPELINE_FIELDS.flatMap((field) => rowOf(field, plan, { manifest, defaults }));
  return { rows: [...rows, ...otherRows(plan)], notes };
}

interface Chosen {
  manifest: Record<string, unknown>;
  /** What Google's template takes where nobody chose. */
  defaults?: Record<string, unknown>;
}

function rowOf<Kind extends Plan>(
  field: AskedField<Kind>,
  plan: Kind,
  { manifest, defaults = {} }: Chosen,
): AskedRow[] {
  const { label, key = '', otherwise, isCode = false } = field;
  const value = textOf(field.value(plan));
  if (value === undefined) return [];
  const isChosen = manifest[key] !== undefined;
  const unchosen = key in defaults ? TEMPLATE_DEFAULT : (otherwise ?? 'default');
  return [{ label, value, by: isChosen ? `tune.json: ${key}` : unchosen, isRest: !isChosen, isCode }];
}

/** What no row of the table has: parameters that are sent, and those that Google's template fills in. */
function otherRows({ parameters, templateDefaults }: PipelinePlan): AskedRow[] {
  const rowsOf = (values: PipelinePlan['parameters'], isRest: boolean): AskedRow[] =>
    Object.entries(values)
      .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
      .map(([name, value]) => ({
        label: name,
        value: textOf(value) ?? '',
        by: isRest ? TEMPLATE_DEFAULT : `tune.json: ${name}`,
        isRest,
        isCode: false,
      }));
  return [...rowsOf(parameters, false), ...rowsOf(templateDefaults, true)];
}

/** Of a manifest without a plan: what could be read of it. */
function manifestRows(manifest: Record<string, unknown>): AskedRow[] {
  return Object.entries(manifest).flatMap(([key, value]) => {
    const text = textOf(value) ?? JSON.stringify(value);
    return text === undefined || key === '$schema'
      ? []
      : [{ label: key, value: text, by: 'tune.json', isRest: false, isCode: text.startsWith('gs://') }];
  });
}

function absenceOf({ state, sweep }: Run['status']): string {
  if (sweep !== undefined) return 'Each of its runs has a plan of its own.';
  if (state === 'REJECTED') return 'No plan was made, because the upload has errors.';
  return 'There is no plan yet, or none was made.';
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return formatCount(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : undefined;
}

export function renderAsked({ rows, notes, absent }: AskedView): Html {
  const lines = rows.map(
    ({ label, value, by, isRest, isCode }) =>
      html`<tr${isRest && html` class="rest"`}><th scope="row">${label}</th><td>${isCode ? html`<code>${value}</code>` : html`<bdi>${value}</bdi>`}</td><td data-label="Chosen by">${by}</td></tr>`,
  );
  return html`<section id="asked">
<h2>What was asked</h2>
${absent !== undefined && html`<p>${absent} This much of the manifest was read:</p>`}
<div class="scroll"><table class="stack"><thead><tr><th scope="col">What</th><th scope="col">Value</th><th scope="col">Chosen by</th></tr></thead><tbody>${lines}</tbody></table></div>
${notes.length > 0 && html`<ul class="soft small">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
</section>`;
}
