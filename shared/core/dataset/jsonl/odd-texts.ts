/** Texts that were spoilt on their way into the file: advice, since each of them may be meant. */
import type { OddText } from '../../issues/odd-texts.ts';
import { createByteFinder } from '../containers/byte-finder.ts';
import type { FileTools } from '../lines/text-file.ts';
import type { LineBytes } from '../scan/proved-lines.ts';

/** Ours: what an export spoils is spoilt from the beginning on, so that so many lines show it and the others cost nothing. */
const LOOKED_AT = 10_000;

/** How the JSON of a line shows each; the marks are cheap to look for, and a kind that has two stands in two rows. */
const ROWS: readonly { kind: OddText; mark: string; pattern?: RegExp }[] = [
  { kind: 'replacement', mark: '\ufffd' },
  { kind: 'mojibake', mark: 'â€' },
  { kind: 'mojibake', mark: 'Ã', pattern: /Ã[\u0080-\u00bf\u0192\u201a]/ },
  { kind: 'html_entity', mark: '&', pattern: /&(?:amp|lt|gt|quot|nbsp|apos|#\d+|#x[\da-fA-F]+);/ },
  { kind: 'literal_newline', mark: '\\\\n', pattern: /^(?!.*(?<!\\)(?:\\\\)*\\n)/ },
  {
    kind: 'template_mark',
    mark: '<|',
    pattern: /<\|(?:endoftext|im_start|im_end|eot_id|begin_of_text|user|assistant)\|>/,
  },
  { kind: 'thought', mark: '</think>' },
  { kind: 'thought', mark: '<|end_of_thought|>' },
  { kind: 'template_mark', mark: '[INST]' },
  { kind: 'template_mark', mark: '\\nHuman:', pattern: /\\n\\nHuman:/ },
  { kind: 'template_mark', mark: '### Response:' },
];

/** Ours: the answer stands last in a line, and such a one is short. */
const END = 48;
const PLACEHOLDER = /:\s*"(?:nan|NaN|None|null|NULL|undefined|#N\/A|<NA>|\[object Object\])"[\s}\]]*$/;

/** Makes the look at the lines of one file. */
export function createOddTexts({ report, progress }: FileTools) {
  const marks = ROWS.map(({ mark }) => createByteFinder(mark));

  function notePlaceholder(end: string): void {
    if (PLACEHOLDER.test(end)) report('text_looks_spoilt', { kind: 'placeholder' });
  }

  const odd = {
    /** The same for a line that is UTF-8, which is only decoded where it has a mark. */
    noteBytes({ bytes, start, end }: LineBytes): void {
      if (progress.line > LOOKED_AT) return;
      if (marks.some((mark) => mark.next(bytes, start) < end)) odd.note(bytes.toString('utf8', start, end));
      else notePlaceholder(bytes.toString('latin1', Math.max(start, end - END), end));
    },
    /** Looks at a line that holds an example; `isMarked`: it is read by the marks of a template. */
    note(line: string, isMarked = false): void {
      if (progress.line > LOOKED_AT) return;
      let last: OddText | undefined;
      for (const { kind, mark, pattern } of ROWS) {
        if (
          kind === last ||
          (isMarked && kind === 'template_mark') ||
          !line.includes(mark) ||
          pattern?.test(line) === false
        )
          continue;
        last = kind;
        report('text_looks_spoilt', { kind });
      }
      notePlaceholder(line.slice(-END));
    },
  };
  return odd;
}
