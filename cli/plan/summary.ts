import { evaluationInShort } from '../../shared/core/evaluation/in-short.ts';
import type { EvaluationStatus } from '../../shared/core/evaluation/status.ts';
import { settingsText } from '../../shared/core/manifest/sweep.ts';
import { type Cost, costText } from '../../shared/core/tuning/cost.ts';
import { rangeText, unknownInShort } from '../../shared/core/tuning/cost-words.ts';
import type { PipelinePlan, Plan, TuningPlan } from '../../shared/core/tuning/plan.ts';
import type { PricedPlan } from '../../shared/core/tuning/plan-manifest.ts';
import { quotaText } from '../../shared/core/tuning/quota.ts';
import { alignRows, countOf } from '../command-line/text.ts';

/** What is known of a duration is in the deployment: the jobs that have ended there. */
const UNKNOWN_DURATION =
  'unknown here: a deployment expects what jobs like it took there, once three have ended';

export interface PlanFacts {
  cost?: Cost | undefined;
  /** What the tuned model is asked afterwards. */
  evaluation?: EvaluationStatus | undefined;
  /** A sentence that points to another way of tuning. */
  hint?: string | undefined;
  /** The runs that lists of settings ask for; `cost` is that of all of them. */
  sweep?: readonly PricedPlan[] | undefined;
  /** Whether the embedded cloud carries it out, which has no quota. */
  isLocal?: boolean;
}

/** The heart of a plan: what is trained, how long and where, what it will cost, and what it needs. */
export function planLines(
  plan: Plan,
  { cost, evaluation, hint, sweep, isLocal = false }: PlanFacts,
): string[] {
  const all = sweep === undefined ? '' : ` of all ${sweep.length} runs`;
  return alignRows([
    ...planRows(plan),
    ...(sweep ?? []).map(sweptRow),
    ...optionalRow(`cost${all}`, cost && costText(cost)),
    ...optionalRow(
      sweep === undefined ? 'evaluation' : 'evaluation of each',
      evaluation && evaluationInShort(evaluation, { isLocal }),
    ),
    ['duration', UNKNOWN_DURATION],
    ...optionalRow('quota', isLocal ? undefined : quotaText(plan)),
    ...optionalRow('consider', hint),
  ]);
}

/** One run of a sweep: how it is trained, and what it costs by itself. */
function sweptRow({ index, settings, plan, cost }: PricedPlan): Row {
  const { training } = plan;
  const passes = 'steps' in training ? countOf(training.steps, 'step') : countOf(training.epochs, 'epoch');
  const costs = cost.usd === null ? `cost ${unknownInShort(cost)}` : `${rangeText(cost.usd)} USD expected`;
  return [`run ${index}`, `${settingsText(settings)}: ${passes}, ${costs}`];
}

function optionalRow(name: string, text: string | undefined): Row[] {
  return text === undefined ? [] : [[name, text]];
}

type Row = [name: string, text: string];

/** What is trained, how long and where. */
export function planRows(plan: Plan): Row[] {
  const name = plan.modelDisplayName;
  const as = name === undefined ? 'a new version of the model that it goes on from' : `tuned as ${name}`;
  const rows = plan.backend === 'pipelineJobs' ? pipelineRows(plan) : tuningRows(plan);
  return [['model', `${plan.baseModel}, ${as}`], ...rows];
}

function pipelineRows({ accelerator, regions, training }: PipelinePlan): Row[] {
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
}: TuningPlan): Row[] {
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
    ...(start === undefined ? [] : [['goes on from', start] satisfies Row]),
    ['region', region],
  ];
}
