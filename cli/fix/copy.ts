import {
  constants,
  copyFileSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
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
import type { LineLog } from './line-log.ts';
import { namedAsLines, namedAsPart } from './names.ts';
import type { Notes } from './notes.ts';

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
  /** Every line that was corrected. */
  lineLog: LineLog;
  sources: SourceLines;
  isConverted: boolean;
  /** Why it stays as it was, where a person has to deal with it. */
  why?: string | undefined;
}

export interface CopyOptions {
  encoding?: string | undefined;
  notes: Notes;
  /** Makes a name that no other copy has. */
  nameOf: (wanted: string) => string;
}

type Beginning = Pick<Copy, 'key' | 'source' | 'dir' | 'wanted' | 'isOutside'>;

/** Copies a file, its text corrected as far as that needs no check of what it says. */
export async function copyFile(
  beginning: Beginning,
  { encoding, nameOf, notes }: CopyOptions,
): Promise<Copy> {
  const { key, source, dir, wanted } = beginning;
  const path = join(dir, UNNAMED);
  const what = key.endsWith('label_path') ? 'labels' : 'examples';
  const lineLog = notes.lineLog();
  const begin = () => {
    lineLog.clear();
    lineLog.begin();
    return { corrections: createCorrectionLog(lineLog.add), sources: createSourceLines(notes.numbers()) };
  };
  const corrected = await correctText(
    () => readFile(source),
    { uri: source, what, encoding },
    { begin, write: (lines) => writeFile(path, lines) },
  );
  const isAsItIs = 'why' in corrected || corrected.corrections.isEmpty;
  if (isAsItIs) {
    rmSync(path, { force: true });
    const why = 'why' in corrected ? corrected.why : undefined;
    return copyAsItIs({ ...beginning, ...begin(), lineLog, isConverted: false, name: nameOf(wanted), why });
  }
  const { container, ...noted } = corrected;
  const name = nameOf(container.kind === 'lines' ? wanted : namedAsLines(wanted));
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  renameSync(path, join(dir, name));
  return { ...beginning, ...noted, lineLog, isConverted: false, name };
}

/** What a copy is called while nobody knows what it will be. */
const UNNAMED = '.unnamed';

function copyAsItIs(copy: Copy): Copy {
  const path = join(copy.dir, copy.name);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(copy.source, path, constants.COPYFILE_FICLONE);
  return copy;
}

/** What is to be made of a copy. */
export interface CopyChange {
  /** Of its lines, where any may have to be corrected. */
  lines?: LineCorrections | undefined;
  /** Into the form of the model. */
  conversion?: Conversion | undefined;
}

/** Writes a copy once more, its lines corrected and then converted; whether anything was changed. */
export async function changeCopy(
  copy: Copy,
  { lines, conversion }: CopyChange,
  { nameOf, notes }: CopyOptions,
): Promise<boolean> {
  if (!lines && !conversion) return false;
  const path = join(copy.dir, copy.name);
  const corrected = lines && correctLines(copy, lines, notes);
  const chunks = corrected ? asBytes(corrected.lines) : readFile(path);
  const before = corrected?.sources ?? copy.sources;
  const sources = createSourceLines(notes.numbers());
  const converted = conversion?.rewrite(chunks, { onLine: (line) => sources.add(before.of(line)) });
  await writeFile(`${path}${NEXT}`, converted ?? chunks);
  const isChanged = conversion !== undefined || corrected?.areAny() === true;
  if (!isChanged) rmSync(`${path}${NEXT}`);
  else replaceFile(copy, conversion ? nameOfConverted(copy, conversion, nameOf) : copy.name);
  if (isChanged) copy.sources = conversion ? sources : before;
  if (conversion) noteConversion(copy, conversion);
  return isChanged;
}

function noteConversion(copy: Copy, { from, to, losses }: Conversion): void {
  const lost = losses.length > 0 ? `; lost: ${losses.map(lossWords).join('; ')}` : '';
  const detail = `from ${FOREIGN_FORMATS[from].name} to ${FOREIGN_FORMATS[to].name}${lost}`;
  copy.corrections.add({ kind: 'form', detail });
  copy.isConverted = true;
}

/** The lines of a copy as they are corrected; what is said of them holds once they are read. */
function correctLines(copy: Copy, { correct }: LineCorrections, notes: Notes) {
  const { corrections, lineLog, sources: before } = copy;
  const sources = createSourceLines(notes.numbers());
  let areAny = false;
  lineLog.begin();
  function write(text: string, line: number): string {
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
  }
  const lines = rewriteRecords(readFile(join(copy.dir, copy.name)), { write });
  return { lines, sources, areAny: () => areAny };
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

async function writeFile(path: string, lines: AsyncIterable<string | Uint8Array>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await pipeline(Readable.from(lines), createWriteStream(path));
}

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) yield chunk as Buffer;
}

async function* asBytes(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of lines) yield Buffer.from(text);
}
