/** Models that can say which of two answers is better: those that answer without being deployed, in a form that is asked for. */
import { TUNING_MODELS, type TuningModel } from './tuning-models.ts';

const ALL: readonly TuningModel[] = TUNING_MODELS;
const JUDGES = ALL.filter(({ kind }) => kind === 'gemini');

export const JUDGE_REFERENCES: readonly string[] = JUDGES.map(({ reference }) => reference);

/** The row of a judge such as `gemini-2.5-pro`; undefined for a model that cannot judge. */
export function findJudge(reference: string): TuningModel | undefined {
  return JUDGES.find((model) => model.reference === reference);
}
