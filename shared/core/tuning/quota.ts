import { findModel } from '../models/models.ts';
import { ACCELERATORS } from '../models/regions.ts';
import type { PipelinePlan, Plan } from './plan.ts';

/** What Google calls the quota of jobs, which all regions and models of a kind share. Google Cloud, "Tune Gemini models" and "Tune open models". */
const QUOTA_OF_JOBS = {
  gemini: 'Global concurrent tuning jobs',
  open: 'Global concurrent managed OSS model fine-tuning jobs per project',
} as const;

/**
 * The quota that a job takes, and where to look whether it is free, in a sentence: the guide says to make sure of it before. Nobody
 * looks here: a plan is made without asking Google.
 */
export function quotaText(plan: Plan): string {
  const project = plan.project === '' ? '' : `?project=${plan.project}`;
  const look = `see before that it is free: https://console.cloud.google.com/iam-admin/quotas${project}`;
  if (plan.backend === 'pipelineJobs') return `${acceleratorQuota(plan)}; ${look}`;
  const kind = findModel(plan.baseModel)?.kind === 'open' ? 'open' : 'gemini';
  return `one of “${QUOTA_OF_JOBS[kind]}”, and further jobs wait; ${look}`;
}

function acceleratorQuota({ accelerator, regions }: PipelinePlan): string {
  const large = Object.values(ACCELERATORS).find(({ description }) => description === accelerator);
  if (large === undefined) return `${accelerator}, in ${regions.training}`;
  return large.quota === undefined ? accelerator : `${accelerator} (${large.quota})`;
}
