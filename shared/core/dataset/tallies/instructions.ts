/** Whether the inputs begin with a common instruction, seen by a hash of how each begins. */
import type { Task } from '../../models/limits.ts';
import type { Reporter } from '../lines/reporter.ts';

/** So many bytes of a beginning make it an instruction rather than a common word. */
const INSTRUCTION_BYTES = 24;
/** Extractive answers have "question:" or "context:" in the place of an instruction. */
const FIELD_NAME_BYTES = 8;

export interface InstructionTally {
  /** How many bytes of an input count as its beginning. */
  bytes: number;
  add(beginning: number, line: number): void;
  /** `labels` is the number of different outputs where they are classes. */
  reportAll(report: Reporter, labels: number | undefined): void;
}

/** The common beginning is chosen from so many examples, then counted in all. */
const SAMPLE = 1000;
const MIN_EXAMPLES = 10;

/** Makes an empty tally. */
export function createInstructionTally(task?: Task): InstructionTally {
  const mayBeClasses = task === undefined || task === 'classification';
  const sample: { beginning: number; line: number }[] = [];
  let common: { beginning: number; count: number } | undefined;
  let examples = 0;
  let without = 0;
  let firstWithout = 0;

  function count(beginning: number, line: number): void {
    if (beginning === common?.beginning) return;
    without += 1;
    firstWithout ||= line;
  }

  function choose(): void {
    const counts = new Map<number, number>();
    for (const { beginning } of sample) counts.set(beginning, (counts.get(beginning) ?? 0) + 1);
    const [beginning, most] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0]);
    common = { beginning, count: most };
    for (const example of sample) count(example.beginning, example.line);
  }

  return {
    bytes: task === 'extractive_qa' ? FIELD_NAME_BYTES : INSTRUCTION_BYTES,
    add(beginning, line) {
      examples += 1;
      if (common) count(beginning, line);
      else if (sample.push({ beginning, line }) === SAMPLE) choose();
    },
    reportAll(report, labels) {
      if (examples < MIN_EXAMPLES) return;
      if (!common) choose();
      const share = 1 - without / examples;
      if (share < 1 && share >= 0.5) {
        report(
          'dataset_instructions_missing',
          { without, examples },
          { line: firstWithout, path: 'input_text' },
        );
      } else if (labels !== undefined && share < 0.1 && mayBeClasses) {
        const areClasses = task === 'classification';
        report('dataset_no_instructions', areClasses ? { labels, areClasses } : { labels }, { line: 0 });
      }
    },
  };
}
