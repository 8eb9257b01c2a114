import type { Scored } from '../evaluation/answers.ts';
import type { Run } from '../run/run.ts';
import type { MetricSeries } from '../tuning/metrics.ts';
import type { RunProgress } from '../tuning/run-progress.ts';
import { renderAsked } from './asked.ts';
import { renderCost } from './cost.ts';
import { renderCurves } from './curves.ts';
import { renderData } from './data.ts';
import { renderEarlier } from './earlier.ts';
import { renderEvaluation } from './evaluation.ts';
import { renderHeadline } from './headline.ts';
import { type Html, html } from './html.ts';
import { renderOutcome } from './outcome.ts';
import { type PageOptions, pageOf } from './page.ts';
import { renderProblems } from './problems.ts';
import { type InWords, plainText } from './run-links.ts';
import { renderSweep } from './sweep.ts';
import { renderTimeline } from './timeline.ts';
import { type ReportView, reportViewOf } from './view.ts';

export interface ReportInput {
  run: Run;
  /** The whole curves; empty where there are none. */
  series: readonly MetricSeries[];
  /** How far the job is, while it runs. */
  progress?: RunProgress | undefined;
  /** What its model answered to the evaluation data; empty where that is not shown. */
  answers?: readonly Scored[] | undefined;
  /** Other runs, among them the earlier ones of the same manifest. */
  earlier?: readonly Run[] | undefined;
  /** Where an earlier run is set beside this one, by its id; a file has no such place. */
  compareWith?: ((runId: string) => string) | undefined;
  /** What a server adds to the page; a file has none of it. */
  frame?: Pick<PageOptions, 'head' | 'nav'>;
  /** How the texts of the run are shown: with links to other runs where there are pages of them. */
  inWords?: InWords;
}

/** The report of a run as one HTML file that asks nobody for anything. The same text for the same run. */
export function renderReport({
  run,
  series,
  frame,
  inWords = plainText,
  compareWith,
  ...more
}: ReportInput): string {
  const view = reportViewOf(run, series, more);
  const { name, state } = view.headline;
  return pageOf({ title: `${name}: ${state}`, main: mainOf(view, { inWords, compareWith }), ...frame });
}

/** What went wrong stands first; else how it went and what came of it, then what it was made from. */
function mainOf(
  view: ReportView,
  { inWords, compareWith }: Pick<ReportInput, 'compareWith'> & { inWords: InWords },
): Html {
  const { problems, source, evaluation, sweep, earlier } = view;
  const issues = problems && renderProblems(problems);
  const isRefused = view.headline.state === 'REJECTED';
  return html`${renderHeadline(view.headline, inWords)}
${isRefused && issues}
${sweep && renderSweep(sweep, inWords)}
${!isRefused && evaluation && renderEvaluation(evaluation)}
${!isRefused && [sweep === undefined && renderCurves(view.curves), renderOutcome(view.outcome), ...(issues ? [issues] : [])]}
${renderData(view.data)}
${view.cost && renderCost(view.cost)}
${view.asked.rows.length > 0 && renderAsked(view.asked)}
${isRefused && [renderCurves(view.curves), renderOutcome(view.outcome)]}
${renderTimeline(view.timeline, inWords)}
${earlier.length > 0 && renderEarlier({ runs: earlier, compareWith })}
<footer class="soft small"><p>Run <code>${source.runId}</code>, made from <code>${source.manifestUri}</code>, generation ${source.generation}. Every number stands in the run document or was measured by the job; estimates say so.</p></footer>`;
}
