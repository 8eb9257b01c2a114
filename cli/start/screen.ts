import type { Run, RunState } from '../../shared/core/run.ts';

/** What people see of a run in the terminal. Pure text; colour only where the terminal has it. */
export interface Screen {
  write(text: string): void;
  /** One line per change that a person would want to know of; `named`: under a line that says which manifest it is about. */
  progress(run: Run, options?: { named: boolean }): void;
}

const COLOURS: Partial<Record<RunState, number>> = {
  SUCCEEDED: 32,
  PLANNED: 32,
  REJECTED: 31,
  FAILED: 31,
  WAITING: 33,
  SKIPPED: 33,
};

export interface ScreenOptions {
  write: (text: string) => void;
  colour: boolean;
  /** Milliseconds, monotonic. */
  now: () => number;
}

export function createScreen({ write, colour, now }: ScreenOptions): Screen {
  const startedAt = new Map<string, number>();
  const told = new Map<string, string>();
  const paint = (state: RunState) =>
    colour ? `\u001b[${COLOURS[state] ?? 36}m${state.padEnd(10)}\u001b[0m` : state.padEnd(10);

  return {
    write,
    progress(run, { named } = { named: false }) {
      const { state, reason, message } = run.status;
      if (told.get(run.runId) === `${state} ${reason}`) return;
      told.set(run.runId, `${state} ${reason}`);
      const start = startedAt.get(run.runId) ?? now();
      if (named && !startedAt.has(run.runId)) write(`\n${run.spec.source.name}\n`);
      startedAt.set(run.runId, start);
      const seconds = ((now() - start) / 1000).toFixed(2).padStart(7);
      write(`${seconds} s  ${paint(state)}  ${message}\n`);
    },
  };
}

/** The issues of a run as lines: place first, so that an editor can jump there. */
export function issueLines(run: Run): string {
  const { issues = [], issueCount } = run.status;
  const lines = issues.map(({ severity, code, file, line, path, message, remedy }) => {
    const place = [file.split('/').slice(3).join('/') || file, line, path].filter(
      (part) => part !== undefined,
    );
    return `  ${severity.padEnd(7)}  ${place.join(':')}\n           ${message}\n           ${remedy}  [${code}]`;
  });
  const total = Object.values(issueCount ?? {}).reduce((sum, count) => sum + count, 0);
  const more =
    total > issues.length ? [`  … and ${total - issues.length} more in ${run.status.issuesFile}`] : [];
  return [...lines, ...more].join('\n');
}
