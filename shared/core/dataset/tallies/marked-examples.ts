/** Counts the examples that have something of which a person should know, for one sentence about all of them. */
import type { FirstPlace } from '../../issues/dataset-words.ts';
import type { FileProgress } from '../lines/progress.ts';
import type { Reporter } from '../lines/reporter.ts';

export interface MarkedExamples {
  /** Counts the example that is read. */
  add(): void;
  reportAll(report: Reporter): void;
}

/** Makes the tally of one file. */
export function createMarkedExamples(
  progress: FileProgress,
  code: 'call_unanswered' | 'answer_cut',
): MarkedExamples {
  let examples = 0;
  let first: FirstPlace = {};
  return {
    add() {
      if (examples === 0) first = { firstLine: progress.line, firstRecord: progress.record || undefined };
      examples += 1;
    },
    reportAll(report) {
      if (examples > 0) report(code, { examples, ...first }, { line: first.firstLine ?? 1 });
    },
  };
}
