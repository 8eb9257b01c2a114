import { EMBEDDING_PARAMETERS, TEMPLATE_DEFAULTS } from '../../shared/core/models/limits.ts';
import { MODELS, type Model } from '../../shared/core/models/models.ts';
import { ACCELERATORS } from '../../shared/core/models/regions.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

const ALL: readonly Model[] = MODELS;
const number = (value: number) => value.toLocaleString('en-US');

const FORMATS: Record<Model['dataset'], string> = {
  input_output: '`input_text`, `output_text`',
  messages: '`messages`, `context`',
  embedding: 'queries, corpus and labels in files of their own',
};

export function renderModels(): string {
  return pageText(
    heading('Base models', '`shared/core/models/models.ts`'),
    'What `base_model` may be, and what follows from it. The template is Google’s compiled pipeline that tunes the model; ' +
      'a manifest cannot name another.',
    markdownTable(
      ['`base_model`', 'kind', 'data set', 'tuning closed', 'retired'],
      ALL.map((model) => [
        code(model.reference),
        model.kind,
        FORMATS[model.dataset],
        model.retirement.tuningBlockedOn ?? 'with its retirement',
        model.retirement.retiredOn,
      ]),
    ),
    '## Retirement',
    'After the day in “tuning closed” Vertex AI refuses new jobs or lets them fail. A deployment decides whether a manifest ' +
      'for such a model gets a warning or is refused (`RETIRED_MODELS`). Sources:',
    sources(),
    '## Templates',
    markdownTable(
      ['template', 'models'],
      [...Map.groupBy(ALL, ({ templateUri }) => templateUri)].map(([uri, models]) => [
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
      ALL.map((model) => [
        code(model.reference),
        ...Object.values(ACCELERATORS).map(({ trainingRegion }) => batchSize(model, trainingRegion)),
      ]),
    ),
    '## Token limits',
    'The guide states limits for these models. What is longer is cut off or refused by Vertex AI, so it is reported before.',
    markdownTable(
      ['`base_model`', 'input, or whole conversation', 'output, or one message of the assistant'],
      ALL.flatMap(({ reference, tokenLimits }) =>
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
  const bySource = Map.groupBy(ALL, ({ retirement }) => retirement.source);
  return [...bySource].map(([source, models]) => `- ${references(models)}: ${source}.`).join('\n');
}

function batchSize({ batchSize: sizes }: Model, region: keyof NonNullable<Model['batchSize']>): string {
  const { maxBatchSize } = EMBEDDING_PARAMETERS;
  const { embeddingBatchSize } = TEMPLATE_DEFAULTS;
  return sizes
    ? number(sizes[region])
    : `\`batch_size\`, 1 to ${number(maxBatchSize)}, else ${embeddingBatchSize}`;
}

/** Models that take the same parameters share a row. */
function parameterTable(): string {
  const alike = Map.groupBy(ALL, ({ required, parameters }) => JSON.stringify([required, parameters]));
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
