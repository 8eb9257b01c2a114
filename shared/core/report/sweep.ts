import { MEASURES } from '../evaluation/measures.ts';
import { percentText } from '../evaluation/sentence.ts';
import { settingsText } from '../manifest/sweep.ts';
import type { Run } from '../run/run.ts';
import type { SweepStatus, SweptRun } from '../run/sweep-status.ts';
import { amountText, rangeText } from '../tuning/cost-words.ts';
import { evaluationText } from './curves.ts';
import { type Html, html } from './html.ts';
import type { InWords } from './run-links.ts';
import { stateBadge } from './tone.ts';

/** The runs that a manifest asked for, beside each other. */
export interface SweepSection {
  sentence: string | undefined;
  rows: SweepRow[];
}

export interface SweepRow {
  settings: string;
  runId: string;
  state: SweptRun['state'];
  measured: string;
  cost: string;
  /** What is said of it beside the others; empty of most. */
  mark: string;
}

/** Undefined of a run that is no sweep. */
export function sweepSectionOf({ status: { sweep, message } }: Run): SweepSection | undefined {
  if (sweep === undefined) return undefined;
  const { sentence } = sweep;
  return {
    // The message at the head of the page may have said it.
    sentence: sentence !== undefined && message?.includes(sentence) ? undefined : sentence,
    rows: sweep.runs.map((run) => ({
      settings: settingsText(run.settings),
      runId: run.runId,
      state: run.state,
      measured: measuredText(run),
      cost: sweptCostText(run),
      mark: markOf(run, sweep),
    })),
  };
}

/** The first of several that answer equally well is named as the winner, and is not better than the others. */
function markOf(run: SweptRun, { runs, winner }: SweepStatus): string {
  if (winner === undefined) return '';
  const best = runs.find(({ index }) => index === winner.index)?.answers?.value;
  const equals = best === undefined ? [] : runs.filter(({ answers }) => answers?.value === best);
  if (equals.length > 1) return equals.includes(run) ? 'equally good' : '';
  if (run.index !== winner.index) return '';
  return winner.isSure ? 'best' : 'best, but not for sure';
}

/** `71 % accuracy (62 % to 79 %)`, else the best evaluation of its curve; empty where nothing was measured. */
export function measuredText({ answers, best }: SweptRun): string {
  if (answers === undefined) return best === undefined ? '' : evaluationText(best);
  const { measure, value, low, high } = answers;
  return `${percentText(value)} ${MEASURES[measure].title} (${percentText(low)} to ${percentText(high)})`;
}

/** `7.66 USD`, `6.00 to 7.70 USD expected`, `not known`. */
export function sweptCostText({ usd, paidUsd }: SweptRun): string {
  if (typeof paidUsd === 'number') return `${amountText(paidUsd)} USD`;
  return usd === null ? 'not known' : `${rangeText(usd)} USD expected`;
}

export function renderSweep({ sentence, rows }: SweepSection, inWords: InWords): Html {
  const lines = rows.map(
    ({ settings, runId, state, measured, cost, mark }) =>
      html`<tr><td><bdi>${settings}</bdi>${mark !== '' && ` (${mark})`}</td><td>${state === undefined ? 'deleted' : stateBadge(state)}</td><td>${measured}</td><td>${cost}</td><td class="small">${inWords(runId)}</td></tr>`,
  );
  return html`<section id="sweep">
<h2>Its runs</h2>
${sentence !== undefined && html`<p>${sentence}</p>`}
<div class="scroll"><table><thead><tr><th scope="col">Settings</th><th scope="col">State</th><th scope="col">Measured</th><th scope="col">Cost</th><th scope="col">Run</th></tr></thead><tbody>${lines}</tbody></table></div>
</section>`;
}
