/** The hashes of the examples: what finds duplicates in a file and examples in two files. */

import type { Reporter } from '../lines/reporter.ts';
import { createHashIndex, type HashIndex } from './hash-index.ts';

/** Compact: at most 24 MiB, however many examples there are. */
export interface ExampleHashes {
  uri: string;
  /** Input hash, first line, and 32 bits of the output's hash as the tag. */
  inputs: HashIndex;
}

export interface DuplicateCounts {
  exact: number;
  conflicting: number;
}

export interface DuplicateFinder {
  hashes: ExampleHashes;
  /** How many different inputs the others were compared with, where the file has more than are kept. */
  comparedWith(): number | undefined;
  counts: DuplicateCounts;
  /** Compares one example with all before; `outputPath` is where an output that differs is. */
  add(example: ExampleHash, line: number): void;
}

export interface ExampleHash {
  inputLow: number;
  inputHigh: number;
  output: number;
}

/**
 * Makes a finder, of so many different inputs where a number is named. The second index holds only examples whose input was there
 * before with another output.
 */
export function createDuplicateFinder(uri: string, report: Reporter, maxCompared?: number): DuplicateFinder {
  const inputs = createHashIndex(maxCompared);
  const others = createHashIndex();
  const counts: DuplicateCounts = { exact: 0, conflicting: 0 };

  function reportDuplicate(firstLine: number): void {
    counts.exact += 1;
    report('duplicate_example', { firstLine });
  }

  return {
    hashes: { uri, inputs },
    counts,
    comparedWith: () => (inputs.hasOverflowed ? inputs.size : undefined),
    add({ inputLow, inputHigh, output }, line) {
      const first = inputs.add(inputLow, inputHigh, line, output);
      if (first === -1) return;
      if (inputs.tagAt(first) === output) return reportDuplicate(inputs.lineAt(first));
      const other = others.add(inputLow ^ output, inputHigh, line, output);
      if (other !== -1) return reportDuplicate(others.lineAt(other));
      counts.conflicting += 1;
      report('conflicting_outputs', { firstLine: inputs.lineAt(first) });
    },
  };
}
