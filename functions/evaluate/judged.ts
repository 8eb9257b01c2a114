/** What a document says of a judge once its evaluation ends. */
import type { TuneError } from '../../shared/core/errors/errors.ts';
import { judgementOf } from '../../shared/core/evaluation/judge/judgement.ts';
import { planJudge, withoutAnswers } from '../../shared/core/evaluation/judge/plan.ts';
import type { JudgeStatus } from '../../shared/core/evaluation/judge/status.ts';
import type { JudgedExample } from '../../shared/core/evaluation/judge/verdict.ts';
import { sumOfTokens } from '../../shared/core/evaluation/tokens.ts';
import { hasBaseAnswers } from '../../shared/core/evaluation/unanswered.ts';
import { answerPriceOf, answersUsd } from '../../shared/core/models/answer-prices.ts';
import type { OpenEvaluation } from './evaluation.ts';

/** `failure`: why it was given up before all was judged. */
export function judgeStatusOf(
  planned: JudgeStatus | undefined,
  { judging, answered, baseModel }: Pick<OpenEvaluation, 'judging' | 'answered' | 'baseModel'>,
  failure?: TuneError,
): JudgeStatus | undefined {
  if (planned === undefined || judging === undefined) return planned;
  const { judged } = judging;
  const { model } = planned;
  const isBaseAsked = answered.every(({ base }) => base !== undefined);
  if (!isBaseAsked) return planJudge(model, { isBaseAsked, baseModel });
  if (!hasBaseAnswers(answered)) return withoutAnswers(model, baseModel);
  const so = { ...planned, judged: judged.length, ...costOfVerdicts(judged, model) };
  if (failure === undefined) return { ...so, state: 'DONE', ...judgementOf(judged, model) };
  const { reason, message, kind } = failure;
  const remedy = (kind === 'permanent' ? undefined : failure.remedy) ?? ANOTHER_JUDGE;
  const far = `${judged.length} of ${answered.length} examples were judged, of which nothing is said.`;
  return { ...so, state: 'FAILED', reason, message: `${message} ${far}`, remedy };
}

const ANOTHER_JUDGE =
  'Name another judge when you tune the next time; all answers of this run are in its file of answers.';

/** What it says for the message of the evaluation. */
export function judgeMessage(judge: JudgeStatus | undefined): string | undefined {
  const { state, model, sentence, message } = judge ?? {};
  if (state === 'FAILED') return `The judge ${model} was given up: ${message}`;
  if (state === 'LEFT_OUT') return `Nothing was judged: ${message}`;
  return sentence;
}

/** What is refused costs nothing, and says no tokens. */
function costOfVerdicts(
  judged: readonly JudgedExample[],
  model: string,
): Pick<JudgeStatus, 'tokens' | 'usd'> {
  const tokens = sumOfTokens(judged);
  const isFree = judged.every(({ isSame, refused }) => isSame || refused !== undefined);
  const price = answerPriceOf(model);
  if (tokens === undefined) return { usd: isFree ? 0 : null };
  return { tokens, usd: price ? toHundredthsOfACent(answersUsd(price, tokens)) : null };
}

export const toHundredthsOfACent = (usd: number) => Math.round(usd * 10_000) / 10_000;
