import { formatCount } from '../../../shared/core/issues/numbers.ts';
import { trainingLossOf } from '../../../shared/core/report/curves.ts';
import { expectedDurationText, nameOf } from '../../../shared/core/report/headline.ts';
import { type Html, html } from '../../../shared/core/report/html.ts';
import { type PageOptions, pageOf } from '../../../shared/core/report/page.ts';
import { progressViewOf, renderProgress } from '../../../shared/core/report/progress.ts';
import { sparkline } from '../../../shared/core/report/sparkline.ts';
import { formatTime, shorten } from '../../../shared/core/report/text.ts';
import { stateBadge } from '../../../shared/core/report/tone.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import { costInShort } from '../../../shared/core/tuning/cost-words.ts';
import type { MetricSeries } from '../../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../../shared/core/tuning/run-progress.ts';

/** A run with its curves and how far it is, as one row of the list. */
export interface ListedRun {
  run: Run;
  series: readonly MetricSeries[];
  progress: RunProgress | undefined;
}

/** More rows than that would make each refresh slow, and nobody reads them. */
export const MOST_LISTED = 50;

/** The page that lists the runs, the newest first. `total` counts those that are not listed too. */
export function renderRunList(
  listed: readonly ListedRun[],
  { total, frame }: { total: number; frame: Pick<PageOptions, 'head' | 'nav'> },
): string {
  return pageOf({ title: 'tunedrop: runs', main: listMain(listed, total), ...frame });
}

function listMain(listed: readonly ListedRun[], total: number): Html {
  const count = listed.length < total ? `The newest ${listed.length} of ${formatCount(total)} runs.` : '';
  return html`<header><h1>Runs</h1><p class="soft">${count}</p></header>
${
  listed.length === 0
    ? html`<p>No run yet. Drop a folder with a tune.json into the inbox, and it is here.</p>`
    : html`<div class="scroll"><table class="runs stack"><thead><tr>${HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${listed.map(row)}</tbody></table></div>`
}`;
}

const HEADS = ['State', 'Run', 'Progress', 'Loss', 'Cost', 'Last change'] as const;

/** Longer messages stand on the run's own page. */
const MOST_CHARACTERS = 140;

/** Names of Vertex AI’s resources without what all of them begin with. */
const inShort = (message: string) => message.replace(/projects\/[^/\s]+\/locations\/[^/\s]+\//g, '');

function row({ run, series, progress: latest }: ListedRun): Html {
  const { status, spec, runId } = run;
  const progress = progressViewOf(run, latest);
  const loss = trainingLossOf(series);
  const expected = status.expectedDuration && expectedDurationText(run);
  return html`<tr><td>${stateBadge(status.state)}</td><td><a href="/runs/${runId}"><bdi>${nameOf(run)}</bdi></a><br><bdi class="soft small">${spec.source.name}</bdi></td><td>${progress ? renderProgress(progress) : html`<span class="small">${shorten(inShort(status.message), MOST_CHARACTERS)}</span>`}${status.remedy && html`<br><span class="small"><strong>To do:</strong> ${shorten(inShort(status.remedy), MOST_CHARACTERS)}</span>`}${expected && html`<br><span class="soft small">Expected: ${expected}</span>`}</td><td data-label="Loss">${sparkline(loss, 'Training loss') ?? html`<span class="soft">–</span>`}</td><td class="small" data-label="Cost">${status.cost ? costInShort(status.cost) : html`<span class="soft">–</span>`}</td><td class="time small" data-label="Last change">${formatTime(status.updateTime)}</td></tr>`;
}
