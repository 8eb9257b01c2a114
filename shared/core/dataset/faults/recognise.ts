import { COLUMNS_OF_ANSWERS, COLUMNS_OF_PREFERENCES } from '../../issues/conversion.ts';
import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import type { WholeFileFault } from '../../issues/whole-file-faults.ts';
import { recogniseFile } from '../../json/file-kind.ts';
import { type Container, LINES } from '../containers/container.ts';
import { recordsIn } from '../containers/recognise.ts';
import { cellsOf, columnNames } from '../containers/table.ts';
import { type Reporter, WHOLE_FILE } from '../lines/reporter.ts';
import type { ReadHead } from '../lines/text-file.ts';
import { type Beginning, readBeginning, SAMPLED_LINES } from './beginning.ts';
import { recogniseEncoding } from './encoding.ts';
import { recogniseFieldNames } from './field-names.ts';
import { type FoundInText, recogniseInText } from './in-text.ts';
import { recogniseInside } from './inside.ts';
import { recogniseApart } from './messages-apart.ts';
import { type IsInKnownForm, recogniseUnknownForm } from './unknown-form.ts';
import { recogniseWholeFile, SEPARATOR_OF } from './whole-file.ts';

/** What the beginning of a file is held against. */
export interface HeadExpectation {
  /** Examples in a form, or labels. */
  expected: ForeignFormat | 'labels';
  /** Whether it is known already that its records are no lines: then a table is no fault. */
  isCut?: boolean;
  /** What lies around its records; without it they are lines, or nobody looks at them here. */
  container?: Container | undefined;
  /** Whether a record is in a known form; without it nobody says that none is. */
  isKnown?: IsInKnownForm | undefined;
}

/** Makes the reading of the beginning of a file. */
export function createHeadReader(
  report: Reporter,
  { expected, isCut = false, container, isKnown }: HeadExpectation,
): ReadHead {
  const isLookedAt = expected !== 'labels' && (!isCut || (container && container.kind !== 'table'));
  return (head, isWhole) => {
    const file = recogniseFile(head);
    if (file.kind === 'wide') {
      report('dataset_utf16', { encoding: file.encoding, isMarked: file.isMarked }, WHOLE_FILE);
      return undefined;
    }
    const start = file.kind === 'text' ? file.bomBytes : 0;
    const beginning = readBeginning(head.subarray(start), isWhole);
    const what = expected === 'labels' ? 'labels' : 'examples';
    // Examples under names of their own are read as they are.
    const fault = container?.kind === 'members' ? undefined : recogniseWholeFile(beginning, what, isCut);
    if (file.kind === 'compressed') {
      if (fault === 'xlsx') report('dataset_not_lines', { fault }, WHOLE_FILE);
      else report('dataset_compressed', { compression: file.compression }, WHOLE_FILE);
      return undefined;
    }
    if (start > 0) report('dataset_utf8_bom', {}, { line: 1 });
    const inside = isLookedAt && isKnown && insideOf(beginning, { fault, container, isKnown });
    if (inside) {
      report('dataset_examples_inside', inside, WHOLE_FILE);
      return undefined;
    }
    const columns = fault && isKnown && strangeColumns(fault, { beginning, isKnown });
    if (columns) report('table_columns_unknown', { columns, wanted: wantedColumns(expected) }, { line: 1 });
    else if (fault) report('dataset_not_lines', { fault }, WHOLE_FILE);
    else if (
      !reportWriting(beginning, {
        ...{ report, isKnown, container: isCut ? container : undefined },
        expected: isLookedAt ? expected : 'labels',
      })
    )
      return start;
    return undefined;
  };
}

/** Where the examples lie, if in other objects; another fault of the whole file says nothing of that but that it is one object. */
function insideOf(
  beginning: Beginning,
  {
    fault,
    container = LINES,
    isKnown,
  }: { fault: WholeFileFault | undefined; container: Container | undefined; isKnown: IsInKnownForm },
): ReturnType<typeof recogniseInside> | (FoundInText & { isText: true }) {
  if (fault !== undefined && fault !== 'wrapped_list') return undefined;
  const inText = recogniseInText(beginning, isKnown);
  if (inText) return { ...inText, isText: true };
  const values = recordsLookedAt(beginning, container);
  const inside = recogniseInside(beginning, { values, isInArray: container.kind === 'array', isKnown });
  return fault !== undefined && inside?.steps.at(-1) === null ? undefined : inside;
}

const recordsLookedAt = (beginning: Beginning, container: Container): Beginning['values'] =>
  container.kind === 'lines'
    ? beginning.values
    : recordsIn(beginning.bytes, container).slice(0, SAMPLED_LINES);

/** The columns of a table, where they make up no form: a table with those of a form is read as it is. */
function strangeColumns(
  fault: WholeFileFault,
  {
    beginning: {
      lines: [header = ''],
    },
    isKnown,
  }: { beginning: Beginning; isKnown: IsInKnownForm },
): string[] | undefined {
  const separator = SEPARATOR_OF[fault];
  if (separator === undefined) return undefined;
  const cells = cellsOf(header, separator);
  const row = Object.fromEntries(columnNames(header, separator).map((name) => [name, '']));
  return isKnown(row) ? undefined : cells.map(columnToShow);
}

/** Names that columns have; any other word may be a text of an example, where there is no header, and is told by its number. */
const COLUMN_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(PAIR_FORMS).flat(),
  ...['text', 'label', 'labels', 'class', 'category', 'id', 'index', 'title', 'body', 'sentence', 'review'],
  ...['questions', 'answers', 'prompts', 'responses', 'instructions', 'quality', 'string'],
  ...['sentiment', 'intent', 'topic', 'context', 'comment', 'description', 'subject', 'message', 'content'],
]);

const columnToShow = (cell: string, index: number) =>
  COLUMN_NAMES.has(cell.trim().toLowerCase()) ? cell.trim() : `number ${index + 1}`;

const wantedColumns = (expected: ForeignFormat | 'labels') =>
  expected === 'preference' ? COLUMNS_OF_PREFERENCES : COLUMNS_OF_ANSWERS;

/** Whether the file is in another encoding or another form, or calls its fields otherwise. */
function reportWriting(
  beginning: Beginning,
  { report, expected, container, isKnown }: HeadExpectation & { report: Reporter },
): boolean {
  const encoding = recogniseEncoding(beginning);
  if (encoding) report('dataset_other_encoding', encoding, WHOLE_FILE);
  if (encoding || expected === 'labels') return encoding !== undefined;
  const values = recordsLookedAt(beginning, container ?? LINES);
  const isInArray = container?.kind === 'array' || undefined;
  const renamings = recogniseFieldNames(values, expected);
  if (renamings) report('dataset_field_names', { renamings, isInArray }, WHOLE_FILE);
  const apart = isKnown && !renamings ? recogniseApart(values, isKnown) : undefined;
  if (apart) {
    report('dataset_messages_apart', { ...apart }, WHOLE_FILE);
    return true;
  }
  const unknown = !renamings && isKnown ? recogniseUnknownForm(values, isKnown) : undefined;
  if (unknown) report('dataset_unknown_form', { ...unknown, expected, isInArray }, WHOLE_FILE);
  return renamings !== undefined || unknown !== undefined;
}
