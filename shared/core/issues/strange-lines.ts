import { RESOLVE_CONFLICT } from './whole-file-faults.ts';

/** Lines that another program left among the lines of a file. FILE stands for the file's name. */
export const STRANGE_LINES = {
  merge_conflict: {
    begins: /^(?:<{7} |\|{7}(?: |$)|={7}$|>{7} )/,
    found: 'a mark of a merge conflict of Git',
    remedy: RESOLVE_CONFLICT,
  },
  fence: {
    begins: /^(?:```|~~~)\s*\w*$/,
    found: 'a line of a code block of Markdown',
    remedy: "Take these lines out: sed '/^[[:space:]]*```/d; /^[[:space:]]*~~~/d' FILE > fixed.jsonl",
  },
  html: {
    begins: /^<(?:!doctype\s+html|html|head|body)\b/i,
    found: 'a web page among the lines, perhaps the error of a download that was broken off',
    remedy:
      "Download the data again. To keep the lines before it alone: awk 'tolower($0) ~ /^[[:space:]]*<(!doctype|html|head|body)/ {exit} {print}' FILE > fixed.jsonl",
  },
} as const;

export type StrangeLine = keyof typeof STRANGE_LINES;

const ROWS = Object.entries(STRANGE_LINES) as [StrangeLine, (typeof STRANGE_LINES)[StrangeLine]][];
/** The longest mark: the rest of such a line is a name. */
const LOOKED_AT = 100;

/** What left a line, by how it begins; undefined of every other line. */
export function strangeLine(text: string): StrangeLine | undefined {
  if (/^\s*["{[]/.test(text)) return undefined;
  const beginning = text.trim().slice(0, LOOKED_AT);
  return ROWS.find(([, { begins }]) => begins.test(beginning))?.[0];
}
