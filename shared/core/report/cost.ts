import type { EvaluationStatus } from '../evaluation/status.ts';
import { dollarsText, formatCount } from '../issues/numbers.ts';
import type { Run } from '../run/run.ts';
import { amountText, rangeText, unknownInShort } from '../tuning/cost-words.ts';
import type { RunCost } from '../tuning/run-cost.ts';
import { type Html, html } from './html.ts';

export interface CostSection {
  rows: { name: string; expected: string; did: string }[];
  /** Whether Vertex AI has said what it bills. */
  isSettled: boolean;
  notes: string[];
}

/** What the run was expected to cost, and what it did; undefined before it was planned. */
export function costSectionOf({
  status: { cost, evaluation },
}: Pick<Run, 'status'>): CostSection | undefined {
  if (cost === undefined) return undefined;
  const { trainingTokens, usd, actual } = cost;
  const tokens = trainingTokens && tokensText(trainingTokens);
  const row = (name: string, expected: string | null, did: string | undefined) =>
    expected === null && did === undefined ? [] : [{ name, expected: expected ?? '–', did: did ?? '–' }];
  return {
    rows: [
      ...row('US dollars', usd ? rangeText(usd) : unknownInShort(cost), actual && didText(actual.usd)),
      ...row('Training tokens', tokens, actual && formatCount(actual.trainingTokens)),
      ...row('Of them in one pass over the data', null, actual && formatCount(actual.billableTokens)),
      ...(evaluation ? answersRow(evaluation) : []),
    ],
    isSettled: actual !== undefined || typeof evaluation?.usd === 'number',
    notes: [cost.madeOf, ...hoursNotes(cost), ...priceNotes(cost)],
  };
}

/** The answers of the evaluation, beside the training. */
function answersRow({ maxUsd, usd }: EvaluationStatus): CostSection['rows'] {
  if (typeof maxUsd !== 'number') return [];
  const expected = `at most ${dollarsText(maxUsd)}`;
  return [
    {
      name: 'US dollars for the evaluation',
      expected,
      did: typeof usd === 'number' ? amountText(usd) : '–',
    },
  ];
}

function tokensText({ low, estimate, high }: NonNullable<RunCost['trainingTokens']>): string {
  const text = formatCount(estimate);
  return low === high ? text : `${text} (${formatCount(low)} to ${formatCount(high)})`;
}

const didText = (usd: number | null) => (usd === null ? 'not known: no price was found' : amountText(usd));

/** A job's other tasks need no accelerator, and how long those took is not known. */
function hoursNotes({ actualHours: hours }: RunCost): string[] {
  if (hours === undefined) return [];
  const took = hours < 0.1 ? 'less than 0.1 hours' : `${formatCount(Math.ceil(hours * 10) / 10)} hours`;
  return [
    `The whole job took ${took}, so that is the most that is paid for; what an hour costs is not known here.`,
  ];
}

function priceNotes({ price, unknown }: RunCost): string[] {
  if (price === null) {
    return unknown === 'acceleratorHours'
      ? []
      : ['No price was found, which is not the same as nothing to pay.'];
  }
  const { usdPerMillionTokens, source, seenOn } = price;
  const seen = seenOn === undefined ? '' : `, seen on ${seenOn}`;
  return [`Price: ${usdPerMillionTokens} USD per million training tokens, by ${source}${seen}.`];
}

export function renderCost({ rows, isSettled, notes }: CostSection): Html {
  const lines = rows.map(
    ({ name, expected, did }) =>
      html`<tr><th scope="row">${name}</th><td>${expected}</td>${isSettled && html`<td>${did}</td>`}</tr>`,
  );
  return html`<section id="cost">
<h2>The cost</h2>
<div class="scroll"><table><thead><tr><th scope="col">What</th><th scope="col">Expected</th>${isSettled && html`<th scope="col">By what Vertex AI bills</th>`}</tr></thead><tbody>${lines}</tbody></table></div>
<ul class="soft small">${notes.map((note) => html`<li>${note}</li>`)}</ul>
</section>`;
}
