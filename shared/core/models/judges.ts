/** Models that can say which of two answers is better: those that answer without being deployed, in a form that is asked for. */
import { answerPriceOf } from './answer-prices.ts';
import { isRetired } from './lifecycle.ts';
import { TUNING_MODELS, type TuningModel } from './tuning-models.ts';

const ALL: readonly TuningModel[] = TUNING_MODELS;
const JUDGES = ALL.filter(({ kind }) => kind === 'gemini');

export const JUDGE_REFERENCES: readonly string[] = JUDGES.map(({ reference }) => reference);

/** The row of a judge such as `gemini-2.5-pro`; undefined for a model that cannot judge. */
export function findJudge(reference: string): TuningModel | undefined {
  return JUDGES.find((model) => model.reference === reference);
}

/** A judge that answers on a day, of those whose price is known, and none of these; undefined where there is none. */
export function pricedJudge(today: string, others: readonly (string | undefined)[]): string | undefined {
  return JUDGES.findLast(
    (model) =>
      !isRetired(model, today) &&
      answerPriceOf(model.reference) !== undefined &&
      !others.includes(model.reference),
  )?.reference;
}
