import type { PipelinePlan, Plan, TuningPlan } from '../../shared/core/tuning/plan.ts';

/** The plan of a compiled pipeline; throws where it is another or none. */
export function pipelinePlan(plan: Plan | undefined): PipelinePlan {
  if (plan?.backend !== 'pipelineJobs') throw new Error('this is no plan of pipelineJobs');
  return plan;
}

/** The plan of a tuning job; throws where it is another or none. */
export function tuningPlan(plan: Plan | undefined): TuningPlan {
  if (plan?.backend !== 'tuningJobs') throw new Error('this is no plan of tuningJobs');
  return plan;
}
