import { correctText, type TextOptions } from '../../shared/core/dataset/fix/correct-text.ts';
import { byLine } from '../../shared/core/dataset/fix/correction-log.ts';

/** A file that is read in pieces of so many bytes. */
const opened = (bytes: Uint8Array, cut: number) =>
  async function* open() {
    for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
  };

/** What becomes of a file, and `kind line` of each correction. */
export async function corrected(
  file: string | Uint8Array,
  { cut = 1024 * 1024, ...options }: Partial<TextOptions> & { cut?: number } = {},
) {
  const bytes = Buffer.from(file);
  const read = await correctText(opened(bytes, cut), { uri: 'train.jsonl', what: 'examples', ...options });
  if ('why' in read) return { why: read.why, corrections: [], text: '', sources: [] };
  let text = '';
  for await (const part of read.lines) text += part;
  const lines = text === '' ? 0 : text.split('\n').length - 1;
  return {
    why: read.whyNot(),
    text,
    corrections: [...byLine(read.corrections.groups())].map(({ kind, line }) =>
      line === undefined ? kind : `${kind} ${line}`,
    ),
    sources: Array.from({ length: lines }, (_, index) => read.sources.of(index + 1)),
  };
}
