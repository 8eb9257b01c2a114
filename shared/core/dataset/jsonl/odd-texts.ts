/** Texts that were spoilt on their way into the file: advice, since each of them may be meant. */
import type { OddText } from '../../issues/odd-texts.ts';
import type { FileTools } from '../lines/text-file.ts';

/** Ours: what an export spoils is spoilt from the beginning on, so that so many lines show it and the others cost nothing. */
const LOOKED_AT = 10_000;

/** How the JSON of a line shows each; the marks that come first are cheap to look for. */
const ROWS: readonly { kind: OddText; mark: string; pattern?: RegExp }[] = [
  { kind: 'replacement', mark: '\ufffd' },
  { kind: 'mojibake', mark: 'â€' },
  { kind: 'mojibake', mark: 'Ã', pattern: /Ã[\u0080-\u00bf\u0192\u201a]/ },
  { kind: 'html_entity', mark: '&', pattern: /&(?:amp|lt|gt|quot|nbsp|apos|#\d+|#x[\da-fA-F]+);/ },
  { kind: 'literal_newline', mark: '\\\\n', pattern: /^(?!.*(?<!\\)(?:\\\\)*\\n)/ },
  {
    kind: 'placeholder',
    mark: '"',
    pattern:
      /"(?:output_text|completion|content|text|output|answer|response|value)"\s*:\s*"(?:nan|NaN|None|null|NULL|undefined|#N\/A|<NA>|\[object Object\])"/,
  },
];

/** Makes the look at the lines of one file. */
export function createOddTexts({ report, progress }: FileTools) {
  return {
    /** Looks at a line that holds an example. */
    note(line: string): void {
      if (progress.line > LOOKED_AT) return;
      const kinds = ROWS.filter(({ mark, pattern }) => line.includes(mark) && (pattern?.test(line) ?? true));
      for (const kind of new Set(kinds.map((row) => row.kind))) report('text_looks_spoilt', { kind });
    },
  };
}
