import { MEASURES } from '../evaluation/measures.ts';
import { percentText } from '../evaluation/sentence.ts';
import { settingsText } from '../manifest/sweep.ts';
import type { Run } from '../run/run.ts';
import type { SweptRun } from '../run/sweep-status.ts';
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
  isWinner: boolean;
}

/** Undefined of a run that is no sweep. */
export function sweepSectionOf({ status: { sweep } }: Run): SweepSection | undefined {
  if (sweep === undefined) return undefined;
  return {
    sentence: sweep.sentence,
    rows: sweep.runs.map((run) => ({
      settings: settingsText(run.settings),
      runId: run.runId,
      state: run.state,
      measured: measuredText(run),
      cost: sweptCostText(run),
      isWinner: run.index === sweep.winner?.index,
    })),
  };
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
    ({ settings, runId, state, measured, cost, isWinner }) =>
      html`<tr><td><bdi>${settings}</bdi>${isWinner && ' (best)'}</td><td>${state === undefined ? 'deleted' : stateBadge(state)}</td><td>${measured}</td><td>${cost}</td><td class="small">${inWords(runId)}</td></tr>`,
  );
  return html`<section id="sweep">
<h2>Its runs</h2>
${sentence !== undefined && html`<p>${sentence}</p>`}
<div class="scroll"><table><thead><tr><th scope="col">Settings</th><th scope="col">State</th><th scope="col">Measured</th><th scope="col">Cost</th><th scope="col">Run</th></tr></thead><tbody>${lines}</tbody></table></div>
</section>`;
}
