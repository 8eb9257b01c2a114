import type { IssueCode } from './catalog.ts';
import type { WholeFileFault } from './whole-file-faults.ts';

/**
 * Every correction that `tunedrop fix` makes: what it does, in words, and which issues are gone after it. An issue that stands here says
 * in its remedy that the command can do it. Adding a correction is adding a row, and what carries it out in `core/dataset/fix/`.
 */
export const CORRECTIONS = {
  encoding: {
    did: 'written as UTF-8',
    ends: ['dataset_utf16', 'dataset_other_encoding'],
  },
  byte_order_mark: { did: 'the byte order mark taken out', ends: ['dataset_utf8_bom'] },
  line_ends: { did: 'ended with a line feed alone', ends: [] },
  blank_line: { did: 'the blank line left out', ends: ['dataset_blank_lines'] },
  markdown: { did: 'what is around a code block of Markdown left out', ends: ['markdown_fence'] },
  events: { did: 'taken out of a server-sent event', ends: ['server_sent_events'] },
  container: {
    did: 'one example written on each line',
    ends: ['dataset_json_array', 'dataset_pretty_printed', 'commas_between_objects'],
  },
  beside_list: { did: 'what stands beside the list of examples left out', ends: ['dataset_beside_list'] },
  comma_after: { did: 'the comma or separator after the example taken out', ends: ['comma_after_line'] },
  number_before: { did: 'the number or bullet before the example taken out', ends: ['numbered_lines'] },
  comma_inside: { did: 'a comma before a closing bracket taken out', ends: [] },
  control_character: { did: 'a raw control character in a text written as an escape', ends: [] },
  mark_inside: { did: 'a byte order mark within the file taken out', ends: [] },
  several_on_line: {
    did: 'several examples of one line written on lines of their own',
    ends: ['line_lone_cr', 'line_unicode_separator'],
  },
  double_encoded: { did: 'JSON of JSON read once more', ends: ['double_encoded'] },
  field_names: { did: 'fields renamed', ends: ['dataset_field_names'] },
  empty_row: { did: 'left out, since it holds no text', ends: [] },
  duplicate: {
    did: 'left out, since the same is there before',
    ends: ['duplicate_example', 'labels_duplicate'],
  },
  left_out_too_long: { did: 'left out, since it is over the token limit', ends: [] },
  cut_too_long: { did: 'cut at its end to the token limit', ends: [] },
  form: {
    did: 'written in the form of the model',
    ends: ['dataset_converted', 'dataset_foreign_format'],
  },
} as const satisfies Record<string, CorrectionRow>;
export type CorrectionKind = keyof typeof CORRECTIONS;

interface CorrectionRow {
  did: string;
  /** Codes of issues, and names of faults of a whole file, that every file with them is without afterwards. */
  ends: readonly (IssueCode | WholeFileFault)[];
}

/** Something that was corrected in a file: on a line of it as it was, or throughout. */
export interface Correction {
  kind: CorrectionKind;
  line?: number | undefined;
  /** What the words of the row leave open. */
  detail?: string | undefined;
}
