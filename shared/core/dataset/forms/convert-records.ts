import { exactJson, mayChangeNumbers, parseExactly } from '../../json/exact.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Container } from '../containers/container.ts';
import { splitterOf } from '../containers/splitters.ts';
import { type RewritingConsumer, rewriteRecords } from '../lines/rewrite-records.ts';
import type { FileTools, RecordSplitter } from '../lines/text-file.ts';
import type { TurnsLayout } from '../scan/turns.ts';
import { createWrittenLines } from '../scan/written-lines.ts';
import { LAYOUTS } from './layouts.ts';
import type { FormName } from './names.ts';

/** Whether an example is in a part of a file, by its number from 1. */
export type IsTaken = (example: number) => boolean;

export interface RewriteOptions {
  /** Without it every example. */
  isTaken?: IsTaken | undefined;
  /** Gets the line of the file that each written line comes from. */
  onLine?: ((line: number) => void) | undefined;
}

export interface RecordConversion extends RewriteOptions {
  container: Container;
  from: FormName;
  convert: (example: ParsedObject) => object | undefined;
  /** Whether every line is parsed, also where another was of the same shape: slower, with the same result. */
  isPlain?: boolean | undefined;
}

/** Converts the records of a file that was checked and has no errors: one line an example, without those that are left out. */
export function convertRecords(
  chunks: AsyncIterable<Uint8Array>,
  { container, from, convert, isPlain = false, isTaken = () => true, onLine = () => {} }: RecordConversion,
): AsyncGenerator<string> {
  const layout = isPlain || container.kind !== 'lines' ? undefined : LAYOUTS[from];

  function write(make: () => string, example: number, line: number): string {
    const converted = isTaken(example) ? make() : '';
    if (converted !== '') onLine(line);
    return converted;
  }

  function writeLines(layout: TurnsLayout, reader: RewritingConsumer, tools: FileTools): RecordSplitter {
    const onProved = (make: () => string) =>
      reader.writeRecord((example, line) => write(() => `${make()}\n`, example, line));
    return createWrittenLines({ layout, convert, onProved }, reader, tools);
  }

  return rewriteRecords(chunks, {
    split: layout ? (reader, tools) => writeLines(layout, reader, tools) : splitterOf(container),
    write: (text, example, line) => write(() => convertRecord(text, convert), example, line),
  });
}

/** Some lines of a file that was checked and has no errors, as they are. */
export function takeLines(
  chunks: AsyncIterable<Uint8Array>,
  { isTaken = () => true }: Pick<RewriteOptions, 'isTaken'>,
): AsyncGenerator<string> {
  return rewriteRecords(chunks, {
    write: (text, example) => (isTaken(example) ? `${text}\n` : ''),
  });
}

function convertRecord(text: string, convert: (example: ParsedObject) => object | undefined): string {
  // Most records have no number that is written otherwise, and are read and written faster then.
  const mayChange = mayChangeNumbers(text);
  const example: unknown = mayChange ? parseExactly(text) : JSON.parse(text);
  if (!isObject(example)) throw new RangeError('a record that is no object was to be converted');
  const converted = convert(example);
  if (!converted) return '';
  return `${mayChange ? exactJson(converted) : JSON.stringify(converted)}\n`;
}
