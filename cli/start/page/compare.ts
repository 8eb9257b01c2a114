import {
  type ComparedFile,
  type ComparedRuns,
  spansOf,
} from '../../../shared/core/comparison/compared-runs.ts';
import { formatCount } from '../../../shared/core/issues/numbers.ts';
import { lineChart } from '../../../shared/core/report/chart.ts';
import { comparedCharts } from '../../../shared/core/report/compared-curves.ts';
import { nameOf } from '../../../shared/core/report/headline.ts';
import { type Html, html } from '../../../shared/core/report/html.ts';
import { type PageOptions, pageOf } from '../../../shared/core/report/page.ts';
import { formatPercent, formatValue, plural, shorten } from '../../../shared/core/report/text.ts';
import { timeOf } from '../../../shared/core/report/time.ts';
import { stateBadge } from '../../../shared/core/report/tone.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import type { MetricSeries } from '../../../shared/core/tuning/metrics.ts';

export interface ComparedPage {
  compared: ComparedRuns;
  /** The curves of either. */
  series: Record<'before' | 'after', readonly MetricSeries[]>;
  /** Runs that might be set beside the later one, too. */
  others: readonly Run[];
  frame: Pick<PageOptions, 'head' | 'nav'>;
}

/** Where two runs are set side by side. */
export const comparePath = (before: string, after: string): string => `/runs/${before}/compare/${after}`;

/** Two runs side by side: settings, data line by line, measures, curves over each other. */
export function renderComparison({ compared, series, others, frame }: ComparedPage): string {
  const { before, after, settings, files, measures } = compared;
  const charts = comparedCharts(series.before, series.after);
  const main = html`<header><h1>Two runs side by side</h1></header>
${table(['', 'Run', 'State', 'Created'], [runRow('Before', before), runRow('After', after)])}
<section><h2>Settings</h2>
${
  settings.length === 0
    ? html`<p>The same.</p>`
    : table(
        ['Setting', 'Before', 'After'],
        settings.map(({ name, ...values }) => [
          html`<code>${name}</code>`,
          settingText(values.before),
          settingText(values.after),
        ]),
      )
}
</section>
<section><h2>Data</h2>
${files.length === 0 ? html`<p>No file.</p>` : table(['File', 'Before', 'After', 'Lines'], files.map(fileRow))}
</section>
<section><h2>Measures</h2>
${measures.length === 0 ? html`<p>Nothing was measured of either.</p>` : table(['Measure', 'Before', 'After', 'Difference'], measures.map(measureRow))}
</section>
<section><h2>Curves</h2>
${charts.length === 0 ? html`<p>Neither has any.</p>` : html`<div class="charts">${charts.map((chart) => html`<figure><figcaption>${chart.title}</figcaption>${lineChart(chart)}</figure>`)}</div>`}
</section>
${others.length > 0 && otherRuns(others, after)}`;
  return pageOf({ title: `${nameOf(after)}: compared`, main, ...frame });
}

function table(heads: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html {
  return html`<div class="scroll"><table class="stack"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map((cells) => html`<tr>${cells.map((cell, place) => html`<td data-label="${heads[place]}">${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

function runRow(which: string, run: Run): (string | Html)[] {
  const { runId, status, spec } = run;
  const name = html`<a href="/runs/${runId}"><bdi>${nameOf(run)}</bdi></a> <code>${runId.slice(0, 10)}</code> <bdi class="soft small">${spec.source.name}</bdi>`;
  return [which, name, stateBadge(status.state), timeOf(status.createTime)];
}

/** A setting may be a whole instruction. */
const MOST_CHARACTERS = 200;

const settingText = (value: unknown) => shorten(String(value ?? '–'), MOST_CHARACTERS);

function fileRow({ key, before, after, isSame, ...lines }: ComparedFile): (string | Html)[] {
  const examples = (file: typeof before) => (file ? plural(file.examples ?? 0, 'example') : '–');
  return [
    html`<code>${key}</code>`,
    examples(before),
    examples(after),
    isSame ? 'the same bytes' : linesText(lines),
  ];
}

function linesText({ rows, notCompared }: Pick<ComparedFile, 'rows' | 'notCompared'>): string | Html {
  if (!rows) return notCompared === undefined ? '–' : `not compared: ${notCompared}`;
  const { added, removed, changed } = rows;
  const parts: [string, string[]][] = [
    [`${formatCount(added.length)} added`, spansOf(added)],
    [`${formatCount(removed.length)} removed, as lines of the earlier file`, spansOf(removed)],
    [
      `${formatCount(changed.length)} changed: the same input, another answer`,
      spansOf(changed.map(({ after }) => after)),
    ],
  ];
  return html`${parts.map(([what, spans]) => html`<div>${what}${spans.length > 0 && html` <span class="soft small">(${spanText(spans)})</span>`}</div>`)}`;
}

/** More spans of lines are told by their number. */
const MOST_SPANS = 30;

function spanText(spans: readonly string[]): string {
  const more = spans.length - MOST_SPANS;
  return [...spans.slice(0, MOST_SPANS), ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join(', ');
}

function measureRow({ name, before, after, isShare }: ComparedRuns['measures'][number]): string[] {
  const shown = (value: number | undefined) => {
    if (value === undefined) return '–';
    return isShare ? formatPercent(value) : formatValue(value);
  };
  const difference = before === undefined || after === undefined ? undefined : after - before;
  const sign = difference !== undefined && difference > 0 ? '+' : '';
  return [name, shown(before), shown(after), `${sign}${shown(difference)}`];
}

function otherRuns(others: readonly Run[], after: Run): Html {
  const links = others.map(
    (other) =>
      html`<li><a href="${comparePath(other.runId, after.runId)}"><bdi>${nameOf(other)}</bdi></a> <code>${other.runId.slice(0, 10)}</code> ${stateBadge(other.status.state)} <span class="soft small">${timeOf(other.status.createTime)}</span></li>`,
  );
  return html`<section><h2>Beside another run</h2><ul>${links}</ul></section>`;
}
