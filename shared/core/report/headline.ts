import { costsInShort } from '../evaluation/in-short.ts';
import { settingsText } from '../manifest/sweep.ts';
import { runIdOf } from '../run/ids.ts';
import type { Run } from '../run/run.ts';
import { isTerminal, type RunState } from '../run/states.ts';
import { type ExpectedDuration, jobSizeOf } from '../tuning/duration.ts';
import type { MetricSeries } from '../tuning/metrics.ts';
import type { RunProgress } from '../tuning/run-progress.ts';
import { turnText } from '../tuning/turn.ts';
import { bestOf, evaluationText } from './curves.ts';
import { type Fact, factList } from './facts.ts';
import { type Html, html } from './html.ts';
import { type ProgressView, progressViewOf, renderProgress } from './progress.ts';
import type { InWords } from './run-links.ts';
import { formatDuration, formatTime, millisecondsBetween, plural } from './text.ts';
import { timeOf } from './time.ts';
import { stateBadge, toneOf } from './tone.ts';

export interface HeadlineView {
  name: string;
  state: RunState;
  message: string;
  /** Whether the tuned model is better than its base, once that is known. */
  better?: string | undefined;
  remedy?: string | undefined;
  progress?: ProgressView | undefined;
  facts: Fact[];
}

/** What a reader wants to know first. */
export function headlineOf(
  run: Run,
  { series, progress }: { series: readonly MetricSeries[]; progress?: RunProgress | undefined },
): HeadlineView {
  const { status } = run;
  return {
    name: nameOf(run),
    state: status.state,
    message: `${status.message}${askerOf(run)}${sweepOf(run)}`,
    better: betterOf(status),
    remedy: status.remedy,
    progress: progressViewOf(run, progress),
    facts: [
      ...modelFacts(run),
      ...costFacts(run),
      ...timeFacts(run),
      ...turnFacts(run),
      ...expectedFacts(run),
      ...(status.evaluation?.sentence === undefined ? evaluationFacts(run, series) : []),
    ],
  };
}

/** What was measured of the answers, then what a judge says of them. */
function betterOf({ evaluation }: Run['status']): string | undefined {
  return [evaluation?.sentence, evaluation?.judge?.sentence].filter(Boolean).join(' ') || undefined;
}

/** The upload that asked for the end of a run, where one did: its run has a page. */
function askerOf({ spec: { source }, status: { cancelRequested } }: Run): string {
  if (cancelRequested === undefined || cancelRequested.limit !== undefined) return '';
  const runId = runIdOf({ ...source, generation: cancelRequested.by });
  return ` The cancel was asked for by run ${runId}.`;
}

/** The sweep that a run belongs to: the run of its manifest has a page. */
function sweepOf({ spec: { sweepOf: of } }: Run): string {
  if (of === undefined) return '';
  return ` It is number ${of.index} (${settingsText(of.settings)}) of the sweep of run ${of.parent.slice('runs/'.length)}.`;
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

function costFacts({ status: { cost, evaluation } }: Run): Fact[] {
  return cost === undefined ? [] : [{ name: 'Cost', value: costsInShort(cost, evaluation) }];
}

function timeFacts({ status }: Run): Fact[] {
  const isOver = isTerminal(status.state);
  const until = isOver ? (status.endTime ?? status.updateTime) : status.updateTime;
  const took = millisecondsBetween(status.createTime, until);
  return [
    { name: 'Created', value: timeOf(status.createTime) },
    { name: isOver ? 'Ended' : 'Last change', value: timeOf(until) },
    ...(took === undefined ? [] : [{ name: isOver ? 'Took' : 'Until then', value: formatDuration(took) }]),
  ];
}

/** How many runs stand before one that waits for a place, and when its turn is. */
function turnFacts({ status: { queue } }: Run): Fact[] {
  if (queue?.turn === undefined) return [];
  const before = queue.place === 1 ? 'no run' : plural(queue.place - 1, 'run');
  return [{ name: 'Its turn', value: `${before} before it; ${turnText(queue.turn, formatTime)}` }];
}

function expectedFacts(run: Run): Fact[] {
  const value = expectedDurationText(run);
  return value === undefined ? [] : [{ name: 'Expected of the job', value }];
}

/** How long its job is expected to take, from its plan on until it ends; of a dry run, which has no job, how long one would take. */
export function expectedDurationText({ status, spec: { plan } }: Pick<Run, 'status' | 'spec'>) {
  const isPlanned = status.state === 'PLANNED' || !isTerminal(status.state);
  if (plan === undefined || !isPlanned) return undefined;
  if (status.expectedDuration) return expectedText(status.expectedDuration);
  return jobSizeOf(plan, status.datasets)
    ? 'unknown: fewer than 3 jobs like it are known'
    : 'unknown: nobody counted its data';
}

function expectedText({ seconds, runs }: ExpectedDuration): string {
  const [low, high] = [seconds.low, seconds.high].map((one) => formatDuration(one * 1000));
  return `${low === high ? low : `${low} to ${high}`}, as ${runs} jobs like it took`;
}

function evaluationFacts(run: Run, series: readonly MetricSeries[]): Fact[] {
  const best = bestOf(run, series);
  return best === undefined ? [] : [{ name: 'Best evaluation', value: evaluationText(best) }];
}

export function renderHeadline(
  { name, state, message, better, remedy, progress, facts }: HeadlineView,
  inWords: InWords,
): Html {
  return html`<header>
${stateBadge(state)}
<h1><bdi>${name}</bdi></h1>
${better !== undefined && html`<p class="better">${better}</p>`}
<p class="lead">${inWords(message)}</p>
${remedy !== undefined && html`<div class="remedy ${toneOf(state)}"><strong>What to do</strong>${remedyParts(remedy)}</div>`}
${progress && html`<div class="far">${renderProgress(progress)}</div>`}
${factList(facts)}
</header>`;
}

/** Commands stand apart from the sentences around them, as they have to be copied. */
function remedyParts(remedy: string): Html[] {
  const parts: { isCommand: boolean; lines: string[] }[] = [];
  for (const line of remedy.split('\n')) {
    const isCommand = /^(?:gcloud|curl) /.test(line);
    const last = parts.at(-1);
    if (last?.isCommand === isCommand) last.lines.push(line);
    else parts.push({ isCommand, lines: [line] });
  }
  return parts.map(({ isCommand, lines }) =>
    isCommand ? html`<pre>${lines.join('\n')}</pre>` : html`<p>${lines.join('\n')}</p>`,
  );
}
