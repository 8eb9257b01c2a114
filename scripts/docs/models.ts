import { EMBEDDING_PARAMETERS, TEMPLATE_DEFAULTS } from '../../shared/core/models/limits.ts';
import { PIPELINE_MODELS, type PipelineModel } from '../../shared/core/models/pipeline-models.ts';
import { ACCELERATORS } from '../../shared/core/models/regions.ts';
import { TUNING_MODELS, type TuningModel } from '../../shared/core/models/tuning-models.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import { references } from './model-kinds.ts';
import { renderCatalogue } from './models-catalogue.ts';
import { renderOverview } from './models-overview.ts';

const TUNING: readonly TuningModel[] = TUNING_MODELS;
const PIPELINE: readonly PipelineModel[] = PIPELINE_MODELS;
const number = (value: number) => value.toLocaleString('en-US');

export function renderModels(): string {
  return pageText(
    heading('Base models', '`shared/core/models/models.ts`'),
    'What `base_model` may be, and what follows from it. Gemini and open models are tuned through `tuningJobs`; embedding models and ' +
      'the guide’s models by a compiled pipeline of Google’s, and a manifest cannot name another. Begin with `gemini-3.1-flash-lite`.',
    ...renderCatalogue(),
    ...renderOverview(),
    '## Adapters',
    'A size of the adapter is one of those that stand here; “all weights” has no adapter.',
    adapterTable(),
    '## Templates',
    markdownTable(
      ['template', 'models'],
      [...Map.groupBy(PIPELINE, ({ templateUri }) => templateUri)].map(([uri, models]) => [
        code(uri),
        references(models),
      ]),
    ),
    '## Batch sizes',
    'Examples a training step. Epochs are `train_steps` × batch size ÷ examples.',
    markdownTable(
      [
        '`base_model`',
        ...Object.entries(ACCELERATORS).map(([type, { trainingRegion }]) => `${type} (${trainingRegion})`),
      ],
      PIPELINE.map((model) => [
        code(model.reference),
        ...Object.values(ACCELERATORS).map(({ trainingRegion }) => batchSize(model, trainingRegion)),
      ]),
    ),
    '## Token limits',
    'The guide states limits for these models. What is longer is cut off or refused by Vertex AI, so it is reported before.',
    markdownTable(
      ['`base_model`', 'input, or whole conversation', 'output, or one message of the assistant'],
      PIPELINE.flatMap(({ reference, tokenLimits }) =>
        tokenLimits ? [[code(reference), number(tokenLimits.input), number(tokenLimits.output)]] : [],
      ),
    ),
    '## Parameters',
    'Each model takes these keys of the manifest (see [manifest.md](manifest.md)); another one is an error.',
    parameterTable(),
  );
}

function batchSize(
  { batchSize: sizes }: PipelineModel,
  region: keyof NonNullable<PipelineModel['batchSize']>,
): string {
  const { maxBatchSize } = EMBEDDING_PARAMETERS;
  const { embeddingBatchSize } = TEMPLATE_DEFAULTS;
  return sizes
    ? number(sizes[region])
    : `\`batch_size\`, 1 to ${number(maxBatchSize)}, else ${embeddingBatchSize}`;
}

/** Models that take the same parameters share a row. */
function parameterTable(): string {
  const alike = Map.groupBy(PIPELINE, ({ required, parameters }) => JSON.stringify([required, parameters]));
  return markdownTable(
    ['models', 'required', 'optional', 'default of `train_steps`'],
    [...alike.values()].flatMap((models) => {
      const [model] = models;
      if (!model) return [];
      const optional = model.parameters.filter((name) => !model.required.includes(name));
      return [
        [
          references(models),
          model.required.map(code).join(', '),
          optional.map(code).join(', '),
          number(model.trainStepsDefault),
        ],
      ];
    }),
  );
}

function adapterTable(): string {
  const alike = Map.groupBy(TUNING, ({ adapterSizes, tuningModes }) => {
    const sizes = adapterSizes.join(', ');
    return tuningModes.includes('TUNING_MODE_FULL')
      ? [sizes, 'all weights'].filter(Boolean).join(', or ')
      : sizes;
  });
  return markdownTable(
    ['adapter sizes', 'models'],
    [...alike].map(([sizes, models]) => [sizes, references(models)]),
  );
}
