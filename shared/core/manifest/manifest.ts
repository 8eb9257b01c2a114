import * as z from 'zod';
import type { IssueLocation, Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { type DocumentProblem, type JsonDocument, lineOf, parseStrictJson } from '../json/document.ts';
import type { JsonPath } from '../json/scan.ts';
import { isObject } from '../json/values.ts';
import { EMBEDDING_PARAMETERS, MANIFEST_FILE } from '../models/limits.ts';
import {
  ALL_PARAMETERS,
  DATA_KEYS,
  EVALUATION_SETTINGS,
  findModel,
  MODEL_REFERENCES,
  type Model,
  type ParameterName,
  referencesOfFamily,
} from '../models/models.ts';
import { parseGsUri } from '../objects/gs-uri.ts';
import {
  MANIFEST_KEYS,
  type Manifest,
  type ManifestKey,
  ManifestSchema,
  nearest,
  suggestKey,
} from './keys.ts';
import { checkLabels } from './labels.ts';

export { type Manifest, ManifestSchema } from './keys.ts';

export interface ParsedManifest {
  /** Everything that is wrong, in the order of lines. */
  issues: ManifestIssue[];
  /** There when no issue is an error and it is no request to cancel. */
  manifest?: Manifest | undefined;
  /** The keys that are right, even when others are wrong. */
  draft: Partial<Manifest>;
  /** `"cancel": true`: nothing else of the manifest was looked at. */
  isCancel: boolean;
  /** Where a key stands, for issues that are found later. */
  locate: Locate;
}

/** Reads `tune.json`. `uri` is that of the manifest itself, `gs://` or local: relative data URIs start from its folder. */
export function parseManifest(bytes: Uint8Array, { uri }: { uri: string }): ParsedManifest {
  const read = parseStrictJson(bytes, MANIFEST_FILE);
  const problems = read.ok ? [] : read.problems;
  const document = read.ok ? read : read.salvage;
  const locate = locatorOf(uri, document);
  const found = problems.map((problem) => problemIssue(problem, bytes.length, uri));
  if (document === undefined) return { issues: found, draft: {}, isCancel: false, locate };

  const suspect = new Set(problems.map((problem) => problem.path?.[0]));
  const content = document.value;
  if (!isObject(content)) {
    return { issues: [...found, wrongShape(content, uri)], draft: {}, isCancel: false, locate };
  }
  if (content.cancel === true && !suspect.has('cancel')) {
    return { issues: [], draft: { cancel: true }, isCancel: true, locate };
  }
  const keys = readKeys(content, { uri, locate });
  const draft = fromEntries(keys.entries.filter(([key]) => !suspect.has(key)));
  const mark = document.hasByteOrderMark
    ? [manifestIssue('manifest_byte_order_mark', { uri, line: 1 }, {})]
    : [];
  const together = checkTogether(content, draft, locate);
  const issues = [...mark, ...found, ...keys.issues, ...together].sort(
    (a, b) => (a.at.line ?? 0) - (b.at.line ?? 0),
  );
  const isWrong = issues.some((issue) => issue.severity === 'error');
  return {
    issues,
    draft,
    isCancel: false,
    locate,
    manifest: isWrong || !isComplete(draft) ? undefined : draft,
  };
}

/** Locates a key when only the manifest's URI is known, not its text. */
export function locateIn(uri: string): Locate {
  return (key, member) => ({ uri, path: displayPath(member === undefined ? [key] : [key, member]) });
}

function locatorOf(uri: string, document: JsonDocument | undefined): Locate {
  if (document === undefined) return locateIn(uri);
  return (key, member) => {
    const path = member === undefined ? [key] : [key, member];
    return { uri, line: lineOf(document.places, path), path: displayPath(path) };
  };
}

function displayPath(path: JsonPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]{0,63}$/.test(step)) return `${text}[${shown(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function problemIssue(problem: DocumentProblem, sizeBytes: number, uri: string): ManifestIssue {
  const at = { uri, line: problem.line, path: problem.path && displayPath(problem.path) };
  if (problem.kind === 'size') {
    return manifestIssue('manifest_too_large', at, { sizeBytes, limitBytes: MANIFEST_FILE.maxBytes });
  }
  if (problem.kind === 'duplicate_key') {
    const fields = { key: shown(problem.path?.at(-1)), firstLine: problem.firstLine ?? 1 };
    return manifestIssue('manifest_duplicate_key', at, fields);
  }
  if (problem.kind === 'encoding')
    return manifestIssue('manifest_encoding', at, { problem: problem.problem });
  return manifestIssue('manifest_not_json', at, { problem: `${problem.problem} (column ${problem.column})` });
}

function wrongShape(content: unknown, uri: string): ManifestIssue {
  const problem = Array.isArray(content) ? 'a JSON array' : `the JSON value ${shown(content)}`;
  return manifestIssue('manifest_not_json', { uri, line: 1 }, { problem });
}

// ---- its keys --------------------------------------------------------------------------------------------------------

interface Reading {
  uri: string;
  locate: Locate;
}

type Entry = [ManifestKey, unknown];

/** More unknown keys than this are a file of something else; they are named without a guess at what was meant. */
const MAX_SUGGESTIONS = 20;

function readKeys(content: Record<string, unknown>, reading: Reading) {
  const issues: ManifestIssue[] = [];
  const entries: Entry[] = [];
  const meant = new Set<string>();
  let unknown = 0;
  for (const [key, value] of Object.entries(content)) {
    if (isManifestKey(key)) {
      const result = readValue(key, value, reading);
      if ('entry' in result) entries.push(result.entry);
      else issues.push(...result.issues);
      continue;
    }
    unknown += 1;
    const suggestion = unknown > MAX_SUGGESTIONS ? {} : suggestKey(key, MANIFEST_KEYS);
    issues.push(manifestIssue('unknown_key', reading.locate(key), { key: shown(key), ...suggestion }));
    if (suggestion.meant === undefined) continue;
    meant.add(suggestion.meant);
    if (!Object.hasOwn(content, suggestion.meant))
      entries.push(...dataMeant(suggestion.meant, value, reading));
  }
  const missing = requiredKeys(content).filter((key) => !Object.hasOwn(content, key) && !meant.has(key));
  for (const key of missing) {
    issues.push(
      manifestIssue('missing_key', reading.locate(key), { key, needed: NEEDED[key] ?? DATA_NEEDED }),
    );
  }
  return { issues, entries };
}

/** What stands under a misspelt key is checked in the same pass, where it is data: the run is refused all the same. */
function dataMeant(key: string, value: unknown, reading: Reading): Entry[] {
  if (!isManifestKey(key) || !(DATA_KEYS as readonly string[]).includes(key)) return [];
  const result = readValue(key, value, reading);
  return 'entry' in result ? [result.entry] : [];
}

const NEEDED: Partial<Record<ManifestKey, string>> = {
  base_model: 'the model to tune, such as text-bison@002',
};
const DATA_NEEDED = 'the data to tune with: a name in the manifest’s folder or a gs:// URI';

function requiredKeys(content: Record<string, unknown>): ManifestKey[] {
  const model = findModel(String(content.base_model));
  const isManaged = Object.hasOwn(content, 'dataset_name');
  if (model !== undefined) return model.required.filter((key) => key !== 'dataset_uri' || !isManaged);
  const isEmbedding = Object.hasOwn(content, 'corpus_path') || Object.hasOwn(content, 'queries_path');
  return isEmbedding || isManaged ? ['base_model'] : ['base_model', 'dataset_uri'];
}

type ValueResult = { entry: Entry } | { issues: ManifestIssue[] };

function readValue(key: ManifestKey, value: unknown, reading: Reading): ValueResult {
  const at = reading.locate(key);
  if (key === 'base_model' && typeof value === 'string' && findModel(value) === undefined) {
    return { issues: [modelIssue(value, at)] };
  }
  const labelIssues = key === 'labels' && isObject(value) ? checkLabels(value, reading.locate) : [];
  if (labelIssues.length > 0) return { issues: labelIssues };
  const parsed = ManifestSchema.shape[key].safeParse(value);
  if (!parsed.success) return { issues: [invalidValue(key, value, { at, error: parsed.error })] };
  if (!isUriKey(key) || typeof parsed.data !== 'string') return { entry: [key, parsed.data] };
  return readUri(key, parsed.data, reading);
}

function invalidValue(
  key: ManifestKey,
  value: unknown,
  { at, error }: { at: IssueLocation; error: z.ZodError },
) {
  const expected = error.issues[0]?.message ?? 'another value';
  const guess = typeof value === 'string' ? nearest(value, optionsOf(key)) : undefined;
  const fields = { key, found: shown(value), expected, meant: guess };
  return manifestIssue('invalid_value', at, fields);
}

/** The values of a key that has a fixed list of them. */
function optionsOf(key: ManifestKey): readonly string[] {
  const schema = ManifestSchema.shape[key];
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodEnum ? inner.options.map(String) : [];
}

const PUBLISHER = 'publishers/google/models/';

function modelIssue(value: string, at: IssueLocation): ManifestIssue {
  const known = MODEL_REFERENCES.join(', ');
  const bare = value.startsWith(PUBLISHER) ? value.slice(PUBLISHER.length) : value;
  const family = referencesOfFamily(bare.toLowerCase());
  if (family.length > 0) {
    const write = family.map((reference) => `"${reference}"`).join(' or ');
    return manifestIssue('model_without_version', at, { found: shown(value), write });
  }
  if (bare.startsWith('gemini')) {
    const note = 'Gemini models are tuned through tuningJobs, not through the templates of these models.';
    return manifestIssue('model_unknown', at, { found: shown(value), known, note });
  }
  const meant = nearest(bare, MODEL_REFERENCES);
  return manifestIssue('model_unknown', at, { found: shown(value), known, meant });
}

// ---- its keys beside each other --------------------------------------------------------------------------------------

const NO_EVALUATION = 'no evaluation: the guide says that it is not supported for chat models';
const CHAT_ONLY = 'default_context with chat models only';

/** What to expect in place of a parameter that is not for the model; where nothing stands, the template has none. */
const IN_PLACE_OF: Record<
  'messages' | 'input_output' | 'embedding',
  Partial<Record<ParameterName, string>>
> = {
  messages: {
    evaluation_data_uri: NO_EVALUATION,
    evaluation_interval: NO_EVALUATION,
    enable_early_stopping: NO_EVALUATION,
    enable_checkpoint_selection: NO_EVALUATION,
  },
  input_output: { default_context: CHAT_ONLY },
  embedding: {
    default_context: CHAT_ONLY,
    dataset_uri: 'queries_path, corpus_path and train_label_path',
    dataset_name: 'queries_path, corpus_path and train_label_path',
    evaluation_data_uri: 'test_label_path',
    output_dimensionality:
      'no output_dimensionality: Google’s notebook has it for models after textembedding-gecko',
    model_upload_region: 'the model where the pipeline job runs: the template has no other place',
  },
};

/** Checks keys that are there, right or wrong, against each other; all of it with what the guide says of single models. */
function checkTogether(
  content: Record<string, unknown>,
  draft: Partial<Manifest>,
  locate: Locate,
): ManifestIssue[] {
  const model = findModel(String(content.base_model));
  const given = (key: ManifestKey) => Object.hasOwn(content, key);
  const pointless =
    given('evaluation_data_uri') || model?.hasEvaluation === false ? [] : EVALUATION_SETTINGS.filter(given);
  const withoutData = pointless.map((key) => manifestIssue('evaluation_data_missing', locate(key), { key }));
  if (model === undefined) return withoutData;
  const strange = ALL_PARAMETERS.filter((key) => given(key) && !model.parameters.includes(key));
  const notForModel = strange.map((key) => {
    const reason = IN_PLACE_OF[model.dataset][key] ?? `only what the template of ${model.reference} takes`;
    return manifestIssue('key_not_for_model', locate(key), { key, model: model.reference, reason });
  });
  return [
    ...withoutData,
    ...notForModel,
    ...(model.parameters.includes('dataset_name') ? checkManagedData(content, draft, locate) : []),
    ...checkValuesOfModel(draft, model, locate),
  ];
}

function checkManagedData(content: Record<string, unknown>, draft: Partial<Manifest>, locate: Locate) {
  const at = locate('dataset_name');
  const { dataset_name: name } = draft;
  if (Object.hasOwn(content, 'dataset_name') && Object.hasOwn(content, 'dataset_uri'))
    return [manifestIssue('dataset_named_twice', at, {})];
  return name === undefined ? [] : [manifestIssue('dataset_not_checked', at, { found: shown(name) })];
}

function checkValuesOfModel(draft: Partial<Manifest>, model: Model, locate: Locate): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const { train_steps: steps, max_context_length: length } = draft;
  const lists = { task_type: model.taskTypes, accelerator_type: model.acceleratorTypes };
  for (const key of ['task_type', 'accelerator_type'] as const) {
    const [value, values] = [draft[key], lists[key]];
    if (value === undefined || values === undefined || values.includes(value)) continue;
    const expected = `one of ${values.join(', ')} for ${model.reference}`;
    issues.push(manifestIssue('invalid_value', locate(key), { key, found: shown(value), expected }));
  }
  const minimum = model.kind === 'embedding' ? EMBEDDING_PARAMETERS.minTrainSteps : 1;
  if (steps !== undefined && steps < minimum) {
    issues.push(manifestIssue('train_steps_below_minimum', locate('train_steps'), { found: steps, minimum }));
  }
  // A long model can be tuned with short examples; a short one cannot be stretched.
  if (length === '32k' && model.contextLength === '8k') {
    const fields = { model: model.reference, found: length, expected: model.contextLength };
    issues.push(manifestIssue('context_length_mismatch', locate('max_context_length'), fields));
  }
  return issues;
}

// ---- URIs ------------------------------------------------------------------------------------------------------------

function readUri(key: ManifestKey, value: string, { uri, locate }: Reading): ValueResult {
  const refuse = (problem: string): ValueResult => ({
    issues: [manifestIssue('uri_invalid', locate(key), { key, found: shown(value), problem })],
  });
  const isDirectory = key === 'output_directory';
  const isAbsolute = value.startsWith('gs://');
  if (value === '') return refuse('empty');
  if (/^[A-Za-z][A-Za-z0-9+.-]{0,20}:/.test(value) && !isAbsolute) return refuse('not a gs:// URI');
  if (isDirectory && !isAbsolute) return refuse('not a gs:// URI');
  if (!isAbsolute && (value.startsWith('/') || value.split('/').includes('..'))) {
    return { issues: [manifestIssue('uri_outside_folder', locate(key), { key, found: shown(value) })] };
  }
  if (!isAbsolute && value.includes('//')) return refuse('with nothing between two slashes');
  const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
  const resolved = isAbsolute ? value : `${folder}${value.startsWith('./') ? value.slice(2) : value}`;
  const parsed = parseGsUri(
    resolved.startsWith('gs://') ? resolved : `gs://local/${resolved.slice(folder.length)}`,
  );
  if (!parsed.ok) return refuse(parsed.problem);
  if (!isDirectory && (parsed.name === '' || parsed.name.endsWith('/'))) return refuse('which names no file');
  return { entry: [key, resolved] };
}

// ---- types -----------------------------------------------------------------------------------------------------------

function isManifestKey(key: string): key is ManifestKey {
  return Object.hasOwn(ManifestSchema.shape, key);
}

function isUriKey(key: ManifestKey): boolean {
  return key === 'output_directory' || (DATA_KEYS as readonly string[]).includes(key);
}

/** Every entry was read by the schema of its key. */
function fromEntries(entries: Entry[]): Partial<Manifest> {
  return Object.fromEntries(entries) as Partial<Manifest>;
}

function isComplete(draft: Partial<Manifest>): draft is Manifest {
  return draft.base_model !== undefined;
}
