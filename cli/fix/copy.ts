import { copyFileSync, createReadStream, createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { correctText } from '../../shared/core/dataset/fix/correct-text.ts';
import { type CorrectionLog, createCorrectionLog } from '../../shared/core/dataset/fix/correction-log.ts';
import type { LineCorrections } from '../../shared/core/dataset/fix/line-corrections.ts';
import { createSourceLines, type SourceLines } from '../../shared/core/dataset/fix/source-lines.ts';
import { rewriteRecords } from '../../shared/core/dataset/lines/rewrite-records.ts';
import { lossWords } from '../../shared/core/issues/conversion.ts';
import { FOREIGN_FORMATS } from '../../shared/core/issues/foreign-formats.ts';
import type { DataKey } from '../../shared/core/models/data-keys.ts';
import type { Conversion } from '../../shared/flows/check-data.ts';
import { namedAsLines, namedAsPart } from './names.ts';

const CHUNK_BYTES = 1024 * 1024;

/** The copy of one data file, as it is corrected. */
export interface Copy {
  key: DataKey;
  /** The file itself, on this machine. */
  source: string;
  /** Its name in its folder, and whether that is another one than the manifest's. */
  wanted: string;
  isOutside: boolean;
  /** The folder that the copy is in, and its name there. */
  dir: string;
  name: string;
  corrections: CorrectionLog;
  sources: SourceLines;
  /** Why it stays as it was, where a person has to deal with it. */
  why?: string | undefined;
}

export interface CopyOptions {
  encoding?: string | undefined;
  /** Makes a name that no other copy has. */
  nameOf: (wanted: string) => string;
}

type Beginning = Pick<Copy, 'key' | 'source' | 'dir' | 'wanted' | 'isOutside'>;

/** Copies a file, its text corrected as far as that needs no check of what it says. */
export async function copyFile(begin: Beginning, { encoding, nameOf }: CopyOptions): Promise<Copy> {
  const { key, source, dir } = begin;
  const path = join(dir, UNNAMED);
  const what = key.endsWith('label_path') ? 'labels' : 'examples';
  const corrected = await correctText(() => readFile(source), { uri: source, what, encoding });
  const asItWas = { ...begin, corrections: createCorrectionLog(), sources: createSourceLines() };
  if ('why' in corrected) return copyAsItIs({ ...asItWas, name: nameOf(begin.wanted), why: corrected.why });
  const { container, corrections, sources, lines } = corrected;
  await writeFile(path, lines);
  const why = corrected.whyNot();
  if (why !== undefined || corrections.isEmpty) {
    rmSync(path);
    return copyAsItIs({ ...asItWas, name: nameOf(begin.wanted), why });
  }
  const name = nameOf(container.kind === 'lines' ? begin.wanted : namedAsLines(begin.wanted));
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  renameSync(path, join(dir, name));
  return { ...begin, name, corrections, sources };
}

/** What a copy is called while nobody knows what it will be. */
const UNNAMED = '.unnamed';

function copyAsItIs(copy: Copy): Copy {
  const path = join(copy.dir, copy.name);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(copy.source, path);
  return copy;
}

/** Corrects the lines of a copy; whether any was. */
export async function correctLines(
  copy: Copy,
  { correct }: Pick<LineCorrections, 'correct'>,
): Promise<boolean> {
  const { corrections, sources: before } = copy;
  const sources = createSourceLines();
  let areAny = false;
  const lines = rewriteRecords(readFile(join(copy.dir, copy.name)), undefined, (text, line) => {
    const corrected = correct(text, line);
    const source = before.of(line);
    if (corrected) {
      areAny = true;
      corrections.add({ kind: corrected.kind, line: source, detail: corrected.detail });
    }
    const written = corrected ? corrected.text : text;
    if (written === undefined) return '';
    sources.add(source);
    return `${written}\n`;
  });
  await writeFile(`${join(copy.dir, copy.name)}${NEXT}`, lines);
  if (areAny) replaceFile(copy, copy.name);
  else rmSync(`${join(copy.dir, copy.name)}${NEXT}`);
  if (areAny) copy.sources = sources;
  return areAny;
}

/** Writes a copy in the form of the model. */
export async function convertCopy(
  copy: Copy,
  conversion: Conversion,
  { nameOf }: CopyOptions,
): Promise<void> {
  const { from, to, losses, rewrite } = conversion;
  const lost = losses.length > 0 ? `; lost: ${losses.map(lossWords).join('; ')}` : '';
  const detail = `from ${FOREIGN_FORMATS[from].name} to ${FOREIGN_FORMATS[to].name}${lost}`;
  copy.corrections.add({ kind: 'form', detail });
  const path = join(copy.dir, copy.name);
  await writeFile(`${path}${NEXT}`, rewrite(readFile(path)));
  replaceFile(copy, nameOfConverted(copy, conversion, nameOf));
}

/** One file of triples is written as several. */
function nameOfConverted(
  { key, wanted, name }: Copy,
  { from, to }: Conversion,
  nameOf: CopyOptions['nameOf'],
): string {
  if (from !== 'triples') return name;
  const part = to === 'labels' ? key.replace('_path', 's') : key.replace('_path', '');
  return nameOf(namedAsPart(wanted, part, to === 'labels' ? '.tsv' : '.jsonl'));
}

/** What the next state of a copy is called while it is written. */
const NEXT = '.next';

function replaceFile(copy: Copy, name: string): void {
  const path = join(copy.dir, copy.name);
  rmSync(path);
  copy.name = name;
  renameSync(`${path}${NEXT}`, join(copy.dir, name));
}

async function writeFile(path: string, lines: AsyncIterable<string>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await pipeline(Readable.from(lines), createWriteStream(path));
}

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) yield chunk as Buffer;
}
