import type { ManifestKey } from '../../shared/core/manifest/keys.ts';
import { NOT_OFFERED } from '../../shared/core/manifest/not-offered.ts';
import { MOST_SWEPT_RUNS, SWEPT_KEYS } from '../../shared/core/manifest/sweep.ts';
import { MANIFEST_EXAMPLES } from './manifest-examples.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import { isOfModels, MODELS_BY_KIND, takenBy } from './model-kinds.ts';
import { type KeySchema, tuneSchema } from './tune-schema.ts';

/** Longer lists of values stand below the table. */
const SHORT_LIST = 6;

/** A default is a sentence of its own in a key's description. */
const DEFAULT_SENTENCE = /^(?:Default: |The (?:template|guide)’s default is )(?<value>.*)\.$/;

export function renderManifest(): string {
  const { properties, required } = tuneSchema();
  const keys = Object.entries(properties) as [ManifestKey, KeySchema][];
  return pageText(
    heading('The manifest, tune.json', '`shared/core/manifest/keys.ts` and `shared/core/models/models.ts`'),
    'A manifest is one JSON object in a file called `tune.json`, in any folder of the inbox bucket. Uploading it starts a run. ' +
      'Data sets may be uploaded before or after it. Keys have Google’s names: those of `tuningJobs` in snake_case, and those of Google’s guide; a key that is not in the table is ' +
      'an error, so that a misspelt one cannot be lost on the way. A parameter that the manifest leaves out is not sent, unless the deployment has a default for it: ' +
      'the service’s own default holds. `epoch_count` alone is always sent. Which model takes which key is one table: [models.md](models.md#what-each-kind-takes).',
    'For completion and checks in an editor, name the schema in the first line: `"$schema": "…/docs/tune.schema.json"` ' +
      '([tune.schema.json](tune.schema.json)).',
    ...MANIFEST_EXAMPLES.flatMap(({ title, manifest }) => [
      `${title}:`,
      `\`\`\`json\n${JSON.stringify(manifest, null, 2)}\n\`\`\``,
    ]),
    'The JSON of Google’s `tuningJobs` is understood as it stands on its pages: its names (`trainingDatasetUri`, `tunedModelDisplayName`, ' +
      '`outputUri`, …) in camelCase or snake_case, its messages (`supervisedTuningSpec`, `hyperParameters`, `preTunedModel`, ' +
      '`encryptionSpec`, …) with their members inside, numbers in quotes, and null for what is not given. `region` and `location` are ' +
      '`pipeline_job_region`. A base model may have the prefixes of Google’s resource names, and an open model its last name alone ' +
      '(`gemma-3-27b-it`).',
    '## Keys',
    markdownTable(
      ['key', 'value', 'default', 'meaning', 'models'],
      keys.map(([key, schema]) => [
        code(key) + (required.includes(key) ? ' (required)' : ''),
        valuesOf(schema),
        ...meaningOf(schema),
        modelsOf(key),
      ]),
    ),
    'What else has to hold, such as keys that need each other, is reported as an issue: [issues.md](issues.md).',
    '## Several values of a setting',
    `${SWEPT_KEYS.map(code).join(', ')} take a list of values, such as \`"train_steps": [100, 200, 500]\`, the guide’s own advice for finding the number of steps. ` +
      `The data is then checked, converted, split and counted once, and a run is opened for each value, or for each combination where several keys have lists: at most ${MOST_SWEPT_RUNS} in all. ` +
      'Each has a job, a document, an evaluation and a report of its own, and waits for its turn like any other run. The run of the manifest itself has the table of them, and names the best once all have ended: ' +
      'by what their models answered to the evaluation data, else by the best evaluation of their curves, and it says where so few examples do not show that one is better. ' +
      '`max_cost_usd` and the deployment’s caps on costs and training tokens hold for all of its runs together; `"cancel": true` ends all of them. A list of one value is that value.',
    '## Not offered',
    'What Google’s `tuningJobs` have and a manifest cannot ask for:',
    markdownTable(
      ['in Google’s JSON', 'what it is', 'instead'],
      [
        ...NOT_OFFERED.map(({ name, what, instead }) => [code(name), what, `${instead}.`]),
        [
          code('projects/…/datasets/…'),
          'a data set that Vertex AI keeps, as `trainingDatasetUri`',
          'Export it to a file and name that: examples are read and checked before they are paid for.',
        ],
      ],
    ),
    '## Longer lists of values',
    longLists(keys),
  );
}

/** The columns "default" and "meaning": the description, taken apart. */
function meaningOf({ description }: KeySchema): [string, string] {
  const sentences = description.split(/(?<=\.)\s+(?=[A-Z])/);
  const stated = sentences.find((sentence) => DEFAULT_SENTENCE.test(sentence));
  const value = DEFAULT_SENTENCE.exec(stated ?? '')?.groups?.value ?? '';
  return [value, sentences.filter((sentence) => sentence !== stated).join(' ')];
}

function valuesOf({ type, enum: options, anyOf, minimum, maximum, exclusiveMinimum }: KeySchema): string {
  if (anyOf) return anyOf.map((schema) => valuesOf({ description: '', ...schema })).join(' or ');
  if (options)
    return options.length > SHORT_LIST ? 'one of a list, see below' : options.map(quoted).join(', ');
  if (exclusiveMinimum !== undefined)
    return `a ${type} above ${exclusiveMinimum}${maximum === undefined ? '' : `, at most ${maximum},`}`;
  if (minimum !== undefined && type === 'number') return `a number from ${minimum}`;
  if (minimum === undefined) return WORDS[type ?? ''] ?? type ?? '';
  return `a whole number from ${minimum}${maximum === undefined ? '' : ` to ${maximum.toLocaleString('en-US')}`}`;
}

const WORDS: Record<string, string> = {
  string: 'a text',
  array: 'a list of such values',
  boolean: '`true`, `false`',
  object: 'an object of texts',
};

function quoted(text: string): string {
  return code(JSON.stringify(text));
}

/** Which kinds of models take a key; one that no model's row names is the product's own and goes with all of them. */
function modelsOf(key: string): string {
  const taken = MODELS_BY_KIND.map(({ title, models }) => ({ title, by: takenBy(key, models) }));
  if (!isOfModels(key) || taken.every(({ by }) => by === 'yes' || by === 'required')) return 'all';
  return taken
    .filter(({ by }) => by !== '')
    .map(({ title, by }) => (by === 'yes' || by === 'required' ? title : `${title}, ${by}`))
    .join('; ');
}

/** Keys with the same values share a paragraph. */
function longLists(keys: [ManifestKey, KeySchema][]): string {
  const long = keys.filter(([, schema]) => (schema.enum?.length ?? 0) > SHORT_LIST);
  return [...Map.groupBy(long, ([, schema]) => (schema.enum ?? []).map(quoted).join(', '))]
    .map(([values, owners]) => `${owners.map(([key]) => code(key)).join(' and ')}: ${values}.`)
    .join('\n\n');
}
