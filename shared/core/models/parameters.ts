/** What each parameter of a model is where nobody sets it, and how far it goes. */
import { EMBEDDING_PARAMETERS, TEMPLATE_DEFAULTS } from './limits.ts';
import type { Model, ParameterName } from './models.ts';
import type { SourceName } from './sources.ts';
import { DEFAULT_EPOCH_COUNT } from './tuning-models.ts';

export interface ParameterFact {
  name: ParameterName;
  /** Undefined: Vertex AI chooses, or no page says. */
  default?: number | string | boolean | undefined;
  /** Whether the default is ours and is always sent. */
  isSent?: true;
  /** Undefined: no page names one. */
  maximum?: number | undefined;
  source: SourceName;
}

/** The parameters of a model that are settings of its training, with what is known of them. */
export function parameterFacts(model: Model): ParameterFact[] {
  const taken: readonly ParameterName[] = model.parameters;
  const facts = model.backend === 'tuningJobs' ? tuningFacts(model) : pipelineFacts(model);
  return facts.filter(({ name }) => taken.includes(name));
}

function tuningFacts(model: Extract<Model, { backend: 'tuningJobs' }>): ParameterFact[] {
  const source = model.kind === 'gemini' ? 'supervisedPage' : 'openModelsPage';
  const facts: ParameterFact[] = [
    { name: 'epoch_count', default: DEFAULT_EPOCH_COUNT, isSent: true, source },
    { name: 'learning_rate_multiplier', default: 1, source: 'supervisedPage' },
    { name: 'adapter_size', maximum: model.adapterSizes.at(-1), source },
    { name: 'export_last_checkpoint_only', default: false, source: 'tuningApiPage' },
    { name: 'beta', source: 'preferencePage' },
    { name: 'learning_rate', source },
    { name: 'batch_size', source },
  ];
  return facts.filter(({ name }) => name !== 'adapter_size' || model.adapterSizes.length > 0);
}

function pipelineFacts(model: Extract<Model, { backend: 'pipelineJobs' }>): ParameterFact[] {
  const isEmbedding = model.kind === 'embedding';
  const source = isEmbedding ? 'embeddingPage' : 'guide';
  const own: ParameterFact[] = isEmbedding
    ? [
        {
          name: 'batch_size',
          default: TEMPLATE_DEFAULTS.embeddingBatchSize,
          maximum: EMBEDDING_PARAMETERS.maxBatchSize,
          source,
        },
        { name: 'output_dimensionality', maximum: EMBEDDING_PARAMETERS.maxOutputDimensionality, source },
        { name: 'machine_type', default: TEMPLATE_DEFAULTS.embeddingMachineType, source },
        { name: 'accelerator_type', default: TEMPLATE_DEFAULTS.embeddingAcceleratorType, source },
        { name: 'accelerator_count', default: TEMPLATE_DEFAULTS.embeddingAcceleratorCount, source },
      ]
    : [
        { name: 'accelerator_type', default: TEMPLATE_DEFAULTS.acceleratorType, source },
        { name: 'evaluation_interval', default: TEMPLATE_DEFAULTS.evaluationInterval, source },
        { name: 'enable_early_stopping', default: TEMPLATE_DEFAULTS.enableEarlyStopping, source },
        { name: 'enable_checkpoint_selection', default: TEMPLATE_DEFAULTS.enableCheckpointSelection, source },
      ];
  return [
    { name: 'train_steps', default: model.trainStepsDefault, source },
    { name: 'learning_rate_multiplier', default: TEMPLATE_DEFAULTS.learningRateMultiplier, source },
    ...own,
  ];
}
