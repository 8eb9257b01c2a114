import { EMBEDDING_PARAMETERS, TEMPLATE_DEFAULTS } from '../../shared/core/models/limits.ts';
import { MODELS, type Model } from '../../shared/core/models/models.ts';
import { PIPELINE_MODELS, type PipelineModel } from '../../shared/core/models/pipeline-models.ts';
import { ACCELERATORS } from '../../shared/core/models/regions.ts';
import { TUNING_MODELS, type TuningModel } from '../../shared/core/models/tuning-models.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import { references } from './model-kinds.ts';
import { FORMATS, renderOverview } from './models-overview.ts';

const ALL: readonly Model[] = MODELS;
const TUNING: readonly TuningModel[] = TUNING_MODELS;
const PIPELINE: readonly PipelineModel[] = PIPELINE_MODELS;
const number = (value: number) => value.toLocaleString('en-US');

export function renderModels(): string {
  return pageText(
    heading('Base models', '`shared/core/models/models.ts`'),
    'What `base_model` may be, and what follows from it. Gemini and open models are tuned through `tuningJobs`; embedding models and ' +
      'the guide’s models by a compiled pipeline of Google’s, and a manifest cannot name another. Begin with `gemini-3.1-flash-lite`.',
    ...renderOverview(),
    '## Tuned through tuningJobs',
    'A size of the adapter is one of those that stand here; “all weights” has no adapter. A model that is closed to new projects goes ' +
      'on for those that use it.',
    tuningTable(),
    '## Tuned by a compiled pipeline',
    markdownTable(
      ['`base_model`', 'kind', 'data set', 'tuning closed', 'retired'],
      PIPELINE.map((model) => [
        code(model.reference),
        model.kind,
        FORMATS[model.dataset],
        model.lifecycle.tuningBlockedOn ?? 'with its retirement',
        model.lifecycle.retiredOn ?? 'not known',
      ]),
    ),
    '## Retirement',
    'After the day in “tuning closed” Vertex AI refuses new jobs or lets them fail. A deployment decides whether a manifest ' +
      'for such a model gets a warning or is refused (`RETIRED_MODELS`). Sources:',
    sources(),
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

function sources(): string {
  const bySource = Map.groupBy(ALL, ({ lifecycle }) => lifecycle.source);
  return [...bySource].map(([source, models]) => `- ${references(models)}: ${source}.`).join('\n');
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

function tuningTable(): string {
  return markdownTable(
    ['`base_model`', 'adapter sizes', 'closed to new projects', 'retirement', 'shutdown', 'successor'],
    TUNING.map(({ reference, adapterSizes, tuningModes, lifecycle }) => {
      const { closedToNewProjectsOn, retiredOn, retiresNotBefore, shutdownOn, successor } = lifecycle;
      const sizes = adapterSizes.join(', ');
      return [
        code(reference),
        tuningModes.includes('TUNING_MODE_FULL')
          ? [sizes, 'all weights'].filter(Boolean).join(', or ')
          : sizes,
        closedToNewProjectsOn ?? '',
        retiredOn ?? (retiresNotBefore ? `not before ${retiresNotBefore}` : 'no day published'),
        shutdownOn ?? '',
        successor ? code(successor) : '',
      ];
    }),
  );
}
