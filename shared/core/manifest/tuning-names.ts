import type { IssueLocation, Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import type { JsonPath } from '../json/scan.ts';
import { isObject } from '../json/values.ts';
import type { TuningMethod } from '../models/tuning-models.ts';
import { isLikePipelineModel, modelNamed } from './base-model.ts';
import { MANIFEST_KEYS, type ManifestKey } from './keys.ts';

/** What `tuningJobs` calls our keys, where it has another name; `location` and `region` are said in the address of a job. */
const NAMES_OF_TUNING_JOBS: ReadonlyMap<string, ManifestKey> = new Map([
  ['training_dataset_uri', 'dataset_uri'],
  ['validation_dataset_uri', 'evaluation_data_uri'],
  ['tuned_model_display_name', 'model_display_name'],
  ['output_uri', 'output_directory'],
  ['region', 'pipeline_job_region'],
  ['location', 'pipeline_job_region'],
  ['kms_key_name', 'encryption_spec_key_name'],
  ['tuned_model_name', 'pre_tuned_model'],
  ['method', 'tuning_method'],
]);

/** Messages of a TuningJob whose members are settings of ours. A spec says by its name how the model is tuned. */
const MESSAGES: ReadonlyMap<string, { method?: TuningMethod }> = new Map([
  ['supervised_tuning_spec', { method: 'supervised' }],
  ['preference_optimization_spec', { method: 'preference' }],
  ['hyper_parameters', {}],
  ['pre_tuned_model', {}],
  ['encryption_spec', {}],
]);

/** Google's documents write names in snake_case and in camelCase. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Our name of a key, however Google's `tuningJobs` writes it; what is no such name stays as it is. */
function ownName(written: string): string {
  const name = snakeCase(written);
  const isOwn = (MANIFEST_KEYS as readonly string[]).includes(name);
  return NAMES_OF_TUNING_JOBS.get(name) ?? (isOwn ? name : written);
}

/** A setting as it was written, however deep in messages of Google's. */
interface Setting {
  key: string;
  path: JsonPath;
  value: unknown;
  /** Not written, but meant by the name of the message at `path`. */
  isImplied?: boolean;
}

function settingsOf(message: Record<string, unknown>, around: JsonPath): Setting[] {
  return Object.entries(message).flatMap(([name, value]): Setting[] => {
    const path = [...around, name];
    const inner = MESSAGES.get(snakeCase(name));
    if (inner === undefined || !isObject(value)) return [{ key: ownName(name), path, value }];
    const method: Setting[] =
      inner.method === undefined
        ? []
        : [{ key: 'tuning_method', path, value: inner.method, isImplied: true }];
    return [...method, ...settingsOf(value, path)];
  });
}

export interface UnderstoodNames {
  /** The manifest under our names. */
  content: Record<string, unknown>;
  issues: ManifestIssue[];
  /** Where a key stands, under the name that it was written with. */
  locate: Locate;
  /** The key of the manifest itself that a key of ours stands in. */
  topOf: (key: string) => string;
}

/** Where something stands in a manifest. */
export type LocatePath = (path: JsonPath) => IssueLocation;

/** Whether the names of `tuningJobs` are understood: everywhere but beside a model, or what is nearly one, of the guide. */
function speaksOfTuningJobs(content: Record<string, unknown>): boolean {
  const name = content.base_model ?? content.baseModel;
  const model = modelNamed(name);
  if (model !== undefined) return model.backend === 'tuningJobs';
  return typeof name !== 'string' || !isLikePipelineModel(name);
}

/** Reads what people copy from Google's documents of `tuningJobs`, names and nested messages, as settings of ours. */
export function understandNames(written: Record<string, unknown>, locatePath: LocatePath): UnderstoodNames {
  const plain: Setting[] = Object.entries(written).map(([key, value]) => ({ key, path: [key], value }));
  const isGoogles = speaksOfTuningJobs(written);
  const settings = isGoogles ? settingsOf(written, []).filter(isGiven) : plain;
  const { first, issues } = firstOfEach(settings, locatePath);
  const pathOf = (key: string) => first.get(key)?.path ?? [key];
  return {
    content: Object.fromEntries(
      [...first].map(([key, { value }]) => [key, isGoogles ? plainValue(key, value) : value]),
    ),
    issues,
    locate: (key, member) => locatePath(member === undefined ? pathOf(key) : [...pathOf(key), member]),
    topOf: (key) => String(pathOf(key)[0]),
  };
}

/** Settings by our names; one that stands there under two is told once, and the first counts. */
function firstOfEach(settings: readonly Setting[], locatePath: LocatePath) {
  const first = new Map<string, Setting>();
  const issues: ManifestIssue[] = [];
  const secondSpecs = new Set<unknown>();
  for (const setting of settings) {
    const { key, path, value, isImplied = false } = setting;
    if (secondSpecs.has(path[0])) continue;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, setting);
      continue;
    }
    if ((isImplied || other.isImplied) && other.value === value) continue;
    // Of two specs the second is left alone as a whole: its members would only repeat what is wrong.
    if (isImplied && other.isImplied) secondSpecs.add(path[0]);
    const at = locatePath(path);
    const fields = { key: shown(at.path ?? key), other: locatePath(other.path).path ?? key };
    issues.push(manifestIssue('key_named_twice', at, fields));
  }
  return { first, issues };
}

// ---- values ----------------------------------------------------------------------------------------------------------
// JSON of Google's APIs: null is no value, an empty text under one of its names and a member like ADAPTER_SIZE_UNSPECIFIED
// of an enum are none either, and numbers may be written in quotes.

const UNSPECIFIED = /^[A-Z_]{1,60}_UNSPECIFIED$/;
const NUMBER = /^-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?$/;
const NUMBERS: ReadonlySet<string> = new Set([
  'epoch_count',
  'batch_size',
  'adapter_size',
  'learning_rate',
  'learning_rate_multiplier',
  'beta',
] satisfies ManifestKey[]);

function isGiven({ key, path, value }: Setting): boolean {
  if (value === null) return false;
  if (typeof value !== 'string') return true;
  const isGooglesName = path.length > 1 || path[0] !== key;
  return !(UNSPECIFIED.test(value) || (value === '' && isGooglesName));
}

/** What Google's SDKs call the methods. */
const METHODS_OF_SDKS: ReadonlyMap<unknown, TuningMethod> = new Map([
  ['SUPERVISED_FINE_TUNING', 'supervised'],
  ['PREFERENCE_TUNING', 'preference'],
]);

function plainValue(key: string, value: unknown): unknown {
  if (key === 'tuning_method') return METHODS_OF_SDKS.get(value) ?? value;
  if (typeof value === 'string' && NUMBERS.has(key) && NUMBER.test(value)) return Number(value);
  return key === 'checkpoint_id' && Number.isInteger(value) ? String(value) : value;
}
