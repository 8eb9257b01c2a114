import type { Manifest, ManifestKey } from '../../shared/core/manifest/keys.ts';
import { MODELS, type Model } from '../../shared/core/models/models.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import { type KeySchema, tuneSchema } from './tune-schema.ts';

/** Manifests to begin with, by kind of model. */
export const MANIFEST_EXAMPLES: { title: string; manifest: Manifest }[] = [
  {
    title: 'A text model, with evaluation data that lies beside the manifest',
    manifest: {
      base_model: 'text-bison@002',
      model_display_name: 'ticket-classifier',
      dataset_uri: 'train.jsonl',
      evaluation_data_uri: 'evaluation.jsonl',
      train_steps: 200,
    },
  },
  {
    title: 'A chat model',
    manifest: {
      base_model: 'chat-bison@002',
      dataset_uri: 'conversations.jsonl',
      default_context: 'You are the help desk of a bicycle shop.',
    },
  },
  {
    title: 'An embedding model',
    manifest: {
      base_model: 'text-embedding-005',
      queries_path: 'queries.jsonl',
      corpus_path: 'corpus.jsonl',
      train_label_path: 'train.tsv',
      task_type: 'RETRIEVAL_QUERY',
    },
  },
];

/** Longer lists of values stand below the table. */
const SHORT_LIST = 6;

/** A default is a sentence of its own in a key's description. */
const DEFAULT_SENTENCE = /^(?:Default: |The (?:template|guide)’s default is )(?<value>.*)\.$/;

const ALL: readonly Model[] = MODELS;

export function renderManifest(): string {
  const { properties, required } = tuneSchema();
  const keys = Object.entries(properties) as [ManifestKey, KeySchema][];
  return pageText(
    heading('The manifest, tune.json', '`shared/core/manifest/keys.ts` and `shared/core/models/models.ts`'),
    'A manifest is one JSON object in a file called `tune.json`, in any folder of the inbox bucket. Uploading it starts a run. ' +
      'Data sets may be uploaded before or after it. Keys have the names of Google’s guide; a key that is not in the table is ' +
      'an error, so that a misspelt one cannot be lost on the way. A parameter that the manifest leaves out is not sent, unless the deployment has a default for it: ' +
      'the template’s own default holds.',
    'For completion and checks in an editor, name the schema in the first line: `"$schema": "…/docs/tune.schema.json"` ' +
      '([tune.schema.json](tune.schema.json)).',
    ...MANIFEST_EXAMPLES.flatMap(({ title, manifest }) => [
      `${title}:`,
      `\`\`\`json\n${JSON.stringify(manifest, null, 2)}\n\`\`\``,
    ]),
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
  if (exclusiveMinimum !== undefined) return `a ${type} above ${exclusiveMinimum}`;
  if (minimum === undefined) return WORDS[type ?? ''] ?? type ?? '';
  return `a whole number from ${minimum}${maximum === undefined ? '' : ` to ${maximum.toLocaleString('en-US')}`}`;
}

const WORDS: Record<string, string> = {
  string: 'a text',
  boolean: '`true`, `false`',
  object: 'an object of texts',
};

function quoted(text: string): string {
  return code(JSON.stringify(text));
}

/** Which models take a key; one that no model's row names is the product's own and goes with all of them. */
function modelsOf(key: string): string {
  const takes = ALL.filter(({ parameters }) => (parameters as readonly string[]).includes(key));
  if (takes.length === 0 || takes.length === ALL.length) return 'all';
  return [...Map.groupBy(takes, ({ kind }) => kind)]
    .map(([kind, models]) => {
      const others = ALL.filter((model) => model.kind === kind && !models.includes(model));
      return others.length === 0
        ? kind
        : `${kind}, but not ${others.map(({ reference }) => reference).join(', ')}`;
    })
    .join(', ');
}

/** Keys with the same values share a paragraph. */
function longLists(keys: [ManifestKey, KeySchema][]): string {
  const long = keys.filter(([, schema]) => (schema.enum?.length ?? 0) > SHORT_LIST);
  return [...Map.groupBy(long, ([, schema]) => (schema.enum ?? []).map(quoted).join(', '))]
    .map(([values, owners]) => `${owners.map(([key]) => code(key)).join(' and ')}: ${values}.`)
    .join('\n\n');
}
