/** Texts that were spoilt on their way into the file: advice, since each of them may be meant. */
import { ODD_TEXT_LINES, type OddText } from '../../issues/odd-texts.ts';
import type { FileTools } from '../lines/text-file.ts';
import type { Marks } from '../scan/marks.ts';
import type { ProvedLine } from '../scan/proved-lines.ts';
import { hasPlaceholder, PLACEHOLDER_MARKS } from './placeholder.ts';

interface Row {
  kind: OddText;
  /** What is cheap to look for. */
  marks: readonly string[];
  /** Whether the JSON of a line with a mark has it. */
  isIn: (json: string) => boolean;
}

const matches = (pattern: RegExp) => (json: string) => pattern.test(json);

/** How the JSON of a line shows each, escapes aside. */
const ROWS: readonly Row[] = [
  { kind: 'replacement', marks: ['\ufffd'], isIn: () => true },
  { kind: 'mojibake', marks: ['â€', 'Ã'], isIn: matches(/â€|Ã[\u0080-\u00bf\u0192\u201a]/) },
  {
    kind: 'html_entity',
    marks: ['&amp;', '&lt;', '&gt;', '&quot;', '&nbsp;', '&apos;', '&#'],
    isIn: matches(/&(?:amp|lt|gt|quot|nbsp|apos|#\d+|#x[\da-fA-F]+);/),
  },
  { kind: 'literal_newline', marks: ['\\\\n'], isIn: matches(/^(?!.*(?<!\\)(?:\\\\)*\\n)/) },
  {
    kind: 'template_mark',
    marks: ['<|', '[INST]', '\\nHuman:', '### Response:'],
    isIn: matches(
      /<\|(?:endoftext|im_start|im_end|eot_id|begin_of_text|user|assistant)\|>|\[INST\]|\\n\\nHuman:|### Response:/,
    ),
  },
  {
    kind: 'thought',
    marks: ['/think', '|end_of_thought|'],
    isIn: matches(/<\/think>|<\|end_of_thought\|>/),
  },
  { kind: 'placeholder', marks: PLACEHOLDER_MARKS, isIn: hasPlaceholder },
];

/** What an encoder may write as an escape, though JSON asks for none. */
const ESCAPED = /[<>&'\u0080-\uffff]/g;

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0');
}

/** The same JSON without the escapes that it does not need. */
const withoutEscapes = (json: string): string =>
  json.replace(/\\(?:u([\da-fA-F]{4})|.)/g, (written, hex: string | undefined) => {
    const character = hex === undefined ? written.slice(1) : String.fromCharCode(Number.parseInt(hex, 16));
    return character === '/' || (hex !== undefined && character.search(ESCAPED) === 0) ? character : written;
  });

const MARKS = [...new Set(ROWS.flatMap(({ marks }) => marks))];
/** An escape may hide a part of a mark. */
const HIDDEN = [...new Set(MARKS.flatMap((mark) => mark.match(ESCAPED) ?? []))];

/** A line has none of them that has none of these. */
export const ODD_MARKS: Marks = {
  exact: [...MARKS, '\\/'],
  anyCase: [...HIDDEN, '/'].map((character) => `\\u${hexOf(character)}`),
};

/** Makes the look at the lines of one file. */
export function createOddTexts({ report, progress }: FileTools) {
  const odd = {
    /** The same for a line that was proved, which is only decoded where it has a mark. */
    noteProved(line: ProvedLine): void {
      if (progress.line > ODD_TEXT_LINES || !line.mayHoldMark()) return;
      odd.note(line.bytes.toString('utf8', line.start, line.end));
    },
    /** Looks at a line that holds an example; `isMarked`: it is read by the marks of a template. */
    note(line: string, isMarked = false): void {
      if (progress.line > ODD_TEXT_LINES) return;
      const json = line.includes('\\') ? withoutEscapes(line) : line;
      for (const { kind, marks, isIn } of ROWS) {
        if (isMarked && kind === 'template_mark') continue;
        if (marks.some((mark) => json.includes(mark)) && isIn(json)) report('text_looks_spoilt', { kind });
      }
    },
  };
  return odd;
}
