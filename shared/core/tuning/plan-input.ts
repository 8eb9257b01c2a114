import type { Locate } from '../issues/issue.ts';
import type { DeploymentLimits } from '../manifest/deployment-limits.ts';
import type { Manifest } from '../manifest/keys.ts';
import type { DataKey } from '../models/data-keys.ts';
import { NAMES } from '../models/limits.ts';

/** What a plan is made from. */
export interface PlanInput {
  manifest: Manifest;
  /** The manifest's folder, its last part: the default name of the model. Empty at the root of the bucket. */
  folderName: string;
  runId: string;
  limits: DeploymentLimits;
  /** Examples of the training data, where they were counted. */
  trainExamples?: number | undefined;
  /** The copies that are trained on, in place of the manifest's URIs. */
  stagedUris?: Partial<Record<DataKey, string>> | undefined;
  locate: Locate;
}

/** The manifest's name for the tuned model, else that of its folder. */
export function modelDisplayNameOf(input: PlanInput): string {
  return input.manifest.model_display_name ?? nameOfFolder(input);
}

/** The folder's name as a display name: no control characters, at most 128 characters, none of them halved. */
function nameOfFolder({ folderName, manifest, runId }: PlanInput): string {
  const clean = folderName
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  if (clean === '') return `${manifest.base_model} ${runId}`;
  return [...clean].slice(0, NAMES.maxDisplayNameLength).join('').trim();
}
