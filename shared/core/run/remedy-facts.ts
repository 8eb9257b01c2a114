import { namedIn } from '../errors/named.ts';
import { findModel } from '../models/models.ts';
import { ACCELERATORS, REGIONS } from '../models/regions.ts';
import type { RemedyFacts } from '../tuning/grants.ts';
import type { PipelinePlan, Plan, TuningPlan } from '../tuning/plan.ts';
import type { Run } from './run.ts';

/** What is known of a run that a remedy may name; `words`: what Vertex AI said, and whatever it names in them. */
export function remedyFactsOf({ spec: { plan }, status: { job } }: Run, words = ''): RemedyFacts {
  const owner = job?.name.split('/')[1] ?? '';
  const named = namedIn(words);
  return {
    project: plan?.project,
    trainingRegion: plan?.backend === 'pipelineJobs' ? plan.regions.training : plan?.region,
    projectNumber: /^\d+$/.test(owner) ? owner : named.projectNumber,
    serviceAccount: plan?.serviceAccount,
    jobAgent: plan?.backend === 'tuningJobs' ? 'gcp-sa-vertex-tune' : undefined,
    outputDirectory: plan?.outputDirectory,
    encryptionKey: plan?.encryptionKey,
    elsewhere: plan && elsewhereOf(plan),
    named,
  };
}

/** Which key of the manifest takes the job to other machines. A key of Cloud KMS and a tuned model keep it where they are. */
function elsewhereOf(plan: Plan): string | undefined {
  if (plan.encryptionKey !== undefined) return undefined;
  return plan.backend === 'tuningJobs' ? otherRegion(plan) : otherMachines(plan);
}

function otherRegion({ baseModel, region, preTunedModel }: TuningPlan): string | undefined {
  if (preTunedModel !== undefined) return undefined;
  const model = findModel(baseModel);
  const regions = model?.backend === 'tuningJobs' ? model.regions : [];
  const others = regions.filter((one) => one !== region);
  return others.length > 0 ? `"pipeline_job_region": "${others.join('" or "')}"` : undefined;
}

function otherMachines({ baseModel, regions }: PipelinePlan): string {
  if (findModel(baseModel)?.kind === 'embedding') {
    const other = REGIONS.find((region) => region !== regions.training);
    return `another machine_type and accelerator_type, or another "pipeline_job_region", such as "${other}"`;
  }
  const accelerators = Object.entries(ACCELERATORS);
  const other = accelerators.find(([, { trainingRegion }]) => trainingRegion !== regions.training);
  return `"accelerator_type": "${other?.[0]}", which is trained in ${other?.[1].trainingRegion}`;
}
