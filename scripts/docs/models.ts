import { EMBEDDING_PARAMETERS, TEMPLATE_DEFAULTS } from '../../shared/core/models/limits.ts';
import { MODELS, type Model } from '../../shared/core/models/models.ts';
import { PIPELINE_MODELS, type PipelineModel } from '../../shared/core/models/pipeline-models.ts';
import { ACCELERATORS } from '../../shared/core/models/regions.ts';
import { TUNING_MODELS, type TuningModel } from '../../shared/core/models/tuning-models.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

const ALL: readonly Model[] = MODELS;
const TUNING: readonly TuningModel[] = TUNING_MODELS;
const PIPELINE: readonly PipelineModel[] = PIPELINE_MODELS;
const number = (value: number) => value.toLocaleString('en-US');

const FORMATS: Record<Model['dataset'], string> = {
  contents: '`contents`, `systemInstruction`',
  chat_messages: '`messages` with `role` and `content`',
  input_output: '`input_text`, `output_text`',
  messages: '`messages`, `context`',
  embedding: 'queries, corpus and labels in files of their own',
};

export function renderModels(): string {
  return pageText(
    heading('Base models', '`shared/core/models/models.ts`'),
    'What `base_model` may be, and what follows from it. Gemini and open models are tuned through `tuningJobs`; the guide’s models ' +
      'and embedding models by a compiled pipeline of Google’s, and a manifest cannot name another.',
    '## Tuned through tuningJobs',
    tuningTable(),
    'Each takes these keys of the manifest (see [manifest.md](manifest.md)):',
    keyTable(TUNING),
    'Days of their life, as far as they are published. A model that is closed to new projects goes on for those that use it.',
    lifecycleTable(),
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

function references(models: readonly Model[]): string {
  return models.map(({ reference }) => code(reference)).join(', ');
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

const SERVED: Record<TuningModel['serving'], string> = {
  multiRegion: 'the hosts of `us` and `eu`',
  regional: 'the region of the job',
  none: 'after you deploy it',
};

function tuningTable(): string {
  return markdownTable(
    ['`base_model`', 'methods', 'tuned in', 'answers at', 'adapter sizes', 'data set', 'tokens an example'],
    TUNING.map((model) => [
      code(model.reference),
      model.methods.join(', '),
      model.regions.join(', '),
      SERVED[model.serving],
      model.adapterSizes.length > 0 ? model.adapterSizes.join(', ') : 'all weights',
      FORMATS[model.dataset],
      number(model.limits.maxTokensPerExample),
    ]),
  );
}

/** Models that take the same keys share a row. */
function keyTable(all: readonly TuningModel[]): string {
  const alike = Map.groupBy(all, ({ parameters }) => parameters.map(code).join(', '));
  return markdownTable(
    ['models', 'keys'],
    [...alike].map(([keys, models]) => [references(models), keys]),
  );
}

function lifecycleTable(): string {
  const alike = Map.groupBy(TUNING, ({ lifecycle }) => JSON.stringify(lifecycle));
  return markdownTable(
    ['models', 'closed to new projects', 'retirement', 'shutdown', 'successor'],
    [...alike.values()].flatMap((models) => {
      const [model] = models;
      if (!model) return [];
      const { closedToNewProjectsOn, retiredOn, retiresNotBefore, shutdownOn, successor } = model.lifecycle;
      const retirement =
        retiredOn ?? (retiresNotBefore ? `not before ${retiresNotBefore}` : 'no day published');
      return [
        [
          references(models),
          closedToNewProjectsOn ?? '',
          retirement,
          shutdownOn ?? '',
          successor ? code(successor) : '',
        ],
      ];
    }),
  );
}
