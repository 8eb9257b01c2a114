import type { IssueCode } from '../../shared/core/issues/catalog.ts';
import { printable } from '../../shared/core/json/printable.ts';
import type { IgnoredUpload } from '../../shared/core/objects/ignored.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import { costText } from '../../shared/core/tuning/cost.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';
import { coloured, ERASE_LINE, type TerminalText } from '../command-line/terminal.ts';
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

/** Of a base model that ends or has ended, in one line, and what to write instead: this cloud tunes it all the same. */
function modelLife({ status }: Run): string[] {
  const told = status.issues?.filter(({ code, severity }) => MODEL_LIFE.has(code) && severity === 'warning');
  return (told ?? []).map(({ found, remedy }) => `Model: ${found}. ${remedy.split('. ')[0]}.`);
}

const MODEL_LIFE: ReadonlySet<string> = new Set<IssueCode>(['model_retired', 'model_retires_soon']);

export interface ScreenOptions {
  write: (...parts: TerminalText[]) => void;
  colour: boolean;
  /** Characters in a line of a terminal; absent where the text goes into a file or a pipe, in which nothing can be redrawn. */
  columns?: number | undefined;
  /** Milliseconds since 1970, as estimates are times of the day. */
  now: () => number;
}

const INDENT = '   ';
/** As wide as the seconds and the state before a message. */
const UNDER_STATE = ' '.repeat(23);
/** What a run enters once its cost is known. */
const PLANNED: readonly RunState[] = ['VALIDATED', 'PLANNED', 'REJECTED'];
/** Where no terminal says how wide it is. */
const DEFAULT_COLUMNS = 100;

export function createScreen({ write, colour, columns, now }: ScreenOptions): Screen {
  const startedAt = new Map<string, number>();
  const shown = new Map<string, string>();
  const costTold = new Set<string>();
  const lifeTold = new Set<string>();
  const quarters = new Map<string, number>();
  let isDrawn = false;
  let lastNamed: string | undefined;
  const paint = (state: RunState): TerminalText[] =>
    colour ? coloured(state.padEnd(10), COLOURS[state] ?? 36) : [state.padEnd(10)];
  const print = (...parts: TerminalText[]) => {
    write(...(isDrawn ? [ERASE_LINE] : []), ...parts);
    isDrawn = false;
  };

  return {
    columns: columns ?? DEFAULT_COLUMNS,
    write: print,
    progress(run, { named } = { named: false }) {
      const { state, reason, message, remedy, cost } = run.status;
      if (shown.get(run.runId) === `${state} ${reason}`) return;
      shown.set(run.runId, `${state} ${reason}`);
      const start = startedAt.get(run.runId) ?? now();
      if (named && lastNamed !== run.runId) print(`\n${run.spec.source.name}\n`);
      lastNamed = run.runId;
      startedAt.set(run.runId, start);
      const seconds = ((now() - start) / 1000).toFixed(2).padStart(7);
      print(`${seconds} s  `, ...paint(state), `  ${message}\n`);
      if (remedy) print(`${UNDER_STATE}To do: ${indented(remedy)}\n`);
      if (cost && PLANNED.includes(state) && !costTold.has(run.runId)) {
        costTold.add(run.runId);
        print(`${UNDER_STATE}Cost on Google Cloud: ${costText(cost)}\n`);
      }
      if (PLANNED.includes(state) && !lifeTold.has(run.runId)) {
        lifeTold.add(run.runId);
        for (const line of modelLife(run)) print(`${UNDER_STATE}${line}\n`);
      }
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
      if (quarter <= (quarters.get(run.runId) ?? 0)) return;
      quarters.set(run.runId, quarter);
      print(`${lead}${text}\n`);
    },
  };
}
