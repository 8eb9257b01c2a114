import { costsInShort } from '../../../shared/core/evaluation/in-short.ts';
import { MEASURES } from '../../../shared/core/evaluation/measures.ts';
import { formatCount } from '../../../shared/core/issues/numbers.ts';
import {
  bestOf,
  drawableSeries,
  evaluationText,
  trainingLossOf,
} from '../../../shared/core/report/curves.ts';
import { expectedDurationText, nameOf } from '../../../shared/core/report/headline.ts';
import { type Html, html } from '../../../shared/core/report/html.ts';
import { type PageOptions, pageOf } from '../../../shared/core/report/page.ts';
import { progressViewOf, renderProgress } from '../../../shared/core/report/progress.ts';
import { withShortRunLinks } from '../../../shared/core/report/run-links.ts';
import { sparkline } from '../../../shared/core/report/sparkline.ts';
import {
  formatDuration,
  formatPercent,
  millisecondsBetween,
  shorten,
} from '../../../shared/core/report/text.ts';
import { timeOf } from '../../../shared/core/report/time.ts';
import { stateBadge } from '../../../shared/core/report/tone.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import { RUN_STATES } from '../../../shared/core/run/states.ts';
import type { MetricSeries } from '../../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../../shared/core/tuning/run-progress.ts';
import { listAddress, ROWS_ON_PAGE, type RunListQuery } from './query.ts';

/** A run with its curves and how far it is, as one row of the list. */
export interface ListedRun {
  run: Run;
  series: readonly MetricSeries[];
  progress: RunProgress | undefined;
}

interface ListOptions {
  query: RunListQuery;
  /** How many runs fit the query, on all pages. */
  total: number;
  frame: Pick<PageOptions, 'head' | 'nav'>;
}

/** The page that lists the runs, the newest first. */
export function renderRunList(listed: readonly ListedRun[], { frame, ...options }: ListOptions): string {
  // Beside the part that is drawn anew at each change, so that nobody's typing is lost.
  const nav = html`${frame.nav}${searchForm(options.query)}`;
  return pageOf({ title: 'tunedrop: runs', main: listMain(listed, options), ...frame, nav });
}

function listMain(listed: readonly ListedRun[], { query, total }: Omit<ListOptions, 'frame'>): Html {
  return html`<header><h1>Runs</h1></header>
${
  listed.length === 0
    ? noRun(query)
    : html`<div class="scroll"><table class="runs stack"><thead><tr>${HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${listed.map(row)}</tbody></table></div>`
}
${total > ROWS_ON_PAGE && pages(query, total)}`;
}

const HEADS = ['State', 'Run', 'Progress', 'Best', 'Took', 'Cost', 'Last change'] as const;

function searchForm({ text, state }: RunListQuery): Html {
  const choices = Object.keys(RUN_STATES).map(
    (one) => html`<option${one === state && html` selected`}>${one}</option>`,
  );
  return html`<form class="search small" action="/" role="search"><label>Search <input type="search" name="q" value="${text}" placeholder="name, path, model"></label> <label>State <select name="state"><option value="">all</option>${choices}</select></label> <button>Show</button></form>`;
}

function noRun({ text, state, page }: RunListQuery): Html {
  return text === '' && state === undefined && page === 1
    ? html`<p>No run yet. Drop a folder with a tune.json into the inbox, and it is here.</p>`
    : html`<p>No run is like that. <a href="/">All runs</a></p>`;
}

function pages(query: RunListQuery, total: number): Html {
  const last = Math.ceil(total / ROWS_ON_PAGE);
  const to = (page: number, words: string) =>
    page >= 1 && page <= last && html` <a href="${listAddress({ ...query, page })}">${words}</a>`;
  return html`<p class="small">Page ${query.page} of ${last}, ${formatCount(total)} runs.${to(query.page - 1, 'Newer')}${to(query.page + 1, 'Older')}</p>`;
}

/** Longer messages stand on the run's own page. */
const MOST_CHARACTERS = 140;

/** Names of Vertex AI’s resources without what all of them begin with. */
const inShort = (message: string) => message.replace(/projects\/[^/\s]+\/locations\/[^/\s]+\//g, '');

const small = (text: string) =>
  html`<span class="small">${withShortRunLinks(shorten(inShort(text), MOST_CHARACTERS))}</span>`;

function row(listed: ListedRun): Html {
  const { status, spec, runId } = listed.run;
  const model = spec.plan?.baseModel ?? spec.manifest?.base_model;
  const cells = { Best: best(listed), Took: took(listed.run), Cost: costOf(status) };
  const more = Object.entries(cells).map(
    ([name, value]) =>
      html`<td class="small"${value !== undefined && html` data-label="${name}"`}>${value}</td>`,
  );
  return html`<tr><td>${stateBadge(status.state)}</td><td><a href="/runs/${runId}"><bdi>${nameOf(listed.run)}</bdi></a><br><bdi class="soft small">${spec.source.name}</bdi>${model && html`<br><bdi class="soft small">${model}</bdi>`}</td><td>${happening(listed)}</td>${more}<td class="time small" data-label="Last change">${timeOf(status.updateTime)}</td></tr>`;
}

const costOf = ({ cost, evaluation }: Run['status']) => cost && costsInShort(cost, evaluation);

/** How far it is or what became of it, its first error, and what there is to do. */
function happening({ run, progress: latest, series }: ListedRun): Html {
  const { status } = run;
  const progress = progressViewOf(run, latest);
  const expected = status.expectedDuration && expectedDurationText(run);
  const error = status.issues?.find(({ severity }) => severity === 'error')?.message ?? status.job?.error;
  const parts = [
    progress ? renderProgress(progress) : small(status.message),
    error !== undefined && html`<br>${small(error)}`,
    status.remedy !== undefined && html`<br><strong class="small">To do:</strong> ${small(status.remedy)}`,
    expected !== undefined && html`<br><span class="soft small">Expected: ${expected}</span>`,
    sparkline(trainingLossOf(series), 'Training loss'),
  ];
  return html`${parts}`;
}

/** What the evaluation has shown; without one the best step of the training. */
function best({ run, series }: ListedRun): string | undefined {
  const { measure, tuned, base } = run.status.evaluation ?? {};
  if (measure && tuned) {
    const beside = base ? `, base ${formatPercent(base.value)}` : '';
    return `${formatPercent(tuned.value)} ${MEASURES[measure].title}${beside}`;
  }
  const found = bestOf(run, drawableSeries(series));
  return found && evaluationText(found);
}

/** Until its end, or so far. */
function took({ status: { createTime, endTime, updateTime } }: Run): string | undefined {
  const ms = millisecondsBetween(createTime, endTime ?? updateTime);
  return ms === undefined ? undefined : formatDuration(ms);
}
