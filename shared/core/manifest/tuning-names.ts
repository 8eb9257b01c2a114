import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { findModel } from '../models/models.ts';
import { MANIFEST_KEYS, type ManifestKey } from './keys.ts';

/** What `tuningJobs` calls our keys, where it has another name. */
const NAMES_OF_TUNING_JOBS: Readonly<Record<string, ManifestKey>> = {
  training_dataset_uri: 'dataset_uri',
  validation_dataset_uri: 'evaluation_data_uri',
  tuned_model_display_name: 'model_display_name',
  output_uri: 'output_directory',
  region: 'pipeline_job_region',
  kms_key_name: 'encryption_spec_key_name',
  tuned_model_name: 'pre_tuned_model',
};

/** Google's documents write names in snake_case and in camelCase. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Our name of a key that Google's `tuningJobs` has under another, or in camelCase; undefined where it is no such name. */
function ownName(written: string): ManifestKey | undefined {
  if ((MANIFEST_KEYS as readonly string[]).includes(written)) return undefined;
  const name = snakeCase(written);
  return NAMES_OF_TUNING_JOBS[name] ?? MANIFEST_KEYS.find((key) => key === name);
}

export interface UnderstoodNames {
  /** The manifest under our names. */
  content: Record<string, unknown>;
  issues: ManifestIssue[];
  /** Where a key stands, under the name that it was written with. */
  locate: Locate;
}

/** Whether the names of `tuningJobs` are understood: the model is one of its own, or a tuned one is named in its place. */
function speaksOfTuningJobs(content: Record<string, unknown>): boolean {
  const [model] = ['base_model', 'baseModel'].map((name) => content[name]).filter(Boolean);
  if (model !== undefined) return findModel(String(model))?.backend === 'tuningJobs';
  return ['pre_tuned_model', 'preTunedModel', 'tunedModelName', 'tuned_model_name'].some((name) =>
    Object.hasOwn(content, name),
  );
}

/** Reads Google's names of `tuningJobs` as ours, so that what people copy from its documents works. */
export function understandNames(written: Record<string, unknown>, locate: Locate): UnderstoodNames {
  if (!speaksOfTuningJobs(written)) return { content: written, issues: [], locate };
  const issues: ManifestIssue[] = [];
  const content: [string, unknown][] = [];
  const nameOf = new Map<string, string>();
  for (const [name, value] of Object.entries(written)) {
    const key = ownName(name);
    if (key === undefined) {
      content.push([name, value]);
    } else if (Object.hasOwn(written, key) || nameOf.has(key)) {
      const other = nameOf.get(key) ?? key;
      issues.push(manifestIssue('key_named_twice', locate(name), { key: shown(name), other }));
    } else {
      nameOf.set(key, name);
      content.push([key, value]);
    }
  }
  return {
    content: Object.fromEntries(content),
    issues,
    locate: (key, member) => locate(nameOf.get(key) ?? key, member),
  };
}
