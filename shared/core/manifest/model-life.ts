import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue } from '../issues/manifest.ts';
import { endOfTuning, goesOnUntil, isRetired, type Lifecycle, nearEnd } from '../models/lifecycle.ts';
import { findModel, type Model } from '../models/models.ts';
import { sourceText } from '../models/sources.ts';
import { successorOf } from '../models/successor.ts';
import type { DeploymentLimits } from './deployment-limits.ts';
import type { Manifest } from './keys.ts';
import { writtenAs } from './reading.ts';

/** Whether the base model still lives on a day, and for how long. */
export function checkModelLife(
  { base_model, tuning_method }: Partial<Manifest>,
  { retiredModels }: Pick<DeploymentLimits, 'retiredModels'>,
  { locate, today }: { locate: Locate; today: string },
): ManifestIssue[] {
  const model = base_model === undefined ? undefined : findModel(base_model);
  if (model === undefined) return [];
  const at = locate('base_model');
  const named = {
    key: writtenAs(locate, 'base_model'),
    model: model.reference,
    successor: successorOf(model.reference, { today, method: tuning_method })?.reference,
  };
  if (isRetired(model, today)) {
    const isRefused = retiredModels === 'error';
    const fields = { ...named, ...endOf(model), goesOnUntil: goesOnUntil(model, today), isRefused };
    return [manifestIssue('model_retired', at, fields, isRefused ? 'error' : 'warning')];
  }
  const near = nearEnd(model, today);
  if (near === undefined) return [];
  const { day: date, daysLeft, kind } = near;
  const source = sourceText(near.source);
  const isEarliest = kind === 'notRetiredBefore';
  return [manifestIssue('model_retires_soon', at, { ...named, date, daysLeft, isEarliest, source })];
}

function endOf(model: Model): { date: string; source: string } {
  const { shutdown, source }: Lifecycle = model.lifecycle;
  const end = endOfTuning(model);
  const sources = [...new Set([end?.source ?? source, shutdown?.source ?? source])];
  return { date: end?.day ?? '', source: sources.map(sourceText).join('; ') };
}
