/** Which examples a tuned model is asked after its run has succeeded, of whom, and what that costs at most. Pure. */
import type { DatasetStatistics } from '../dataset/statistics.ts';
import { dollarsText, formatCount } from '../issues/numbers.ts';
import type { DeploymentLimits } from '../manifest/deployment-limits.ts';
import type { Manifest } from '../manifest/keys.ts';
import { type AnswerPrice, answerPriceOf, answersUsd } from '../models/answer-prices.ts';
import { endOfTunedModels } from '../models/lifecycle.ts';
import { findModel, type Model } from '../models/models.ts';
import type { Cost } from '../tuning/cost.ts';
import type { Plan } from '../tuning/plan.ts';
import { otherCheckpoints } from './checkpoints.ts';
import { judgeUsd, planJudge, withoutRoom } from './judge/plan.ts';
import type { JudgeStatus } from './judge/status.ts';
import type { EvaluationStatus } from './status.ts';

/** So many examples are asked where the manifest names no number. */
const DEFAULT_EXAMPLES = 100;
/** Fewer say nothing: what does not fit under a cap with so many is left out. */
const LEAST_EXAMPLES = 10;
/** What an answer may have at least, and at most by the kind of service. PaLM models: Google's SDK for Python, `max_output_tokens`. */
const OUTPUT_TOKENS = { least: 64, tuningJobs: 8_192, pipelineJobs: 1_024 } as const;

export interface EvaluationInput {
  manifest: Pick<Manifest, 'evaluate' | 'evaluate_checkpoints' | 'judge' | 'max_cost_usd'>;
  plan: Plan;
  /** `gs://` URI of the copy that the job evaluates on; undefined where there is none yet. */
  file: string | undefined;
  /** What it holds; undefined where there is no evaluation data. */
  data: DatasetStatistics | undefined;
  /** What the training is expected to cost, under the same caps. */
  cost: Pick<Cost, 'usd'>;
  limits: Pick<DeploymentLimits, 'maxCostUsd' | 'unknownPrices' | 'retiredModels'>;
  /** What the folder of the run may spend in a month: with more than that a run would wait for good. */
  maxFolderUsd?: number | undefined;
  /** ISO 8601 day. */
  today: string;
  /** How many runs share the caps: each evaluates as much as the others. */
  runs?: number | undefined;
}

type LeftOut = Pick<EvaluationStatus, 'reason' | 'message' | 'remedy'>;

/** What is said of the evaluation once there is a plan: which one comes after the tuning, or why there is none. */
export function planEvaluation(input: EvaluationInput): EvaluationStatus {
  const { manifest, plan, file, data } = input;
  const model = findModel(plan.baseModel);
  const why = reasonToLeaveOut(input, model);
  if (why) return { state: 'LEFT_OUT', ...why };
  const ofExamples = data?.examples ?? 0;
  const wanted = typeof manifest.evaluate === 'number' ? manifest.evaluate : DEFAULT_EXAMPLES;
  const isBaseAsked = !isGone(model, input);
  const maxCheckpoints = (manifest.evaluate_checkpoints && otherCheckpoints(plan)) || undefined;
  const maxOutputTokens = outputTokensOf(plan, model, data);
  const most = Math.min(wanted, ofExamples);
  const models = modelsOf({ isBaseAsked, maxCheckpoints });
  const asked = { models, maxOutputTokens };
  const wished = planJudge(manifest.judge, { isBaseAsked, baseModel: plan.baseModel });
  const { examples, judge } = withinCaps(input, { most, asked, judge: wished });
  if (typeof examples !== 'number') return { state: 'LEFT_OUT', ...examples };
  const maxUsd = usdOf(input, { examples, asked, judge }) ?? null;
  const planned = { examples, ofExamples, isBaseAsked, maxCheckpoints, maxUsd, judge };
  return {
    state: 'PLANNED',
    reason: 'AfterSuccess',
    message: wordsOfPlan(planned, plan.baseModel),
    ...{ ...planned, file, maxOutputTokens, judge: withPrice(judge, input, { examples, maxOutputTokens }) },
  };
}

