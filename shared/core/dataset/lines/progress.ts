import type { FirstPlace } from '../../issues/dataset-words.ts';
import { HOPELESS_TIMES } from '../limits.ts';
import type { DatasetStatistics } from '../statistics.ts';
import { type BlankLines, createBlankLines } from './blank-lines.ts';

/** How far the reading of a file is; shared by the parts of one check. */
export interface FileProgress {
  /** 1-based; 0 before the first line. */
  line: number;
  /** The number of the record that is read, from 1, in a file where a line does not tell it; else 0. */
  record: number;
  /** Of the record that is read, as it was uploaded. */
  lineBytes: number;
  blankLines: number;
  /** Where they are. */
  blanks: BlankLines;
  firstBlankLine: number;
  examples: number;
  unusable: number;
  /** Examples that a conversion leaves out: nobody trains on them, and nothing is wrong with them. */
  leftOut: number;
  /** Lines of JSON that are no examples of the form at all: no JSON, no object, or in another form. */
  strange: number;
  /** Those of them that were cut out of something and are no JSON, so that their brackets may not close. */
  broken: number;
  /** The file cannot be read any further. */
  isStopped: boolean;
  /** The record that is read goes on to the end of the file, with all that stands behind its fault. */
  isRestUnread: boolean;
  /** The line of the last error. */
  lastErrorLine: number;
  /** How many were reported. */
  issues: number;
}

/** The beginning of a file. */
export function createFileProgress(): FileProgress {
  return {
    line: 0,
    record: 0,
    lineBytes: 0,
    blankLines: 0,
    blanks: createBlankLines(),
    firstBlankLine: 0,
    examples: 0,
    unusable: 0,
    leftOut: 0,
    strange: 0,
    broken: 0,
    isStopped: false,
    isRestUnread: false,
    lastErrorLine: 0,
    issues: 0,
  };
}

/** The number of an example: of its record where that has one, else of its line. */
export const placeOf = ({ line, record }: Pick<FileProgress, 'line' | 'record'>) => record || line;

/** A place that is named in what is said of another example. */
export const firstOf = (line: number, record: number): FirstPlace =>
  record > 0 ? { firstRecord: record } : { firstLine: line };

/** Whether a file is hopeless just now, and is not read any further: nobody trains on so many more examples than a model takes. */
export function stopsWhereHopeless(progress: FileProgress, maxExamples: number): boolean {
  if (progress.isStopped || progress.examples <= maxExamples * HOPELESS_TIMES) return false;
  progress.isStopped = true;
  return true;
}

/** What the statistics of every file begin with. */
export type FileCounts = Pick<
  DatasetStatistics,
  'bytes' | 'lines' | 'blankLines' | 'examples' | 'unusableExamples'
>;

export function fileCounts(
  { line, blankLines, examples, unusable }: FileProgress,
  bytes: number,
): FileCounts {
  return { bytes, lines: line, blankLines, examples, unusableExamples: unusable };
}
