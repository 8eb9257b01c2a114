import { bestEvaluation, type MetricSeries } from '../metrics.ts';
import { isTerminal, type Run, type RunState } from '../run.ts';
import { evaluationText } from './curves.ts';
import { type Fact, factList } from './facts.ts';
import { type Html, html } from './html.ts';
import { type ProgressView, progressOf, renderProgress } from './progress.ts';
import { formatDuration, formatTime, millisecondsBetween } from './text.ts';
import { stateBadge, toneOf } from './tone.ts';

export interface HeadlineView {
  name: string;
  state: RunState;
  message: string;
  remedy?: string | undefined;
  progress?: ProgressView | undefined;
  facts: Fact[];
}

/** What a reader wants to know first. */
export function headlineOf(run: Run, series: readonly MetricSeries[]): HeadlineView {
  const { status } = run;
  return {
    name: nameOf(run),
    state: status.state,
    message: status.message,
    remedy: status.remedy,
    progress: progressOf(run, series),
    facts: [...modelFacts(run), ...timeFacts(run), ...evaluationFacts(series)],
  };
}

/** The tuned model's name; before there is a plan, the folder of the manifest. */
export function nameOf({ spec }: Pick<Run, 'spec'>): string {
  const folder = spec.source.name.split('/').slice(0, -1).join('/');
  return spec.plan?.modelDisplayName ?? spec.manifest?.model_display_name ?? (folder || spec.source.name);
}

function modelFacts({ spec }: Run): Fact[] {
  const baseModel = spec.plan?.baseModel ?? spec.manifest?.base_model;
  return baseModel === undefined ? [] : [{ name: 'Base model', value: baseModel }];
}

function timeFacts({ status }: Run): Fact[] {
  const isOver = isTerminal(status.state);
  const until = isOver ? (status.endTime ?? status.updateTime) : status.updateTime;
  const took = millisecondsBetween(status.createTime, until);
  return [
    { name: 'Created', value: formatTime(status.createTime) },
    { name: isOver ? 'Ended' : 'Last change', value: formatTime(until) },
    ...(took === undefined ? [] : [{ name: isOver ? 'Took' : 'Until then', value: formatDuration(took) }]),
  ];
}

function evaluationFacts(series: readonly MetricSeries[]): Fact[] {
  const best = bestEvaluation(series);
  return best === undefined ? [] : [{ name: 'Best evaluation', value: evaluationText(best) }];
}

export function renderHeadline({ name, state, message, remedy, progress, facts }: HeadlineView): Html {
  return html`<header>
${stateBadge(state)}
<h1><bdi>${name}</bdi></h1>
<p class="lead">${message}</p>
${remedy !== undefined && html`<div class="remedy ${toneOf(state)}"><strong>What to do</strong><p>${remedy}</p></div>`}
${progress && html`<div class="far">${renderProgress(progress)}</div>`}
${factList(facts)}
</header>`;
}
