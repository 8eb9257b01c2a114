import { printable } from '../../shared/core/json/printable.ts';
import type { IgnoredUpload } from '../../shared/core/objects/ignored.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';
import { inLocalTimes } from '../command-line/local-time.ts';
import { coloured, ERASE_LINE, type TerminalText } from '../command-line/terminal.ts';
import { issueLines } from './issues.ts';
import { planText } from './plan.ts';
import { progressText } from './progress.ts';

/** `named`: under a line, or beside a name, that says which manifest it is about. */
interface Naming {
  named: boolean;
}

export interface HowFar {
  progress: RunProgress;
  series: readonly MetricSeries[];
}

/** What people see of a run in the terminal; colour only where the terminal has it. */
export interface Screen {
  /** Characters that fit into a line. */
  readonly columns: number;
  write(text: string): void;
  /** One line per change that a person would want to know of. */
  progress(run: Run, naming?: Naming): void;
  /** More lines about a run, under its state. */
  under(run: Run, lines: readonly string[]): void;
  /** How far a running job is: one line that is redrawn in a terminal, elsewhere one at each quarter. */
  steps(run: Run, far: HowFar, naming?: Naming): void;
  /** An upload that starts nothing, and what to do about it. */
  ignored(upload: IgnoredUpload): void;
}

/** Commands have lines of their own. */
const indented = (remedy: string) => remedy.replaceAll('\n', `\n${UNDER_STATE}`);

const COLOURS: Partial<Record<RunState, number>> = {
  SUCCEEDED: 32,
  PLANNED: 32,
  REJECTED: 31,
  FAILED: 31,
  WAITING: 33,
  SKIPPED: 33,
};

export interface ScreenOptions {
  write: (...parts: TerminalText[]) => void;
  colour: boolean;
  /** Characters in a line of a terminal; absent where the text goes into a file or a pipe, in which nothing can be redrawn. */
  columns?: number | undefined;
  /** Whether the runs are of the embedded cloud. */
  isLocal: boolean;
  /** Milliseconds since 1970, as estimates are times of the day. */
  now: () => number;
}

const INDENT = '   ';
/** As wide as the seconds and the state before a message. */
const UNDER_STATE = ' '.repeat(23);
/** What a run enters once its upload is checked. */
const CHECKED: readonly RunState[] = ['VALIDATED', 'PLANNED', 'REJECTED'];
/** Where no terminal says how wide it is. */
const DEFAULT_COLUMNS = 120;

export function createScreen({ write, colour, columns, isLocal, now }: ScreenOptions): Screen {
  const startedAt = new Map<string, number>();
  const shown = new Map<string, string>();
  const checkTold = new Set<string>();
  const quarters = new Map<string, number>();
  let isDrawn = false;
  let lastNamed: string | undefined;
  const paint = (state: RunState): TerminalText[] =>
    colour ? coloured(state.padEnd(10), COLOURS[state] ?? 36) : [state.padEnd(10)];
  const print = (...parts: TerminalText[]) => {
    write(...(isDrawn ? [ERASE_LINE] : []), ...parts);
    isDrawn = false;
  };

  const printUnder = (lines: readonly string[]) => {
    for (const line of lines) print(`${UNDER_STATE}${line}\n`);
  };

  return {
    columns: columns ?? DEFAULT_COLUMNS,
    write: print,
    progress(run, { named } = { named: false }) {
      const { state, reason, message, remedy } = run.status;
      if (shown.get(run.runId) === `${state} ${reason}`) return;
      shown.set(run.runId, `${state} ${reason}`);
      const start = startedAt.get(run.runId) ?? now();
      if (named && lastNamed !== run.runId) print(`\n${run.spec.source.name}\n`);
      lastNamed = run.runId;
      startedAt.set(run.runId, start);
      const seconds = ((now() - start) / 1000).toFixed(2).padStart(7);
      print(`${seconds} s  `, ...paint(state), `  ${inLocalTimes(message)}\n`);
      if (remedy) print(`${UNDER_STATE}To do: ${indented(inLocalTimes(remedy))}\n`);
      if (!CHECKED.includes(state) || checkTold.has(run.runId)) return;
      checkTold.add(run.runId);
      printUnder([...(state === 'REJECTED' ? [] : planText(run, { isLocal })), ...issueLines(run)]);
    },
    under(run, lines) {
      if (lastNamed !== undefined && lastNamed !== run.runId) print(`\n${run.spec.source.name}\n`);
      printUnder(lines);
    },
    ignored({ uri, message, remedy }) {
      lastNamed = undefined;
      const toDo = remedy === '' ? '' : `${UNDER_STATE}To do: ${indented(remedy)}\n`;
      print(`\n${uri}\n${UNDER_STATE}${message}\n${toDo}`);
    },
    steps(run, { progress, series }, { named } = { named: false }) {
      if (!progress.step && progress.epoch === undefined) return;
      const lead = printable(`${INDENT}${named ? `${run.spec.source.name}: ` : ''}`);
      // A terminal goes on to the next line after its last column, and a line of two is not erased.
      const room = columns === undefined ? Number.POSITIVE_INFINITY : columns - 1;
      const text = progressText(progress, series, { nowMs: now(), columns: room - lead.length });
      if (columns !== undefined) {
        write(ERASE_LINE, `${lead}${text}`);
        isDrawn = true;
        return;
      }
      const quarter = Math.floor((progress.percent ?? 0) / 25);
      // That a training is over the next state tells.
      if (quarter > 3 || quarter <= (quarters.get(run.runId) ?? 0)) return;
      quarters.set(run.runId, quarter);
      print(`${lead}${text}\n`);
    },
  };
}
