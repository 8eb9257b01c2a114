import * as z from 'zod';
import type { IssueLocation, Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { type DocumentProblem, type JsonDocument, lineOf, parseStrictJson } from '../json/document.ts';
import type { JsonPath } from '../json/scan.ts';
import { isObject } from '../json/values.ts';
import { DATA_KEYS } from '../models/data-keys.ts';
import { MANIFEST_FILE } from '../models/limits.ts';
import {
  findModel,
  MODEL_REFERENCES,
  type Model,
  parametersNotFor,
  referencesOfFamily,
} from '../models/models.ts';
import { MANIFEST_KEYS, type Manifest, type ManifestKey, ManifestSchema } from './keys.ts';
import { checkLabels } from './labels.ts';
import { checkPipelineKeys } from './pipeline-checks.ts';
import type { ManifestReading } from './reading.ts';
import { nearest, suggestKey } from './suggestions.ts';
import { checkTuningKeys } from './tuning-checks.ts';
import { understandNames } from './tuning-names.ts';
import { isUriKey, resolveUri } from './uris.ts';

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

export interface ManifestSource {
  /** Of the manifest itself, `gs://` or local: relative data URIs start from its folder. */
  uri: string;
  /** The base model of `pre_tuned_model`, for a manifest that leaves base_model out. */
  baseModel?: string | undefined;
}

/** Reads `tune.json`. */
export function parseManifest(bytes: Uint8Array, { uri, baseModel }: ManifestSource): ParsedManifest {
  const read = parseStrictJson(bytes, MANIFEST_FILE);
  const problems = read.ok ? [] : read.problems;
  const document = read.ok ? read : read.salvage;
  const locateWritten = locatorOf(uri, document);
  const found = problems.map((problem) => problemIssue(problem, bytes.length, uri));
  if (document === undefined) return { issues: found, draft: {}, isCancel: false, locate: locateWritten };

  const suspect = new Set(problems.map((problem) => problem.path?.[0]));
  const written = document.value;
  if (!isObject(written)) {
    const issues = [...found, wrongShape(written, uri)];
    return { issues, draft: {}, isCancel: false, locate: locateWritten };
  }
  const { content, issues: twice, locate } = understandNames(written, locateWritten);
  if (baseModel !== undefined && !Object.hasOwn(content, 'base_model')) content.base_model = baseModel;
  if (content.cancel === true && !suspect.has('cancel')) {
    return { issues: [], draft: { cancel: true }, isCancel: true, locate };
  }
  const keys = readKeys(content, { uri, locate });
  const draft = fromEntries(keys.entries.filter(([key]) => !suspect.has(key)));
  const mark = document.hasByteOrderMark
    ? [manifestIssue('manifest_byte_order_mark', { uri, line: 1 }, {})]
    : [];
  const together = checkTogether({ content, draft, locate });
  const issues = [...mark, ...found, ...twice, ...keys.issues, ...together].sort(
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
  const known = keysFor(content);
  let unknown = 0;
  for (const [key, value] of Object.entries(content)) {
    if (isManifestKey(key)) {
      const result = readValue(key, value, reading);
      if ('entry' in result) entries.push(result.entry);
      else issues.push(...result.issues);
      continue;
    }
    unknown += 1;
    const suggestion = unknown > MAX_SUGGESTIONS ? {} : suggestKey(key, known);
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

/** The keys that a misspelt one can stand for: those that are for the model, where it is known. */
function keysFor(content: Record<string, unknown>): readonly ManifestKey[] {
  const model = findModel(String(content.base_model));
  if (model === undefined) return MANIFEST_KEYS;
  const others: readonly string[] = parametersNotFor(model);
  return MANIFEST_KEYS.filter((key) => !others.includes(key));
}

/** What stands under a misspelt key is checked in the same pass, where it is data: the run is refused all the same. */
function dataMeant(key: string, value: unknown, reading: Reading): Entry[] {
  if (!isManifestKey(key) || !(DATA_KEYS as readonly string[]).includes(key)) return [];
  const result = readValue(key, value, reading);
  return 'entry' in result ? [result.entry] : [];
}

const NEEDED: Partial<Record<ManifestKey, string>> = {
  base_model: 'the model to tune, such as gemini-3.1-flash-lite',
};
const DATA_NEEDED = 'the data to tune with: a name in the manifest’s folder or a gs:// URI';

function requiredKeys(content: Record<string, unknown>): ManifestKey[] {
  const model = findModel(String(content.base_model));
  const isManaged = Object.hasOwn(content, 'dataset_name');
  if (model !== undefined) {
    const mayBeManaged = model.backend === 'pipelineJobs' && isManaged;
    return model.required.filter((key) => key !== 'dataset_uri' || !mayBeManaged);
  }
  // Whoever goes on from a tuned model may leave its base to us; that it is unknown is told where it is looked up.
  if (Object.hasOwn(content, 'pre_tuned_model')) return ['dataset_uri'];
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
  const uri = resolveUri(key, parsed.data, reading);
  return 'issue' in uri ? { issues: [uri.issue] } : { entry: [key, uri.resolved] };
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
  const meant = nearest(bare, MODEL_REFERENCES);
  return manifestIssue('model_unknown', at, { found: shown(value), known, meant });
}

// ---- its keys beside each other --------------------------------------------------------------------------------------

/** What the keys of a manifest are checked against beside each other depends on what tunes its model. */
function checkTogether(reading: ManifestReading): ManifestIssue[] {
  const model: Model | undefined = findModel(String(reading.content.base_model));
  return model?.backend === 'tuningJobs'
    ? checkTuningKeys(reading, model)
    : checkPipelineKeys(reading, model);
}

// ---- types -----------------------------------------------------------------------------------------------------------

function isManifestKey(key: string): key is ManifestKey {
  return Object.hasOwn(ManifestSchema.shape, key);
}

/** Every entry was read by the schema of its key. */
function fromEntries(entries: Entry[]): Partial<Manifest> {
  return Object.fromEntries(entries) as Partial<Manifest>;
}

function isComplete(draft: Partial<Manifest>): draft is Manifest {
  return draft.base_model !== undefined;
}
