/** Every correction that `tunedrop fix` makes, in words; what carries it out is in `core/dataset/fix/`. */
export const CORRECTIONS = {
  encoding: {
    did: 'written as UTF-8',
  },
  encoding_inside: { did: 'what was no UTF-8 written as UTF-8' },
  byte_order_mark: { did: 'the byte order mark taken out' },
  line_ends: { did: 'ended with a line feed alone' },
  blank_line: { did: 'the blank line left out' },
  markdown: { did: 'what is around a code block of Markdown left out' },
  fence: { did: 'a line of a code block of Markdown left out' },
  code: { did: 'what code has around the list of examples left out' },
  comments: { did: 'comments left out' },
  columns: { did: 'columns written as a line for each example' },
  events: { did: 'taken out of a server-sent event' },
  container: {
    did: 'one example written on each line',
  },
  beside_list: { did: 'what stands beside the list of examples left out' },
  above_header: { did: 'what stands above the names of the columns left out' },
  header_again: { did: 'the row that names the columns again left out' },
  comma_after: { did: 'the comma or separator after the example taken out' },
  number_before: { did: 'the number or bullet before the example taken out' },
  log_mark: { did: 'other text before or behind the example taken out' },
  python: { did: 'an object of Python written as JSON' },
  javascript: { did: 'an object of JavaScript written as JSON' },
  line_feed_inside: { did: 'line feeds in a text written as escapes, and the example on one line' },
  comma_inside: { did: 'a comma before a closing bracket taken out' },
  not_a_number: { did: 'NaN or Infinity in a field that nobody uses written as null' },
  control_character: { did: 'a raw control character in a text written as an escape' },
  mark_inside: { did: 'a byte order mark within the file taken out' },
  several_on_line: {
    did: 'several examples of one line written on lines of their own',
  },
  double_encoded: { did: 'JSON of JSON read once more' },
  turns_alone: { did: 'a list of messages made the example that it is' },
  list_as_text: { did: 'a list that was a text written as a list' },
  field_names: { did: 'fields renamed' },
  inside: { did: 'the example taken out of the object around it' },
  speaker: { did: 'who speaks written in the word of the form' },
  empty_row: { did: 'left out, since it holds no text' },
  duplicate: {
    did: 'left out, since the same is there before',
  },
  left_out_too_long: { did: 'left out, since it is over the token limit' },
  cut_too_long: { did: 'cut at its end to the token limit' },
  form: {
    did: 'written in the form of the model',
  },
} as const satisfies Record<string, CorrectionRow>;
export type CorrectionKind = keyof typeof CORRECTIONS;

interface CorrectionRow {
  did: string;
}

/** Something that was corrected in a file: on a line of it as it was, or throughout. */
export interface Correction {
  kind: CorrectionKind;
  line?: number | undefined;
  /** What the words of the row leave open. */
  detail?: string | undefined;
}
