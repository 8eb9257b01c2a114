/** Texts that were spoilt on their way into the file: advice, since each of them may be meant. */
import type { OddText } from '../../issues/odd-texts.ts';
import type { FileTools } from '../lines/text-file.ts';

/** Ours: what an export spoils is spoilt from the beginning on, so that so many lines show it and the others cost nothing. */
const LOOKED_AT = 10_000;

/** How the JSON of a line shows each; the marks are cheap to look for, and a kind that has two stands in two rows. */
const ROWS: readonly { kind: OddText; mark: string; pattern?: RegExp }[] = [
  { kind: 'replacement', mark: '\ufffd' },
  { kind: 'mojibake', mark: 'â€' },
  { kind: 'mojibake', mark: 'Ã', pattern: /Ã[\u0080-\u00bf\u0192\u201a]/ },
  { kind: 'html_entity', mark: '&', pattern: /&(?:amp|lt|gt|quot|nbsp|apos|#\d+|#x[\da-fA-F]+);/ },
  { kind: 'literal_newline', mark: '\\\\n', pattern: /^(?!.*(?<!\\)(?:\\\\)*\\n)/ },
];

/** Ours: the answer stands last in a line, and such a one is short. */
const END = 48;
const PLACEHOLDER = /:\s*"(?:nan|NaN|None|null|NULL|undefined|#N\/A|<NA>|\[object Object\])"[\s}\]]*$/;

/** Makes the look at the lines of one file. */
export function createOddTexts({ report, progress }: FileTools) {
  return {
    /** Looks at a line that holds an example. */
    note(line: string): void {
      if (progress.line > LOOKED_AT) return;
      let last: OddText | undefined;
      for (const { kind, mark, pattern } of ROWS) {
        if (kind === last || !line.includes(mark) || pattern?.test(line) === false) continue;
        last = kind;
        report('text_looks_spoilt', { kind });
      }
      if (PLACEHOLDER.test(line.slice(-END))) report('text_looks_spoilt', { kind: 'placeholder' });
    },
  };
}
