import type { Interval } from '../evaluation/interval.ts';
import { MEASURES } from '../evaluation/measures.ts';
import { percentText, pointsText } from '../evaluation/sentence.ts';
import { settingsText } from '../manifest/sweep.ts';
import type { SweepStatus, SweptRun } from './sweep-status.ts';

/** Which run of a sweep is the best, in words that claim no more than was measured. Pure. */

type Answered = SweptRun & { answers: NonNullable<SweptRun['answers']> };
type WithCurve = SweptRun & { best: NonNullable<SweptRun['best']> };

export type Verdict = Pick<SweepStatus, 'winner' | 'sentence'>;

/** Whether a run has a model. */
export function hasModel({ state }: SweptRun): boolean {
  return state === 'SUCCEEDED' || state === 'PARTIAL';
}

/** The runs whose models answered the same examples, the best first; of equal ones the first of the list. */
export function byAnswers(runs: readonly SweptRun[]): Answered[] {
  const answered = runs.filter((run): run is Answered => hasModel(run) && run.answers !== undefined);
  const [first] = answered;
  return answered
    .filter(({ answers }) => answers.measure === first?.answers.measure)
    .toSorted((a, b) => b.answers.value - a.answers.value || a.index - b.index);
}

/** As the best evaluation of one curve is chosen: the highest token accuracy, then the lowest loss. */
function byCurves(runs: readonly SweptRun[]): WithCurve[] {
  return runs
    .filter((run): run is WithCurve => hasModel(run) && run.best !== undefined)
    .toSorted(
      (a, b) =>
        (b.best.tokenAccuracy ?? -1) - (a.best.tokenAccuracy ?? -1) ||
        (a.best.loss ?? Number.MAX_VALUE) - (b.best.loss ?? Number.MAX_VALUE) ||
        a.index - b.index,
    );
}

/**
 * The best run, and how sure that is. `difference`: the best two on the same examples, example by example; without it their intervals
 * have to lie apart.
 */
export function verdictOfSweep(runs: readonly SweptRun[], difference?: Interval): Verdict {
  const answered = byAnswers(runs);
  if (answered.length > 1) return verdictByAnswers(answered, { of: runs.length, difference });
  const curves = byCurves(runs);
  if (curves.length > 1) return verdictByCurves(curves, runs.length);
  const [only, ...others] = runs.filter(hasModel);
  if (only === undefined) return {};
  if (others.length === 0) {
    return {
      sentence: `Only ${settingsText(only.settings)} succeeded: there is nothing to compare it with.`,
    };
  }
  return { sentence: 'Nothing was measured by which the models can be compared.' };
}

function verdictByAnswers(
  answered: readonly Answered[],
  { of, difference }: { of: number; difference: Interval | undefined },
): Verdict {
  const [best, next] = answered;
  if (best === undefined || next === undefined) return {};
  const isSure = difference ? difference.low > 0 : best.answers.low > next.answers.high;
  const winner = { index: best.index, runId: best.runId, by: 'answers', isSure } as const;
  const { measure, examples, value } = best.answers;
  const had = `${percentText(value)} ${MEASURES[measure].title} on ${examples} examples`;
  const [name, other] = [best, next].map(({ settings }) => settingsText(settings));
  const ahead = difference ? `, ${pointsText(difference)} ahead of ${other}` : `, ahead of ${other}`;
  const beside = `${other}, which has ${percentText(next.answers.value)}`;
  if (value === next.answers.value) {
    const equals = answered.filter((run) => run.answers.value === value);
    const names = equals.map(({ settings }) => settingsText(settings));
    return {
      winner,
      sentence: `${names.slice(0, -1).join(', ')} and ${names.at(-1)} answer equally well: ${had}. The first of them is named.`,
    };
  }
  return {
    winner,
    sentence: isSure
      ? `${name} is the best of ${of} runs: ${had}${ahead}.`
      : `${name} has the best answers of ${of} runs, ${had}, but so many do not show that it is better than ${beside}.`,
  };
}

function verdictByCurves([best]: readonly WithCurve[], of: number): Verdict {
  if (best === undefined) return {};
  const { tokenAccuracy, loss, step } = best.best;
  const had =
    tokenAccuracy === undefined
      ? `an evaluation loss of ${loss?.toPrecision(3)}`
      : `${percentText(tokenAccuracy)} of the tokens right`;
  return {
    winner: { index: best.index, runId: best.runId, by: 'curve', isSure: false },
    sentence: `${settingsText(best.settings)} has the best evaluation of ${of} runs while they were trained: ${had} at step ${step}. A curve does not show how sure that is.`,
  };
}
