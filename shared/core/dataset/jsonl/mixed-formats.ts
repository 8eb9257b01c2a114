/** Which examples are in a foreign format: the whole file, or some lines of it. */
import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { firstOf } from '../lines/progress.ts';
import type { FileTools } from '../lines/text-file.ts';

export interface MixedFormats {
  /** The example of this line is in the expected format. */
  noteExpected(): void;
  /** The example of this line is not, and cannot be used. */
  noteForeign(format: ForeignFormat): void;
  finish(): void;
}

export interface MixedFormatsOptions extends FileTools {
  expected: ForeignFormat;
}

interface Seen {
  format: ForeignFormat;
  line: number;
  /** 0 where lines have no numbers of their own. */
  record: number;
}

/** So many foreign lines without a right one are a file in a foreign format. */
const MAX_HELD = 100;

/** Makes the check of one file; its first foreign lines are held until a right one shows what the file is. */
export function createMixedFormats({ report, progress, expected }: MixedFormatsOptions): MixedFormats {
  /** What the file is in, once that is known. */
  let file: Seen | undefined;
  let held: Seen[] = [];

  function reportMixed({ format, ...place }: Seen, { format: first, line, record }: Seen): void {
    report('example_mixed_format', { format, first, ...firstOf(line, record) }, place);
  }

  function decide(first: Seen): void {
    file = first;
    for (const seen of held) if (seen.format !== first.format) reportMixed(seen, first);
    held = [];
  }

  function decideForeign(): void {
    const [first] = held;
    if (!first) return;
    report(
      'dataset_foreign_format',
      { format: first.format, expected },
      { line: first.line, record: first.record },
    );
    decide(first);
  }

  return {
    noteExpected() {
      if (!file) decide({ format: expected, line: progress.line, record: progress.record });
    },
    noteForeign(format) {
      const seen = { format, line: progress.line, record: progress.record };
      if (file && format !== file.format) reportMixed(seen, file);
      else if (!file && held.push(seen) === MAX_HELD) decideForeign();
      progress.lastErrorLine = progress.line;
    },
    finish() {
      if (!file) decideForeign();
    },
  };
}
