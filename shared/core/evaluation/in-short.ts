/** An evaluation in a line of a plan, and its cost beside that of the training. */
import { dollarsText, formatCount } from '../issues/numbers.ts';
import { costInShort } from '../tuning/cost-words.ts';
import type { RunCost } from '../tuning/run-cost.ts';
import type { EvaluationStatus } from './status.ts';

/** `50 of 200 examples, asked of the tuned model and its base: at most 0.02 USD`, or why there is none. */
export function evaluationInShort(evaluation: EvaluationStatus, { isLocal = false } = {}): string {
  const { examples = 0, ofExamples = examples, maxUsd, message, remedy, judge } = evaluation;
  if (evaluation.state === 'LEFT_OUT') return ['none:', message, remedy].filter(Boolean).join(' ');
  const which =
    examples === ofExamples
      ? `all ${formatCount(examples)} examples`
      : `${formatCount(examples)} of ${formatCount(ofExamples)} examples`;
  const most =
    typeof maxUsd === 'number'
      ? `${isLocal ? 'on Google Cloud ' : ''}at most ${dollarsText(maxUsd)} USD`
      : `no price of the answers${judge?.state === 'PLANNED' ? ' and verdicts' : ''} is known`;
  return `${which}, asked of ${whomOf(evaluation)}${judgedBy(judge)}: ${most}`;
}

function judgedBy(judge: EvaluationStatus['judge']): string {
  if (judge === undefined) return '';
  return judge.state === 'LEFT_OUT' ? `, not judged (${judge.message})` : `, judged by ${judge.model}`;
}

function whomOf({ isBaseAsked, maxCheckpoints }: EvaluationStatus): string {
  const others = maxCheckpoints === undefined ? [] : [`${maxCheckpoints} other checkpoints at most`];
  const asked = ['the tuned model', ...others, ...(isBaseAsked ? ['its base'] : [])];
  return asked.length === 1 ? `${asked[0]} alone` : `${asked.slice(0, -1).join(', ')} and ${asked.at(-1)}`;
}

/** `at most 0.02 USD` before it was made, `less than 0.01 USD` after; undefined where nobody knows or nothing is asked. */
export function evaluationCost({ usd, maxUsd, state }: EvaluationStatus): string | undefined {
  if (state === 'LEFT_OUT') return undefined;
  if (typeof usd === 'number') return `${usd < 0.005 ? 'less than 0.01' : dollarsText(usd)} USD`;
  return typeof maxUsd === 'number' ? `at most ${dollarsText(maxUsd)} USD` : undefined;
}

/** The cost of a run, and beside it what its evaluation costs: `2.98 USD (2.95 to 3.02 USD expected); evaluation at most 0.02 USD`. */
export function costsInShort(cost: RunCost, evaluation: EvaluationStatus | undefined): string {
  const answers = evaluation && evaluationCost(evaluation);
  return [costInShort(cost), ...(answers ? [`evaluation ${answers}`] : [])].join('; ');
}