interface Planned {
  examples: number;
  ofExamples: number;
  isBaseAsked: boolean;
  maxCheckpoints: number | undefined;
  maxUsd: number | null;
  judge: JudgeStatus | undefined;
}

interface Asked {
  /** Who answers each of the examples. */
  models: number;
  maxOutputTokens: number;
}

interface PlannedCost {
  examples: number;
  asked: Asked;
  judge: JudgeStatus | undefined;
}

/** As many examples as the caps leave room for; where that is too few with a judge, as many as without one. */
function withinCaps(
  input: EvaluationInput,
  { most, asked, judge }: { most: number; asked: Asked; judge: JudgeStatus | undefined },
): { examples: number | LeftOut; judge: JudgeStatus | undefined } {
  const mostWith = (one: JudgeStatus | undefined) =>
    fitting(input, most, (examples) => usdOf(input, { examples, asked, judge: one }));
  const examples = mostWith(judge);
  if (typeof examples === 'number' || judge?.state !== 'PLANNED') return { examples, judge };
  const without = mostWith(undefined);
  return typeof without === 'number'
    ? { examples: without, judge: withoutRoom(judge.model, examples.reason) }
    : { examples: without, judge: undefined };
}

/** The most that the answers and the verdicts cost, to the cent, and never told as nothing; undefined where that is not known. */
function usdOf(input: EvaluationInput, { examples, asked, judge }: PlannedCost): number | undefined {
  const answers = boundOf(input, { examples, ...asked });
  const verdicts = judgeUsd(judge, { examples, data: input.data, maxOutputTokens: asked.maxOutputTokens });
  return answers === undefined || verdicts === undefined ? undefined : toTheCent(answers + verdicts);
}

const toTheCent = (usd: number) => Math.ceil(Math.round(usd * 1e8) / 1e6) / 100;

function withPrice(
  judge: JudgeStatus | undefined,
  { data }: EvaluationInput,
  { examples, maxOutputTokens }: { examples: number; maxOutputTokens: number },
): JudgeStatus | undefined {
  if (judge?.state !== 'PLANNED') return judge;
  const usd = judgeUsd(judge, { examples, data, maxOutputTokens });
  return { ...judge, maxUsd: usd === undefined ? null : toTheCent(usd) };
}

/** How many models answer each question at most. */
const modelsOf = ({ isBaseAsked, maxCheckpoints = 0 }: Pick<Planned, 'isBaseAsked' | 'maxCheckpoints'>) =>
  1 + Number(isBaseAsked) + maxCheckpoints;

function wordsOfPlan(
  { examples, ofExamples, isBaseAsked, maxCheckpoints, maxUsd, judge }: Planned,
  baseModel: string,
): string {
  const which =
    examples === ofExamples
      ? `all ${formatCount(examples)} examples of the evaluation file`
      : `${formatCount(examples)} of the ${formatCount(ofExamples)} examples of the evaluation file`;
  const whom = isBaseAsked
    ? 'the tuned model and its base'
    : `the tuned model alone, since ${baseModel} is retired and cannot be asked`;
  const others =
    maxCheckpoints === undefined ? '' : `, and of its other checkpoints, ${maxCheckpoints} at most`;
  const cost =
    maxUsd === null
      ? `No price of ${judge?.state === 'PLANNED' ? 'all answers and verdicts' : 'its answers'} is known.`
      : `The answers${judge?.state === 'PLANNED' ? ' and verdicts' : ''} cost at most ${dollarsText(maxUsd)} USD.`;
  return `Once the model is tuned, ${which} are asked of ${whom}${others}${wordsOfJudge(judge)} ${cost}`;
}

function wordsOfJudge(judge: JudgeStatus | undefined): string {
  if (judge === undefined) return '.';
  return judge.state === 'PLANNED'
    ? `, and ${judge.model} judges each two answers in both orders.`
    : `. The judge is asked nothing: ${judge.message}`;
}

