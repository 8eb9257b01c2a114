import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { recogniseFile } from '../../json/file-kind.ts';
import { type Reporter, WHOLE_FILE } from '../lines/reporter.ts';
import type { ReadHead } from '../lines/text-file.ts';
import { readBeginning } from './beginning.ts';
import { recogniseEncoding } from './encoding.ts';
import { recogniseFieldNames } from './field-names.ts';
import { recogniseWholeFile } from './whole-file.ts';

/** What the beginning of a file is held against. */
export interface HeadExpectation {
  /** Examples in a form, or labels. */
  expected: ForeignFormat | 'labels';
  /** Whether it is known already that its records are no lines: then a table is no fault. */
  isCut?: boolean;
}

/** Makes the reading of the beginning of a file. */
export function createHeadReader(report: Reporter, { expected, isCut = false }: HeadExpectation): ReadHead {
  return (head, isWhole) => {
    const file = recogniseFile(head);
    if (file.kind === 'wide') {
      report('dataset_utf16', { encoding: file.encoding, isMarked: file.isMarked }, WHOLE_FILE);
      return undefined;
    }
    const start = file.kind === 'text' ? file.bomBytes : 0;
    const beginning = readBeginning(head.subarray(start), isWhole);
    const fault = recogniseWholeFile(beginning, expected === 'labels' ? 'labels' : 'examples', isCut);
    if (file.kind === 'compressed') {
      if (fault === 'xlsx') report('dataset_not_lines', { fault }, WHOLE_FILE);
      else report('dataset_compressed', { compression: file.compression }, WHOLE_FILE);
      return undefined;
    }
    if (start > 0) report('dataset_utf8_bom', {}, { line: 1 });
    if (fault) report('dataset_not_lines', { fault }, WHOLE_FILE);
    else if (!reportWriting(beginning, { report, expected: isCut ? 'labels' : expected })) return start;
    return undefined;
  };
}

/** Whether the file is in another encoding, or calls its fields otherwise. */
function reportWriting(
  beginning: ReturnType<typeof readBeginning>,
  { report, expected }: { report: Reporter; expected: ForeignFormat | 'labels' },
): boolean {
  const encoding = recogniseEncoding(beginning);
  if (encoding) report('dataset_other_encoding', encoding, WHOLE_FILE);
  if (encoding || expected === 'labels') return encoding !== undefined;
  const renamings = recogniseFieldNames(beginning, expected);
  if (renamings) report('dataset_field_names', { renamings }, WHOLE_FILE);
  return renamings !== undefined;
}
