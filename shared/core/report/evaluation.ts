import type { Scored } from '../evaluation/answers.ts';
import { MOST_SHOWN, SHOWN_FROM } from '../evaluation/classification.ts';
import { evaluationCost } from '../evaluation/in-short.ts';
import type { Interval } from '../evaluation/interval.ts';
import type { JudgeStatus } from '../evaluation/judge/status.ts';
import { MEASURES } from '../evaluation/measures.ts';
import type { EvaluationStatus } from '../evaluation/status.ts';
import type { UnansweredCounts } from '../evaluation/unanswered.ts';
import { formatCount } from '../issues/numbers.ts';
import type { Run } from '../run/run.ts';
import { renderAnswers } from './answers.ts';
import { type Fact, factList } from './facts.ts';
import { type Html, html } from './html.ts';
import { formatPercent } from './text.ts';

/** Whether the tuned model is better than its base: the measures, what they stand on, and the answers. */
export interface EvaluationSection {
  status: EvaluationStatus;
  /** Of the headline's measure. */
  rows: MeasureRow[];
  /** What a judge prefers, as shares of what it has judged. */
  judged: MeasureRow[];
  facts: Fact[];
  answers: readonly Scored[];
}

interface MeasureRow {
  name: string;
  value: number;
  interval?: Interval | undefined;
}

/** Undefined where nothing was planned. `answers` are empty where the deployment shows none. */
export function evaluationSectionOf(
  { status }: Run,
  answers: readonly Scored[],
): EvaluationSection | undefined {
  const { evaluation } = status;
  if (evaluation === undefined) return undefined;
  const { tuned, base, rival } = evaluation;
  const rows: MeasureRow[] = [
    ...(tuned ? [{ name: 'Tuned model', value: tuned.value, interval: tuned }] : []),
    ...(base ? [{ name: 'Base model', value: base.value, interval: base }] : []),
    ...(rival ? [{ name: 'Always the commonest label', value: rival.value }] : []),
  ];
  return { status: evaluation, rows, judged: judgedRows(evaluation), facts: factsOf(evaluation), answers };
}

function judgedRows({ judge }: EvaluationStatus): MeasureRow[] {
  if (judge?.shares === undefined) return [];
  const { tuned, base, ties, disagreements } = judge.shares;
  return [
    ['Tuned model preferred', tuned] as const,
    ['Base model preferred', base] as const,
    ['Neither', ties] as const,
    ['Changed with the order', disagreements] as const,
  ].map(([name, interval]) => ({ name, value: interval.value, interval }));
}

function factsOf(evaluation: EvaluationStatus): Fact[] {
  const {
    measure,
    examples,
    ofExamples,
    unanswered,
    cutOff,
    others = [],
    macroF1,
    tokens,
    judge,
    answersFile,
  } = evaluation;
  const both = (tuned: number, base: number | undefined) =>
    base === undefined ? formatPercent(tuned) : `${formatPercent(tuned)}, base ${formatPercent(base)}`;
  return [
    ...fact('Measure', measure && `${MEASURES[measure].title}: ${MEASURES[measure].what}`),
    ...fact('Examples', examples && `${formatCount(examples)} of ${formatCount(ofExamples ?? examples)}`),
    ...fact('Without an answer', unanswered && countText(unanswered)),
    ...fact('Cut off at the most tokens', cutOff && countText(cutOff)),
    ...fact('Macro F1', macroF1 && both(macroF1.tuned, macroF1.base)),
    ...others.flatMap((other) =>
      fact(MEASURES[other.measure].title, both(other.tuned.value, other.base?.value)),
    ),
    ...fact(
      'Tokens of the answers',
      tokens && `${formatCount(tokens.input)} read, ${formatCount(tokens.output)} written`,
    ),
    ...fact('Judge', judge && judgeText(judge)),
    ...fact(judge ? 'Cost of answers and verdicts' : 'Their cost', evaluationCost(evaluation)),
    ...(answersFile === undefined
      ? []
      : [{ name: 'All answers', value: answersFile, isCode: true as const }]),
  ];
}