function reasonToLeaveOut(
  { manifest, plan, data }: EvaluationInput,
  model: Model | undefined,
): LeftOut | undefined {
  if (manifest.evaluate === false)
    return { reason: 'NotWanted', message: 'The manifest says "evaluate": false.' };
  if (model?.kind === 'embedding')
    return {
      reason: 'EmbeddingModel',
      message:
        'A tuned embedding model answers only where somebody deploys it, which is paid for by the hour, so that it is not compared with its base. What its job says that it has measured on the test labels stands in status.result.measured.',
    };
  if (model?.kind === 'open')
    return {
      reason: 'OpenModel',
      message:
        'An open model answers where somebody deploys it, which is paid for by the hour, so that nothing is deployed for an evaluation.',
    };
  if (plan.backend === 'tuningJobs' && plan.method === 'preference')
    return {
      reason: 'Preferences',
      message: 'A preference has a better and a worse answer, and none of them is the one to expect.',
    };
  if (data === undefined || data.examples === 0)
    return {
      reason: 'NoEvaluationData',
      message:
        'There is no evaluation data, so that nobody can say whether the tuned model is better than its base.',
      remedy:
        'Add "evaluation_split": 0.1 to tune.json, or a file of its own as evaluation_data_uri, where the model takes one.',
    };
  return undefined;
}

/** A deployment that takes retired models on asks them too. */
function isGone(model: Model | undefined, { limits, today }: EvaluationInput): boolean {
  const end = model && endOfTunedModels(model);
  return limits.retiredModels === 'error' && end !== undefined && today >= end.day;
}

/** The longest answer that is expected, in characters, which are more than tokens, and what the model thinks before it. */
function outputTokensOf(
  { backend }: Plan,
  model: Model | undefined,
  data: DatasetStatistics | undefined,
): number {
  const { least, [backend]: most } = OUTPUT_TOKENS;
  const thinking = model?.backend === 'tuningJobs' ? model.thinking : undefined;
  const thought = thinking && 'thinkingBudget' in thinking ? thinking.thinkingBudget : 0;
  return Math.min(most, Math.max(least, data?.outputCharacters.max ?? 0) + thought);
}

/** The most that the answers to so many examples cost; undefined where no price is known, or files are read with them. */
function boundOf(
  { plan, data }: EvaluationInput,
  { examples, models, maxOutputTokens }: Asked & { examples: number },
): number | undefined {
  const price: AnswerPrice | undefined = answerPriceOf(plan.baseModel);
  if (price === undefined || data === undefined || data.files !== undefined) return undefined;
  const { total, largestExample } = data.tokens;
  const questions = examples * models;
  const input = Math.min(total.high * models, questions * largestExample.high);
  return answersUsd(price, { input, output: questions * maxOutputTokens });
}

/** As many examples as the caps leave room for beside the training; why there are none. */
function fitting(
  { manifest, limits, maxFolderUsd, cost, runs = 1 }: EvaluationInput,
  most: number,
  usdOf: (examples: number) => number | undefined,
): number | LeftOut {
  const caps = [manifest.max_cost_usd, limits.maxCostUsd, maxFolderUsd].filter((cap) => cap !== undefined);
  const cap = Math.min(...caps);
  if (caps.length === 0) return most;
  if (usdOf(most) === undefined) {
    const isAllowed = limits.unknownPrices === 'allow' && manifest.max_cost_usd === undefined;
    return isAllowed ? most : costUnknown(cap);
  }
  // To the cent, as both are told.
  const room = Math.floor(Math.round((cap - (cost.usd?.high ?? 0)) * 100) / runs) / 100;
  for (let examples = most; examples >= Math.min(LEAST_EXAMPLES, most); examples -= 1) {
    if ((usdOf(examples) ?? 0) <= room) return examples;
  }
  return {
    reason: 'CostOverCap',
    message: `Beside the training there is no room for an evaluation under the ${dollarsText(cap)} USD that the run may cost.`,
    remedy: 'Raise the cap, or tune with fewer epochs.',
  };
}

function costUnknown(cap: number): LeftOut {
  return {
    reason: 'CostUnknown',
    message: `What the answers cost is not known, and the run may cost ${dollarsText(cap)} USD at most.`,
    remedy: 'Take the cap away, or let the deployment allow unknown prices.',
  };
}
