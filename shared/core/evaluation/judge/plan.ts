/** Whether answers are judged, and what that costs at most. Pure. */
import type { DatasetStatistics } from '../../dataset/statistics.ts';
import { type AnswerPrice, answerPriceOf, answersUsd } from '../../models/answer-prices.ts';
import { findJudge } from '../../models/judges.ts';
import { FRAME_TOKENS, verdictTokensOf } from './request.ts';
import type { JudgeStatus } from './status.ts';

/** Each two answers are judged in both orders. */
const ORDERS = 2;

/** The judge of a manifest, before its price is known; undefined where none is named. */
export function planJudge(
  model: string | undefined,
  { isBaseAsked, baseModel }: { isBaseAsked: boolean; baseModel: string },
): JudgeStatus | undefined {
  if (model === undefined) return undefined;
  if (isBaseAsked) return { model, state: 'PLANNED' };
  const message = `${baseModel} cannot be asked, and without its answers there is nothing to compare.`;
  return { model, state: 'LEFT_OUT', reason: 'BaseNotAsked', message };
}

/** A judge that has nothing to compare, since the base was asked and said nothing. */
export function withoutAnswers(model: string, baseModel: string): JudgeStatus {
  const message = `${baseModel} gave no answer to any question, and without its answers there is nothing to compare.`;
  return { model, state: 'LEFT_OUT', reason: 'BaseWithoutAnswers', message };
}

/** A judge that the caps have no room for beside the answers, by why that is: its verdicts cost too much, or nobody knows what. */
export function withoutRoom(model: string, reason: string): JudgeStatus {
  const [message, remedy] =
    reason === 'CostUnknown'
      ? [
          `What verdicts of ${model} cost is not known, and the run may not cost more than its cap.`,
          'Name a judge whose price is known, such as gemini-3.1-flash-lite, take the cap away, or let the deployment allow unknown prices.',
        ]
      : [
          `Beside the training and the answers there is no room for verdicts of ${model} under the cap of the run.`,
          'Raise the cap, or name a cheaper judge.',
        ];
  return { model, state: 'LEFT_OUT', reason, message, remedy };
}

interface ToJudge {
  examples: number;
  /** What is known of the examples; undefined where nobody read them. */
  data: Pick<DatasetStatistics, 'tokens' | 'files'> | undefined;
  /** The most that one of both answers has. */
  maxOutputTokens: number;
}

/** The most that the verdicts on so many examples cost, in US dollars; undefined where no price is known, or files are read with them. */
export function judgeUsd(
  judge: Pick<JudgeStatus, 'model' | 'state'> | undefined,
  { examples, data, maxOutputTokens }: ToJudge,
): number | undefined {
  if (judge?.state !== 'PLANNED') return 0;
  const price: AnswerPrice | undefined = answerPriceOf(judge.model);
  const row = findJudge(judge.model);
  if (price === undefined || row === undefined || data === undefined || data.files !== undefined)
    return undefined;
  const { total, largestExample } = data.tokens;
  const calls = ORDERS * examples;
  const shown = Math.min(ORDERS * total.high, calls * largestExample.high);
  const input = shown + calls * (FRAME_TOKENS + 2 * maxOutputTokens);
  return answersUsd(price, { input, output: calls * verdictTokensOf(row) });
}
