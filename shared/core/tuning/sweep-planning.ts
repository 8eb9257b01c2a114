import { distinctIssues, type ManifestIssue, manifestIssue } from '../issues/manifest.ts';
import type { Manifest } from '../manifest/keys.ts';
import { type Sweep, type SweepSettings, settingsText } from '../manifest/sweep.ts';
import type { DataKey } from '../models/data-keys.ts';
import { NAMES } from '../models/limits.ts';
import type { Plan } from './plan.ts';
import { modelDisplayNameOf, type PlanInput } from './plan-input.ts';
import { planRun } from './planning.ts';

/** One run of a sweep, planned. */
export interface SweptPlan {
  /** Its place, from 1. */
  index: number;
  settings: SweepSettings;
  manifest: Manifest;
  plan: Plan;
}

export interface SweepInput extends Omit<PlanInput, 'manifest' | 'runId' | 'stagedUris'> {
  /** Of a manifest that is right in itself. */
  sweep: Sweep;
  runIdOf: (index: number) => string;
  /** The copies that a run trains on. */
  stagedUrisOf?: ((runId: string) => Partial<Record<DataKey, string>>) | undefined;
}

/** Plans every run of a sweep, and says once what is wrong or unwise about them. */
export function planSweep({ sweep, runIdOf, stagedUrisOf, ...common }: SweepInput): {
  plans: SweptPlan[];
  issues: ManifestIssue[];
} {
  const planned = sweep.runs.map(({ settings, manifest: draft }, place) => {
    const index = place + 1;
    const runId = runIdOf(index);
    const input = { ...common, manifest: draft as Manifest, runId, stagedUris: stagedUrisOf?.(runId) };
    const manifest = { ...input.manifest, model_display_name: nameOfSwept(input, settings) };
    const { plan, issues } = planRun({ ...input, manifest });
    return { index, settings, manifest, plan, issues };
  });
  const plans = planned.map(({ issues: _told, ...one }) => one);
  const issues = distinctIssues(planned.flatMap((one) => one.issues));
  return { plans, issues: [...issues, ...sameJobs(plans, common)] };
}

/** Its models are told apart in the registry; a run that goes on from a model without naming a new one makes a version of that. */
function nameOfSwept(input: PlanInput, settings: SweepSettings): string | undefined {
  const { pre_tuned_model, model_display_name } = input.manifest;
  if (pre_tuned_model !== undefined && model_display_name === undefined) return undefined;
  const end = ` (${settingsText(settings)})`;
  const name = [...modelDisplayNameOf(input)].slice(0, NAMES.maxDisplayNameLength - end.length);
  return `${name.join('').trim()}${end}`;
}

/** Runs that would ask for the same. */
function sameJobs(plans: readonly SweptPlan[], { locate }: Pick<PlanInput, 'locate'>): ManifestIssue[] {
  return [...Map.groupBy(plans, ({ plan }) => askedOf(plan)).values()].flatMap(([one, other]) => {
    if (one === undefined || other === undefined) return [];
    const [first, second] = [one, other].map(({ settings }) => settingsText(settings));
    const { plan, settings } = one;
    const isInSteps = plan.backend === 'tuningJobs' && plan.training.fromTrainSteps !== undefined;
    const fields = {
      ...{ one: `${first}`, other: `${second}` },
      epochs: isInSteps ? plan.training.epochs : undefined,
    };
    return [manifestIssue('sweep_same_job', locate(Object.keys(settings)[0] ?? 'train_steps'), fields)];
  });
}

/** What a plan asks for of what a list can change. */
function askedOf(plan: Plan): string {
  if (plan.backend === 'tuningJobs') return JSON.stringify(plan.hyperParameters);
  const { train_steps, learning_rate_multiplier } = plan.parameters;
  return JSON.stringify([train_steps, learning_rate_multiplier]);
}
