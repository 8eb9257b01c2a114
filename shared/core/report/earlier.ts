import type { EarlierRun } from '../comparison/earlier-runs.ts';
import { dollarsText } from '../issues/numbers.ts';
import { type Html, html } from './html.ts';
import { formatPercent, formatValue, plural, shorten } from './text.ts';
import { timeOf } from './time.ts';
import { stateBadge } from './tone.ts';

/** The earlier runs of the same manifest, at the foot of a report. */
export interface EarlierView {
  runs: readonly EarlierRun[];
  /** Where a page sets one of them beside this run; a file has no other pages. */
  compareWith?: ((runId: string) => string) | undefined;
}

/** More settings than these are told by their number. */
const MOST_SETTINGS = 4;
/** A setting may be a whole instruction. */
const MOST_CHARACTERS = 40;

export function renderEarlier({ runs, compareWith }: EarlierView): Html {
  const rows = runs.map(
    (run) =>
      html`<tr><td>${nameOfRun(run, compareWith)}</td><td class="time">${timeOf(run.createTime)}</td><td>${stateBadge(run.state)}</td><td>${differencesOf(run)}</td><td>${measureText(run)}</td><td class="time">${costText(run)}</td></tr>`,
  );
  return html`<section id="earlier">
<h2>The earlier runs of this manifest</h2>
<div class="scroll"><table class="stack"><thead><tr><th scope="col">Run</th><th scope="col">Created</th><th scope="col">State</th><th scope="col">What was different then</th><th scope="col">Measured, and here</th><th scope="col">Cost, and here</th></tr></thead><tbody>${rows}</tbody></table></div>
</section>`;
}

/** As much of its id as tells runs apart. */
function nameOfRun({ runId }: EarlierRun, compareWith: EarlierView['compareWith']): Html {
  const short = html`<code>${runId.slice(0, 10)}</code>`;
  return compareWith ? html`<a href="${compareWith(runId)}">${short}</a>` : short;
}

function differencesOf({ settings, otherData }: EarlierRun): string {
  const named = settings
    .slice(0, MOST_SETTINGS)
    .map(({ name, before }) => `${name} ${shorten(String(before ?? 'unset'), MOST_CHARACTERS)}`);
  const more = settings.length - named.length;
  const data = otherData.map((key) => `other ${key}`);
  const all = [...named, ...(more > 0 ? [plural(more, 'more setting')] : []), ...data];
  return all.length === 0 ? 'nothing' : all.join(', ');
}

function measureText({ measure }: EarlierRun): string {
  if (measure === undefined) return '–';
  const { name, before, after, isShare } = measure;
  const shown = (value: number | undefined) => {
    if (value === undefined) return '–';
    return isShare ? formatPercent(value) : formatValue(value);
  };
  return `${name}: ${shown(before)}, here ${shown(after)}`;
}

function costText({ usd: { before, after } }: EarlierRun): string {
  if (before === undefined) return '–';
  const there = `${dollarsText(before)} USD`;
  if (after === undefined) return there;
  const more = after - before;
  if (Math.abs(more) < 0.005) return `${there}, here the same`;
  return `${there}, here ${dollarsText(Math.abs(more))} ${more > 0 ? 'more' : 'less'}`;
}
