import type { ExtraFields } from './fields.ts';
import type { DuplicateFinder } from './fingerprints.ts';
import type { JsonObject } from './formats.ts';
import type { InstructionTally } from './instructions.ts';
import type { LabelTally } from './labels.ts';
import type { DatasetLimits } from './limits.ts';
import type { Report } from './lines/report.ts';
import type { TextHasher } from './lines/text-hash.ts';
import type { ChatStatistics, SizeTally } from './statistics.ts';
import type { TokenCheck } from './token-limits.ts';

/** How many keys the objects of an example have, or that no key can be there twice, or that nobody counted. */
export type KeyCount = number | 'unique' | 'unknown';

/** Checks the examples of one format. */
export interface ExampleChecker {
  /** Whether an example plainly is in this format, so that nobody needs to guess another. */
  isExpectedFormat(example: JsonObject): boolean;
  /** Reports what is wrong with an example that was `sourceLength` UTF-16 units of JSON. */
  check(example: JsonObject, sourceLength: number): KeyCount;
  /** Counts what the whole file is judged by, once the line of the last example has no error. */
  accept?(): void;
  /** What only this format counts. */
  chatStatistics?(): ChatStatistics;
}

/** What a checker works with; all of it belongs to one data set. */
export interface ExampleTools {
  report: Report;
  lineNow: () => number;
  limits: DatasetLimits;
  hasher: TextHasher;
  tokens: TokenCheck;
  sizes: SizeTally;
  duplicates: DuplicateFinder;
  labels: LabelTally;
  instructions: InstructionTally;
  extras: ExtraFields;
  defaultContext: string | undefined;
}
