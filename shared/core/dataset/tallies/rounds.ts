/** Counts dialogues that have more than one round, where marks that are words tell where a turn begins. */
import type { FileProgress } from '../lines/progress.ts';
import type { Reporter } from '../lines/reporter.ts';

export interface RoundsTally {
  /** Counts the dialogue that is read. */
  add(rounds: number): void;
  /** Tells of those with several, where they are so few that they may quote the marks. */
  reportAll(report: Reporter): void;
}

/** Ours: of fewer dialogues, or of more that have several rounds, nobody can say that these are odd. */
const [LEAST_DIALOGUES, MOST_ODD] = [20, 0.05];

/** Makes the tally of one file. */
export function createRoundsTally(progress: FileProgress): RoundsTally {
  let dialogues = 0;
  let several = 0;
  let first: { firstLine: number; firstRecord?: number | undefined } = { firstLine: 0 };
  return {
    add(rounds) {
      dialogues += 1;
      if (rounds < 2) return;
      if (several === 0) first = { firstLine: progress.line, firstRecord: progress.record || undefined };
      several += 1;
    },
    reportAll(report) {
      if (several === 0 || dialogues < LEAST_DIALOGUES || several > dialogues * MOST_ODD) return;
      report('dialogue_rounds_rare', { several, dialogues, ...first }, { line: first.firstLine });
    },
  };
}