/** `gemini-2.5-pro`, with what answered where that says it is another, and with what is not shown of it. */
function judgeText({ model, answeredBy, unreadable = 0, state, message }: JudgeStatus): string {
  if (state === 'LEFT_OUT' || state === 'FAILED') return `${model}: ${message}`;
  return [
    model,
    ...(answeredBy === undefined || answeredBy === model ? [] : [`what answered: ${answeredBy}`]),
    ...(unreadable === 0 ? [] : [`no verdict that can be read on ${formatCount(unreadable)} examples`]),
  ].join('; ');
}

const countText = ({ tuned, base }: UnansweredCounts) =>
  base === undefined ? formatCount(tuned) : `${formatCount(tuned)}, base ${formatCount(base)}`;

function fact(name: string, value: string | undefined | 0): Fact[] {
  return value === undefined || value === 0 ? [] : [{ name, value }];
}

export function renderEvaluation({ status, rows, judged, facts, answers }: EvaluationSection): Html {
  const { message, remedy, classes = [], confusions = [] } = status;
  return html`<section id="evaluation">
<h2>Is it better?</h2>
${status.state !== 'DONE' && html`<p>${message}</p>`}
${remedy !== undefined && html`<p class="soft">${remedy}</p>`}
${rows.length > 0 && measureTable(rows)}
${judged.length > 0 && html`<h3>What the judge prefers</h3>`}
${judged.length > 0 && measureTable(judged)}
${factList(facts)}
${classes.length > 0 && classTable(classes)}
${confusions.length > 0 && confusionTable(confusions)}
${answers.length > 0 && renderAnswers(answers)}
</section>`;
}

/** The bar is the value, the line over it what it may be. */
function measureTable(rows: MeasureRow[]): Html {
  const parts = rows.map(({ name, value, interval }) => {
    const [low, high] = [interval?.low ?? value, interval?.high ?? value].map((share) =>
      (100 * share).toFixed(1),
    );
    const text = interval && `${formatPercent(interval.low)} to ${formatPercent(interval.high)}`;
    return html`<tr><th scope="row">${name}</th><td class="number">${formatPercent(value)}</td><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(100 * value).toFixed(1)}" height="10"/><line class="axis" x1="${low}" y1="5" x2="${high}" y2="5"/></svg></td><td class="soft small">${text}</td></tr>`;
  });
  return html`<table class="bars"><tbody>${parts}</tbody></table>
<p class="soft small">The line over a bar is where the value lies with 95 % confidence.</p>`;
}

function classTable(classes: NonNullable<EvaluationStatus['classes']>): Html {
  const rows = classes.map(
    ({ label, examples, precision, recall, f1 }) =>
      html`<tr><td><bdi>${label}</bdi></td><td class="number">${formatCount(examples)}</td><td class="number">${formatPercent(precision)}</td><td class="number">${formatPercent(recall)}</td><td class="number">${formatPercent(f1)}</td></tr>`,
  );
  return html`<h3>Each label, by the tuned model</h3>
<div class="scroll"><table><thead><tr><th scope="col">Label</th><th class="number" scope="col">Examples</th><th class="number" scope="col">Precision</th><th class="number" scope="col">Recall</th><th class="number" scope="col">F1</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="soft small">Shown are the labels that at least ${SHOWN_FROM} examples have, the ${MOST_SHOWN} commonest at most; below, a label of fewer is “something else”.</p>`;
}

function confusionTable(confusions: NonNullable<EvaluationStatus['confusions']>): Html {
  const rows = confusions.map(
    ({ expected, answered, examples }) =>
      html`<tr><td><bdi>${expected}</bdi></td><td>${answered === '' ? html`<span class="soft">something else</span>` : html`<bdi>${answered}</bdi>`}</td><td class="number">${formatCount(examples)}</td></tr>`,
  );
  return html`<h3>What the tuned model took for what</h3>
<div class="scroll"><table><thead><tr><th scope="col">Expected</th><th scope="col">Answered</th><th class="number" scope="col">Examples</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
