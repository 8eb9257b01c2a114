/** The hashes of the examples: what finds duplicates in a file and examples in two files. */

import { firstOf } from '../lines/progress.ts';
import type { Reporter } from '../lines/reporter.ts';
import { createHashIndex, type HashIndex } from './hash-index.ts';

/** Compact: at most 24 MiB, however many examples there are. */
export interface ExampleHashes {
  uri: string;
  /** Whether numbers are of records, and not of lines. */
  areNumbered: boolean;
  /** Input hash, the number of its first example, and 32 bits of the output's hash as the tag. */
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
  add(example: ExampleHash, place: number): void;
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
export function createDuplicateFinder(
  uri: string,
  report: Reporter,
  { areNumbered = false, maxCompared }: { areNumbered?: boolean; maxCompared?: number | undefined } = {},
): DuplicateFinder {
  const inputs = createHashIndex(maxCompared);
  const others = createHashIndex();
  const counts: DuplicateCounts = { exact: 0, conflicting: 0 };

  const firstAt = (place: number) => firstOf(place, areNumbered ? place : 0);

  function reportDuplicate(place: number): void {
    counts.exact += 1;
    report('duplicate_example', firstAt(place));
  }

  return {
    hashes: { uri, areNumbered, inputs },
    counts,
    comparedWith: () => (inputs.hasOverflowed ? inputs.size : undefined),
    add({ inputLow, inputHigh, output }, place) {
      const first = inputs.add(inputLow, inputHigh, place, output);
      if (first === -1) return;
      if (inputs.tagAt(first) === output) return reportDuplicate(inputs.lineAt(first));
      const other = others.add(inputLow ^ output, inputHigh, place, output);
      if (other !== -1) return reportDuplicate(others.lineAt(other));
      counts.conflicting += 1;
      report('conflicting_outputs', firstAt(inputs.lineAt(first)));
    },
  };
}
