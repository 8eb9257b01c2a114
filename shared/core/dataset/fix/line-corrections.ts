/** The second step of a correction: what the check says of lines, and what is done about it. */
import type { Issue, IssueCode } from '../../issues/catalog.ts';
import type { CorrectionKind } from '../../issues/corrections.ts';
import { readStructure } from '../../json/line.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { scanJson } from '../../json/scan.ts';
import { endOfString, withEdits } from '../../json/strings.ts';
import { isObject } from '../../json/values.ts';
import type { TargetForm } from '../forms/target.ts';
import { MAX_DEPTH } from '../limits.ts';
import { type CheckRow, cutRow } from './cut-row.ts';
import { isEmptyRow } from './empty-row.ts';
import { createLineSet } from './line-set.ts';
import { inForm } from './mixed-forms.ts';
import type { NumberList } from './number-list.ts';
import { createFirstTexts, createRepeats } from './repeats.ts';
import { createSpeakerWords } from './speaker-words.ts';
import { takeOut, withLists } from './unwrap.ts';

/** What becomes of a row over the token limit; without it nothing. */
export type OverLimit = 'cut' | 'leave-out';

/** What becomes of a line. */
export type Corrected = { text: string | undefined; kind: CorrectionKind; detail?: string | undefined };

export interface LineCorrections {
  /** An issue of the file's check. */
  note(issue: Issue): void;
  /** Whether any line may have to be corrected. */
  readonly isNeeded: boolean;
  /** What becomes of a line; undefined where it stays as it is. Lines come in their order. */
  correct(text: string, line: number): Corrected | undefined;
}

export interface LineCorrectionOptions {
  overLimit?: OverLimit | undefined;
  checkRow: CheckRow;
  /** Where a line stands in the file as it was. */
  sourceOf: (line: number) => number;
  /** What the examples of a file with several forms are written in; without it they stay as they are. */
  target?: TargetForm | undefined;
  /** Makes a list that holds a number for each line that repeats another. */
  numbers: () => NumberList;
}

/** What a row without any text is told of. */
const OF_EMPTY_ROWS: ReadonlySet<IssueCode> = new Set([
  ...(['field_empty', 'field_blank', 'field_missing', 'field_wrong_type', 'messages_empty'] as const),
  ...(['turns_without_user', 'last_turn_not_model', 'part_unknown'] as const),
]);

/** Makes the corrections of one file. */
export function createLineCorrections(options: LineCorrectionOptions): LineCorrections {
  const { overLimit, checkRow, sourceOf, numbers, target } = options;
  const perhapsEmpty = createLineSet();
  const tooLong = createLineSet();
  const speakers = createSpeakerWords();
  const duplicates = createRepeats(numbers());
  /** Records with the id of another one: they are left out where they are the same throughout. */
  const sameIds = createRepeats(numbers());
  const firstTexts = createFirstTexts();
  let wrapper: string | undefined;
  let areListsTexts = false;
  let areMixed = false;
  let renamings: Renamings = [];

  function note({ code, at, fields }: Issue): void {
    const { line = 0 } = at;
    if (code === 'role_unknown' || code === 'author_unknown') speakers.note(at, fields);
    if (OF_EMPTY_ROWS.has(code)) perhapsEmpty.add(line);
    if (code === 'token_limit_exceeded' && overLimit !== undefined) tooLong.add(line);
    if (code === 'dataset_not_lines') areListsTexts = LISTS_AS_TEXT.has(fields.fault);
    if (code === 'example_mixed_format') areMixed = target !== undefined;
    if (code === 'dataset_examples_inside') wrapper = fields.steps.at(-1) ?? undefined;
    if (code === 'dataset_field_names') renamings = fields.renamings;
    // Each record has a line of its own here.
    if (code === 'duplicate_example') duplicates.add(line, fields.firstLine ?? line);
    if (code === 'labels_duplicate') duplicates.add(line, fields.firstLine);
    if (code !== 'record_id_duplicate') return;
    sameIds.add(line, fields.firstLine);
    firstTexts.expect(fields.firstLine);
  }

  function correct(text: string, line: number): Corrected | undefined {
    firstTexts.note(line, text);
    const duplicate = duplicates.next(line);
    const sameId = sameIds.next(line);
    const first = duplicate ?? (sameId !== undefined && firstTexts.isSame(sameId, text) ? sameId : undefined);
    if (first !== undefined)
      return { text: undefined, kind: 'duplicate', detail: `on line ${sourceOf(first)}` };
    if (perhapsEmpty.has(line) && isEmpty(text)) return { text: undefined, kind: 'empty_row' };
    if (tooLong.has(line)) return shorten(text);
    const spoken = speakers.correct(text, line);
    if (spoken) return { ...spoken, kind: 'speaker' };
    if (wrapper !== undefined) return takeOut(text, wrapper);
    if (areListsTexts) return withLists(text);
    if (renamings.length > 0) return withNames(text, renamings);
    const written = areMixed && target ? inForm(text, target) : undefined;
    return written === undefined ? undefined : { text: written, kind: 'form' };
  }

  function shorten(text: string): Corrected | undefined {
    if (overLimit === 'leave-out') return { text: undefined, kind: 'left_out_too_long' };
    // Of a field that is there twice one would be lost.
    if (readStructure(text, MAX_DEPTH).duplicateKey !== undefined) return undefined;
    const cut = cutRow(text, checkRow);
    return cut === undefined ? undefined : { text: cut, kind: 'cut_too_long' };
  }

  return {
    note,
    get isNeeded() {
      const lines = perhapsEmpty.size + tooLong.size + duplicates.size + sameIds.size;
      const isThroughout = renamings.length > 0 || wrapper !== undefined || areListsTexts || areMixed;
      return lines > 0 || isThroughout || speakers.isNeeded;
    },
    correct,
  };
}

function isEmpty(text: string): boolean {
  const record = parsedOrNot(text);
  return isObject(record) && isEmptyRow(record);
}

const LISTS_AS_TEXT: ReadonlySet<string> = new Set(['lists_as_text', 'lists_as_python']);

type Renamings = readonly { from: string; to: string }[];

function withNames(text: string, renamings: Renamings): Corrected | undefined {
  const renamed = renameFields(text, renamings);
  if (renamed === text) return undefined;
  const names = renamings.map(({ from, to }) => `"${from}" to "${to}"`).join(', ');
  return { text: renamed, kind: 'field_names', detail: names };
}

/** Renames fields of the record itself in its text, where it has none of the new name. */
function renameFields(text: string, renamings: Renamings): string {
  const places = new Map<string, number>();
  const { fault } = scanJson(text, {
    onMember(step, at, depth) {
      if (depth === 1 && typeof step === 'string') places.set(step, at);
    },
  });
  if (fault) return text;
  const edits = renamings.flatMap(({ from: name, to }) => {
    const from = places.get(name);
    if (from === undefined || places.has(to)) return [];
    return [{ from, to: endOfString(text, from), write: JSON.stringify(to) }];
  });
  return withEdits(
    text,
    edits.toSorted((a, b) => a.from - b.from),
  );
}
