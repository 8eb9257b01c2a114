import type { JsonObject } from '../../json/values.ts';
import type { DatasetLimits } from '../limits.ts';
import type { Report } from '../lines/reporter.ts';
import type { ChatStatistics, SizeTally } from '../statistics.ts';
import type { DuplicateFinder } from '../tallies/duplicates.ts';
import type { InstructionTally } from '../tallies/instructions.ts';
import type { LabelTally } from '../tallies/labels.ts';
import type { TextHasher } from '../tallies/text-hash.ts';
import type { TokenCheck } from '../tallies/token-limits.ts';
import type { ExtraFields } from './fields.ts';

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
