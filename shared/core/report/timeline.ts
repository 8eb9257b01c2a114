import type { HistoryEntry, Run } from '../run/run.ts';
import { RUN_STATES, type RunState } from '../run/states.ts';
import { type Html, html } from './html.ts';
import type { InWords } from './run-links.ts';
import { formatDuration, millisecondsBetween } from './text.ts';
import { timeOf } from './time.ts';
import { stateBadge } from './tone.ts';

export interface TimelineEntry {
  time: string;
  state: RunState;
  text: string;
  /** Since the entry before. */
  afterMs?: number | undefined;
}

/** Through which states a run went: from its history, or in old documents from the times in its document. */
export function timelineOf(run: Run): TimelineEntry[] {
  const history = run.status.history;
  const entries = (history.length > 0 ? fromHistory(history) : fromTimes(run)).toSorted(
    (a, b) => Date.parse(a.time) - Date.parse(b.time),
  );
  return entries.map((entry, index) => ({
    ...entry,
    afterMs: millisecondsBetween(entries[index - 1]?.time, entry.time),
  }));
}

function fromHistory(history: readonly HistoryEntry[]): TimelineEntry[] {
  return history.map(({ time, to, message }) => ({ time, state: to, text: message }));
}

/** The present state comes last, with its own words. */
function fromTimes({ status }: Run): TimelineEntry[] {
  const times: [RunState, string | undefined][] = [
    ['RECEIVED', status.createTime],
    ['VALIDATED', status.validateTime],
    ['SUBMITTED', status.submitTime],
    ['RUNNING', status.startTime],
    [status.state, status.endTime],
  ];
  return times.flatMap(([state, time]) =>
    time === undefined ? [] : [{ time, state, text: meaningOf(state) }],
  );
}

function meaningOf(state: RunState): string {
  return RUN_STATES[state]?.meaning ?? '';
}

export function renderTimeline(entries: readonly TimelineEntry[], inWords: InWords): Html {
  const rows = entries.map(
    ({ time, state, text, afterMs }) =>
      html`<tr><td class="time">${timeOf(time)}</td><td class="time number">${afterMs !== undefined && `+ ${formatDuration(afterMs)}`}</td><td>${stateBadge(state)}</td><td>${inWords(text)}</td></tr>`,
  );
  return html`<section id="timeline">
<h2>What happened when</h2>
<div class="scroll"><table class="stack"><thead><tr><th scope="col">Time</th><th class="number" scope="col">After</th><th scope="col">State</th><th scope="col">What it means</th></tr></thead><tbody>${rows}</tbody></table></div>
</section>`;
}
