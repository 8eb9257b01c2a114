/** What a newcomer wants to know of the base models before anything else: by kind, in tables that fit on a screen. */
import { MODELS, type Model, type ParameterName } from '../../shared/core/models/models.ts';
import {
  TUNING_METHODS,
  TUNING_MODELS,
  type TuningMethod,
  type TuningModel,
} from '../../shared/core/models/tuning-models.ts';
import { code, markdownTable } from './markdown.ts';
import { MODELS_BY_KIND, references, takenBy } from './model-kinds.ts';

const TUNING: readonly TuningModel[] = TUNING_MODELS;
const number = (value: number) => value.toLocaleString('en-US');

const FORMATS: Record<Model['dataset'], string> = {
  contents: '`contents`, `systemInstruction`',
  chat_messages: '`messages` with `role` and `content`',
  input_output: '`input_text`, `output_text`',
  messages: '`messages`, `context`',
  embedding: 'queries, corpus and labels in files of their own',
};

export function renderOverview(): string[] {
  return [
    '## At a glance',
    glance(),
    'What a data set may hold. Data in another form (the guide’s, OpenAI’s, Gemini’s) is converted on the way; the file stays as it is.',
    limitTable(),
    '## What each kind takes',
    'Keys of the manifest ([manifest.md](manifest.md)). `required`: it has to be there. `yes`: it may be. Empty: the manifest is ' +
      'refused, or, where only `base_model` was changed in a manifest of the guide, the key is left out and the document says so. Keys ' +
      'that are in no row (`model_display_name`, `labels`, `dry_run` and others) go with every model.',
    keyMatrix(),
  ];
}

const TUNED: Record<Model['backend'], string> = {
  tuningJobs: '`tuningJobs`',
  pipelineJobs: 'a compiled pipeline',
};

const ANSWERS: Record<TuningModel['serving'], string> = {
  multiRegion: 'the hosts of `us` and `eu`; no costs by the hour',
  regional: 'the region of the job; no costs by the hour',
  none: 'nowhere until you deploy it, which costs by the hour',
};

/** Where a model of the compiled pipelines answers: embedding models are uploaded and not deployed. */
const answersOf = (model: Model) =>
  model.backend === 'tuningJobs'
    ? ANSWERS[model.serving]
    : model.kind === 'embedding'
      ? ANSWERS.none
      : '`model_upload_region`';

/** What is the same for all models of a kind stands once, the rest for each. */
const all = (models: readonly Model[], tell: (model: Model) => string) =>
  [...new Set(models.map(tell))].join('; ');

/** A method, with the models that have it where not all of a kind do; the compiled pipelines tune on answers to give. */
function methodOf(method: TuningMethod, models: readonly Model[]): string {
  const having = models.filter((model) =>
    model.backend === 'tuningJobs' ? model.methods.includes(method) : method === 'supervised',
  );
  if (having.length === 0 || having.length === models.length) return having.length === 0 ? '' : method;
  return `${method}: ${references(having)}`;
}

function glance(): string {
  return markdownTable(
    ['kind', 'tuned through', 'methods', 'tuned in', 'answers at', 'form of the data set'],
    MODELS_BY_KIND.map(({ title, models }) => [
      title,
      all(models, ({ backend }) => TUNED[backend]),
      TUNING_METHODS.map((method) => methodOf(method, models))
        .filter(Boolean)
        .join('; '),
      all(models, (model) =>
        model.backend === 'tuningJobs' ? model.regions.join(', ') : '`pipeline_job_region`',
      ),
      all(models, answersOf),
      all(models, ({ dataset }) => FORMATS[dataset]),
    ]),
  );
}

function limitTable(): string {
  return markdownTable(
    ['kind', 'training file', 'training examples', 'tokens an example', 'validation examples'],
    [...Map.groupBy(TUNING, ({ kind, limits }) => JSON.stringify([kind, limits]))].flatMap(([, models]) => {
      const [model] = models;
      if (!model) return [];
      const { maxTrainBytes, maxExamples, maxMultimodalExamples, maxTokensPerExample } = model.limits;
      const files = maxMultimodalExamples ? `; ${number(maxMultimodalExamples)} with files` : '';
      return [
        [
          nameOf(models),
          `${number(maxTrainBytes / 1_000_000_000)} GB`,
          `${number(maxExamples)}${files}`,
          number(maxTokensPerExample),
          validationOf(model),
        ],
      ];
    }),
  );
}

/** Most models of a kind share their limits; the others are named. */
function nameOf(models: readonly TuningModel[]): string {
  const [{ kind } = { kind: undefined }] = models;
  const ofKind = TUNING.filter((model) => model.kind === kind).length;
  if (models.length * 2 <= ofKind) return references(models);
  return kind === 'gemini' ? 'Gemini' : models.length === ofKind ? 'open models' : 'other open models';
}

function validationOf({ limits: { validation } }: TuningModel): string {
  const share = `${number(validation.maxShare * 100)} % of the training ${validation.shareOf === 'bytes' ? 'file’s bytes' : 'examples'}`;
  if (validation.alwaysExamples === undefined) return `at most ${share}`;
  return `${number(validation.alwaysExamples)}; more, up to ${number(validation.maxExamples ?? 0)}, within ${share}`;
}

/** Every key that some model takes, in the order of the rows, against every kind. */
function keyMatrix(): string {
  const keys = [...new Set(MODELS.flatMap((model): readonly ParameterName[] => model.parameters))];
  return markdownTable(
    ['key', ...MODELS_BY_KIND.map(({ title }) => title)],
    keys.map((key) => [code(key), ...MODELS_BY_KIND.map(({ models }) => takenBy(key, models))]),
  );
}
