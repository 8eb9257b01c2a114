import { type Cost, costText } from '../../shared/core/tuning/cost.ts';
import type { PipelinePlan, Plan, TuningPlan } from '../../shared/core/tuning/plan.ts';
import { alignRows, countOf } from '../command-line/text.ts';

/** What is known of a duration is in the deployment: the jobs that have ended there. */
const UNKNOWN_DURATION =
  'unknown here: a deployment expects what jobs like it took there, once three have ended';

/** The heart of a plan: what is trained, how long and where, and what it will cost. */
export function planLines(plan: Plan, cost?: Cost): string[] {
  const rows: [string, string][] = plan.backend === 'pipelineJobs' ? pipelineRows(plan) : tuningRows(plan);
  const name = plan.modelDisplayName;
  const as = name === undefined ? 'a new version of the model that it goes on from' : `tuned as ${name}`;
  const costRow: [string, string][] = cost === undefined ? [] : [['cost', costText(cost)]];
  const durationRow: [string, string] = ['duration', UNKNOWN_DURATION];
  return alignRows([['model', `${plan.baseModel}, ${as}`], ...rows, ...costRow, durationRow]);
}

function pipelineRows({ accelerator, regions, training }: PipelinePlan): [string, string][] {
  return [
    ['training', stepsText(training)],
    ['accelerator', accelerator],
    [
      'regions',
      `pipeline job ${regions.pipelineJob}, training ${regions.training}, model upload ${regions.modelUpload}`,
    ],
  ];
}

function stepsText({ steps, batchSize, epochs, evaluations }: PipelinePlan['training']): string {
  const parts = [
    `${countOf(steps, 'step')}, batch size ${batchSize}`,
    epochs === undefined ? [] : countOf(epochs, 'epoch'),
    evaluations === undefined ? [] : countOf(evaluations, 'evaluation'),
  ];
  return parts.flat().join(', ');
}

function tuningRows({
  method,
  preTunedModel,
  region,
  training,
  hyperParameters,
  tuningMode,
}: TuningPlan): [string, string][] {
  const { epochs, examples, fromTrainSteps } = training;
  const passes = [
    countOf(epochs, 'epoch'),
    fromTrainSteps === undefined ? [] : `from ${countOf(fromTrainSteps, 'step')} of the guide`,
    examples === undefined ? [] : countOf(examples, 'example'),
    hyperParameters.adapterSize ?? [],
    tuningMode ?? [],
  ];
  const { tunedModelName, checkpointId } = preTunedModel ?? {};
  const start = checkpointId ? `${tunedModelName}, checkpoint ${checkpointId}` : tunedModelName;
  return [
    ['training', `${method}, ${passes.flat().join(', ')}`],
    ...(start === undefined ? [] : [['goes on from', start] satisfies [string, string]]),
    ['region', region],
  ];
}
