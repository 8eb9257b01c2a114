import { exactJson, mayChangeNumbers, parseExactly } from '../../json/exact.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Container } from '../containers/container.ts';
import { splitterOf } from '../containers/splitters.ts';
import { rewriteRecords } from '../lines/rewrite-records.ts';

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
  convert: (example: ParsedObject) => object | undefined;
}

/** Converts the records of a file that was checked and has no errors: one line an example, without those that are left out. */
export function convertRecords(
  chunks: AsyncIterable<Uint8Array>,
  { container, convert, isTaken = () => true, onLine = () => {} }: RecordConversion,
): AsyncGenerator<string> {
  return rewriteRecords(chunks, splitterOf(container), (text, example, line) => {
    const converted = isTaken(example) ? convertRecord(text, convert) : '';
    if (converted !== '') onLine(line);
    return converted;
  });
}

/** Some lines of a file that was checked and has no errors, as they are. */
export function takeLines(
  chunks: AsyncIterable<Uint8Array>,
  { isTaken = () => true }: Pick<RewriteOptions, 'isTaken'>,
): AsyncGenerator<string> {
  return rewriteRecords(chunks, undefined, (text, example) => (isTaken(example) ? `${text}\n` : ''));
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
