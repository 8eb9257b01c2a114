import { correctText, type TextOptions } from '../../shared/core/dataset/fix/correct-text.ts';
import { createCorrectionLog } from '../../shared/core/dataset/fix/correction-log.ts';
import type { OpenFile } from '../../shared/core/dataset/fix/encoding.ts';
import type { NumberList } from '../../shared/core/dataset/fix/number-list.ts';
import { createSourceLines } from '../../shared/core/dataset/fix/source-lines.ts';

/** A file that is read in pieces of so many bytes. */
const opened = (bytes: Uint8Array, cut: number) =>
  async function* open() {
    for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
  };

/** What becomes of a file, and `kind line` of each correction. */
export async function corrected(
  file: string | Uint8Array,
  { cut = 1024 * 1024, open, ...options }: Partial<TextOptions> & { cut?: number; open?: OpenFile } = {},
) {
  const bytes = Buffer.from(file);
  const corrections: string[] = [];
  let [text, sources] = ['', numbers()];
  const read = await correctText(
    open ?? opened(bytes, cut),
    { uri: 'train.jsonl', what: 'examples', ...options },
    {
      begin() {
        [text, sources] = ['', numbers()];
        corrections.length = 0;
        return {
          corrections: createCorrectionLog(({ kind, line }) => void corrections.push(`${kind} ${line}`)),
          sources: createSourceLines(sources),
        };
      },
      async write(lines) {
        for await (const part of lines) text += part;
      },
    },
  );
  if ('why' in read) return { why: read.why, corrections: [], text: '', sources: [] };
  const ofFile = read.corrections.groups().filter(({ count }) => count === 0);
  const lines = text === '' ? 0 : text.split('\n').length - 1;
  return {
    why: undefined,
    text,
    corrections: [...ofFile.map(({ kind }) => kind), ...corrections],
    sources: Array.from({ length: lines }, (_, index) => read.sources.of(index + 1)),
  };
}

/** In memory. */
function numbers(): NumberList {
  const list: number[] = [];
  return {
    get size() {
      return list.length;
    },
    add: (number) => void list.push(number),
    at: (index) => list[index] ?? 0,
  };
}
