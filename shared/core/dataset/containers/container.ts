import type { ParsedObject } from '../../json/values.ts';

/** What a file has around its records. */
export type Container =
  /** One record a line. */
  | { kind: 'lines' }
  /** Values of JSON after each other, over as many lines as they like. */
  | { kind: 'values' }
  /** One array of them. */
  | { kind: 'array' }
  /** One object that has such an array under a name. */
  | { kind: 'list'; name: string }
  /** One object that has each of them under a name of its own. */
  | { kind: 'members' }
  /** A table with a header; `above` are the rows before that, such as a title. */
  | { kind: 'table'; separator: Separator; above?: number | undefined }
  /** Blocks of plain text with blank lines between. */
  | { kind: 'paragraphs' };

export type Separator = ',' | '\t' | ';' | '|';

export const LINES: Container = { kind: 'lines' };

/** Whether a record is in a known form. */
export type IsKnown = (record: ParsedObject) => boolean;
