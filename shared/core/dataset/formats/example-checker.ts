import type { ParsedObject } from '../../json/values.ts';
import type { DatasetRole } from '../limits.ts';
import type { FileTools } from '../lines/text-file.ts';
import type { ProvedFormat } from '../scan/proved-lines.ts';
import type { DatasetStatistics } from '../statistics.ts';
import type { DuplicateFinder } from '../tallies/duplicates.ts';
import type { KnownLabels } from '../tallies/labels.ts';
import type { NamedFiles } from '../tallies/named-files.ts';
import type { SizeTally } from '../tallies/sizes.ts';
import type { TextHasher } from '../tallies/text-hash.ts';
import type { TokenCheck } from '../tallies/token-limits.ts';
import type { TokenTally } from '../tallies/token-tally.ts';
import type { ExtraFields } from './extra-fields.ts';

/** How many keys the objects of an example have, or that no key can be there twice, or that nobody counted. */
export type KeyCount = number | 'unique' | 'unknown';

/** Ours: no example of text nests deeper; the keys of one that does are compared in its line. */
export const PLAIN_DEPTH = 16;

/** Checks the objects of a file of JSON Lines, one a line. */
export interface ObjectChecker {
  /** Whether an object plainly is in the expected format, so that nobody needs to guess another. */
  isExpectedFormat(object: ParsedObject): boolean;
  /** Reports what is wrong with an object that was `sourceLength` UTF-16 units of JSON. */
  check(object: ParsedObject, sourceLength: number): KeyCount;
  /** Counts what the whole file is judged by, once the line of the last object has no error. */
  accept?(): void;
}

/** Checks the examples of one format. */
export interface ExampleChecker extends ObjectChecker {
  /** What only this format counts. */
  statistics(): Pick<DatasetStatistics, 'labels' | 'chat' | 'sharedInstruction' | 'files'>;
  /** Reports what only all examples together show. */
  reportWhole(): void;
  /** Whether the examples are something else than they are read as, which `reportWhole` told: nobody trains on them then. */
  isMistaken?(): boolean;
  /** The files that examples name. */
  files?: NamedFiles;
  /** The labels of a classification, for evaluation data to be compared with. */
  knownLabels?(): KnownLabels | undefined;
  /** Makes what counts the lines that nobody has to read; undefined where every line is read. */
  countProved?(): ProvedFormat | undefined;
}

/** What a checker of examples works with; all of it belongs to one data set. */
export interface ExampleTools extends FileTools {
  role: DatasetRole;
  extras: ExtraFields;
  measures: ExampleMeasures;
}

/** What every example is measured by. */
export interface ExampleMeasures {
  hasher: TextHasher;
  tokens: TokenCheck;
  sizes: SizeTally;
  duplicates: DuplicateFinder;
  /** Counts tokens where somebody gave the means for it. */
  counting?: TokenTally | undefined;
}
