import type { ManifestIssue } from '../issues/manifest.ts';
import { findModel } from '../models/models.ts';
import { planPipeline } from './pipeline-planning.ts';
import type { Plan } from './plan.ts';
import { checkPipelinePlan, checkTuningPlan } from './plan-checks.ts';
import type { PlanInput } from './plan-input.ts';
import { planTuning } from './tuning-planning.ts';

/** Makes the plan of a manifest that is right in itself, and says what is wrong or unwise about it. */
export function planRun(input: PlanInput): { plan: Plan; issues: ManifestIssue[] } {
  const { manifest, locate } = input;
  const model = findModel(manifest.base_model);
  if (model === undefined) throw new RangeError('a manifest with a model that the table does not have');
  if (model.backend === 'tuningJobs') {
    const plan = planTuning(input, model);
    return { plan, issues: checkTuningPlan(plan, { manifest, model, locate }) };
  }
  const plan = planPipeline(input, model);
  return { plan, issues: checkPipelinePlan(plan, { manifest, model, locate }) };
}
