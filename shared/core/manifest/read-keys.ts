import * as z from 'zod';
import type { IssueLocation, Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { isObject, scalarText } from '../json/values.ts';
import { DATA_KEYS } from '../models/data-keys.ts';
import { findModel, type Model, parametersNotFor } from '../models/models.ts';
import { baseModelIssue } from './base-model.ts';
import { choicesOf, expectedOf } from './choices.ts';
import { isLeftOut, strangeKeys } from './counterparts.ts';
import { MANIFEST_KEYS, type ManifestKey, ManifestSchema } from './keys.ts';
import { checkLabels } from './labels.ts';
import { readNumber } from './number-texts.ts';
import { createSuggestions, nearest } from './suggestions.ts';
import { isSweptKey } from './sweep.ts';
import { isUriKey, resolveUri } from './uris.ts';

interface Reading {
  uri: string;
  locate: Locate;
  model: Model | undefined;
}

type Entry = [ManifestKey, unknown];

/** More names tell nobody more. */
const MAX_NAMED = 50;

/** So many unknown keys are compared with every known one, which takes time; names of other documents are found for all. */
const MAX_COMPARISONS = 200;

/** Reads every key by itself: what is right, and what is wrong with the others. */
export function readKeys(
  content: Record<string, unknown>,
  { uri, locate }: { uri: string; locate: Locate },
): { issues: ManifestIssue[]; entries: Entry[] } {
  const model = findModel(scalarText(content.base_model));
  const reading: Reading = { uri, locate, model };
  const issues: ManifestIssue[] = [];
  const entries: Entry[] = [];
  const meant = new Set<string>();
  const strange = model === undefined ? [] : strangeKeys(model);
  const suggest = createSuggestions(keysFor(model), model?.backend);
  const nowhere: string[] = [];
  let unknown = 0;
  let isNamedElsewhere = strange.includes('dataset_uri') && hasAny(content, ['dataset_uri', 'dataset_name']);
  for (const [key, value] of Object.entries(content)) {
    if (isManifestKey(key)) {
      // That a key is not for the model is said of the key; its value is nobody's concern then.
      if (strange.includes(key)) continue;
      const result = readValue(key, value, reading);
      if ('entry' in result) entries.push(result.entry);
      else if (model === undefined || !isLeftOut(key, model)) issues.push(...result.issues);
      continue;
    }
    unknown += 1;
    const suggestion = suggest(key, { areNamesAlone: unknown > MAX_COMPARISONS });
    if (suggestion.meant === undefined && suggestion.note === undefined) {
      nowhere.push(key);
      continue;
    }
    issues.push(manifestIssue('unknown_key', reading.locate(key), { key: shown(key), ...suggestion }));
    isNamedElsewhere ||= suggestion.isOfData === true;
    if (suggestion.meant === undefined) continue;
    meant.add(suggestion.meant);
    if (!Object.hasOwn(content, suggestion.meant))
      entries.push(...dataMeant(suggestion.meant, value, reading));
  }
  issues.push(...keysOfNothing(nowhere, reading));
  const missing = requiredKeys(content, model).filter(
    (key) => !Object.hasOwn(content, key) && !meant.has(key),
  );
  // That the data stands under another key is told of that key, with those that it belongs under.
  const isTold = isNamedElsewhere && !hasAny(content, requiredKeys(content, model).filter(isKeyOfData));
  for (const key of missing) {
    if (isTold && isKeyOfData(key)) continue;
    issues.push(
      manifestIssue('missing_key', reading.locate(key), { key, needed: NEEDED[key] ?? DATA_NEEDED }),
    );
  }
  return { issues, entries };
}

const hasAny = (content: Record<string, unknown>, keys: readonly string[]) =>
  keys.some((key) => Object.hasOwn(content, key));

const isKeyOfData = (key: ManifestKey) => (DATA_KEYS as readonly string[]).includes(key);

/** Keys of which nobody can say what they were meant to be are one fault, whose end is to remove them. */
function keysOfNothing(keys: readonly string[], { uri, locate }: Reading): ManifestIssue[] {
  const [first] = keys;
  if (first === undefined) return [];
  const at = locate(first);
  if (keys.length === 1) return [manifestIssue('unknown_key', at, { key: shown(first) })];
  const named = keys.slice(0, MAX_NAMED).map(shown).join(', ');
  return [
    manifestIssue('unknown_key', { uri, line: at.line }, { key: named, of: keys.length, named: MAX_NAMED }),
  ];
}

/** The keys that a misspelt one can stand for: those that are for the model, where it is known. */
function keysFor(model: Model | undefined): readonly ManifestKey[] {
  if (model === undefined) return MANIFEST_KEYS;
  const others: readonly string[] = parametersNotFor(model);
  return MANIFEST_KEYS.filter((key) => !others.includes(key));
}

/** What stands under a misspelt key is checked in the same pass, where it is data: the run is refused all the same. */
function dataMeant(key: string, value: unknown, reading: Reading): Entry[] {
  if (!isManifestKey(key) || !isKeyOfData(key)) return [];
  const result = readValue(key, value, reading);
  return 'entry' in result ? [result.entry] : [];
}

const NEEDED: Partial<Record<ManifestKey, string>> = {
  base_model: 'the model to tune, such as gemini-3.1-flash-lite',
};
const DATA_NEEDED = 'the data to tune with: a name in the manifest’s folder or a gs:// URI';

function requiredKeys(content: Record<string, unknown>, model: Model | undefined): ManifestKey[] {
  const isManaged = Object.hasOwn(content, 'dataset_name');
  if (model !== undefined) {
    // Where the model takes no managed data set, that key's own issue asks for the file.
    return model.required.filter((key) => key !== 'dataset_uri' || !isManaged);
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
    return { issues: [baseModelIssue(value, at)] };
  }
  const labelIssues = key === 'labels' && isObject(value) ? checkLabels(value, reading.locate) : [];
  if (labelIssues.length > 0) return { issues: labelIssues };
  const parsed = ManifestSchema.shape[key].safeParse(value);
  if (!parsed.success) {
    const one = parsed.error.issues[0]?.message ?? 'another value';
    const error = isSweptKey(key) && Array.isArray(value) ? `${one}, or a list of such values` : one;
    return { issues: [invalidValue(key, value, { at, error, model: reading.model })] };
  }
  if (!isUriKey(key) || typeof parsed.data !== 'string') return { entry: [key, parsed.data] };
  const uri = resolveUri(key, parsed.data, reading);
  return 'issue' in uri ? { issues: [uri.issue] } : { entry: [key, uri.resolved] };
}

function invalidValue(
  key: ManifestKey,
  value: unknown,
  { at, error, model }: { at: IssueLocation; error: string; model: Model | undefined },
) {
  const choices = choicesOf(key, model);
  const options = choices ?? optionsOf(ManifestSchema.shape[key]);
  const fields = {
    key,
    found: shown(value),
    expected: model === undefined || choices === undefined ? error : expectedOf(key, model, choices),
    meant: typeof value === 'string' ? meantOption(value, options) : undefined,
    // Under the name that was written, which may be Google's and lie in an object.
    ...retyped(key, value, { choices, written: at.path?.split('.').at(-1) ?? key }),
  };
  return manifestIssue('invalid_value', at, fields);
}

/** What writes a value as the key takes it, where only quotes, case or a list around it are in the way. */
function retyped(
  key: ManifestKey,
  value: unknown,
  { choices, written }: { choices: readonly string[] | undefined; written: string },
): { right?: unknown; remedy?: string } {
  const isTaken = (other: unknown) => {
    const read = ManifestSchema.shape[key].safeParse(other);
    return read.success && (choices === undefined || choices.includes(String(read.data)));
  };
  const word = respellings(value).find(isTaken);
  const numbers = word === undefined ? numbersMeant(key, value).filter(({ number }) => isTaken(number)) : [];
  const [first] = numbers;
  const right = word ?? (numbers.length === 1 && first?.isSure ? first.number : undefined);
  const how = typeof value === 'string' && typeof right !== 'string' ? ', without quotes' : '';
  if (right !== undefined) return { right, remedy: `Write "${written}": ${shown(right)}${how}.` };
  if (first === undefined) return {};
  // What a separator stands for is asked: one reading may be ten or a thousand times the other.
  const meant = numbers.length === 1 ? 'if that is what is meant' : 'whichever is meant';
  const readings = numbers.map(({ number }) => shown(number)).join(' or ');
  return { remedy: `Write "${written}": ${readings}${how}, ${meant}.` };
}

interface NumberMeant {
  number: number;
  /** Whether it is written as JSON has it, quotes and signs between thousands aside. */
  isSure: boolean;
}

/** The numbers that a text may stand for, each once. */
function numbersMeant(key: ManifestKey, value: unknown): NumberMeant[] {
  const [text, ...others] = Array.isArray(value) ? value : [value];
  if (typeof text !== 'string' || text.length > MAX_RESPELT || others.length > 0) return [];
  const isWhole = !ManifestSchema.shape[key].safeParse(0.5).success;
  const { withPoint, withComma } = readNumber(text.trim(), { isWhole });
  const meant = withPoint === undefined ? [] : [{ number: withPoint, isSure: true }];
  if (withComma === undefined || withComma === withPoint) return meant;
  return [...meant, { number: withComma, isSure: false }];
}

function respellings(value: unknown): unknown[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (Array.isArray(value)) return value.length === 1 ? [value[0], ...respellings(value[0])] : [];
  if (typeof value !== 'string' || value.length > MAX_RESPELT) return [];
  const trimmed = value.trim();
  const flag = { true: true, false: false, yes: true, no: false }[trimmed.toLowerCase()];
  return [trimmed, trimmed.toLowerCase(), trimmed.toUpperCase(), ...(flag === undefined ? [] : [flag])];
}

/** Longer values are no word and no number. */
const MAX_RESPELT = 256;

/** A member of a list that was misspelt, or written without the beginning that Google's names have. */
function meantOption(value: string, options: readonly string[]): string | undefined {
  const end = `_${value.toUpperCase()}`;
  return (
    (value === '' ? undefined : options.find((option) => option.endsWith(end))) ?? nearest(value, options)
  );
}

/** The values of a key that has a fixed list of them. */
function optionsOf(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodOptional) return optionsOf(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodEnum ? schema.options.map(String) : [];
}

/** Whether a name is a key of manifests. */
export function isManifestKey(key: string): key is ManifestKey {
  return Object.hasOwn(ManifestSchema.shape, key);
}
