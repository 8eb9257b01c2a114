/**
 * Writes most lines of a file in another form without parsing them: a line of the same shape as one that was converted is written as
 * that one was, with its own texts. What is not proved to be so is converted; without this file everything is written just the same.
 */

import { withoutQuotes } from '../../json/strings.ts';
import type { ParsedObject } from '../../json/values.ts';
import type { FileTools, LineConsumer, RecordSplitter } from '../lines/text-file.ts';
import { NO_MARKS } from './marks.ts';
import { createProvedLines, type ProvedCounter } from './proved-lines.ts';
import { createScanner } from './scanner.ts';
import { createScannedTexts } from './texts.ts';
import type { LineShape, ShapeToken } from './tokens.ts';
import type { TurnsLayout } from './turns.ts';

export interface WrittenLinesOptions {
  layout: TurnsLayout;
  convert: (example: ParsedObject) => object | undefined;
  /** Gets a line that was proved, which the reader does not; `write` gives the JSON of what it is converted to. */
  onProved: (write: () => string) => void;
}

/** The JSON of all lines of a shape: what stands before their texts, and of each its number and what stands behind it. */
interface Template {
  beginning: string;
  texts: { text: number; behind: string }[];
}

/** Makes what cuts a file into lines for a reader. */
export function createWrittenLines(
  { layout, convert, onProved }: WrittenLinesOptions,
  reader: LineConsumer,
  tools: FileTools,
): RecordSplitter {
  const scanner = createScanner();
  const texts = createScannedTexts(scanner);

  function counterOf(shape: LineShape): ProvedCounter | undefined {
    const template = layout.shapeOf(shape) && templateOf(shape, convert);
    return (
      template && {
        isEnough: () => true,
        add: (first) => onProved(() => filled(template, (text) => texts.json(first + text))),
      }
    );
  }

  return createProvedLines(
    { scanner, texts, roles: layout.roles, counterOf },
    { ...reader, marks: NO_MARKS, countProved: (line) => line.add() },
    tools,
  );
}

/** Stands around the number of a text, where one is written only to see where it goes: a character without a meaning, that is in no line which teaches. */
const MARK = '\ue000';
/** Who trims a text, folds its case or cuts its lines does not leave this one as it stands. */
const markedText = (text: number) => ` Aa\n${MARK}${text}${MARK}\t `;
const MARKED = new RegExp(` Aa\\\\n${MARK}(\\d+)${MARK}\\\\t `);

/** How the lines of a shape are written; undefined where that is not their texts alone. */
function templateOf(shape: LineShape, convert: WrittenLinesOptions['convert']): Template | undefined {
  const write = (textOf: (text: number) => string) => {
    const converted = convert(JSON.parse(lineOf(shape, textOf)));
    return converted && JSON.stringify(converted);
  };
  const values = shape.values.filter(({ role }) => role !== 'fixed').map(({ value }) => value);
  const own = write((text) => values[text] ?? '');
  const marked = write(markedText);
  if (own === undefined || own.includes(MARK) || marked === undefined) return undefined;
  const [beginning = '', ...rest] = marked.split(MARKED);
  const pairs = rest.flatMap((part, index) =>
    index % 2 === 0 ? { text: Number(part), behind: rest[index + 1] ?? '' } : [],
  );
  const template = { beginning, texts: pairs };
  return filled(template, (text) => withoutQuotes(values[text] ?? '')) === own ? template : undefined;
}

/** In the place of what nobody reads. */
const UNUSED: Partial<Record<ShapeToken['kind'], string>> = { filled: '"x"', present: '0' };

/** A line of a shape, with these texts. */
function lineOf({ tokens }: LineShape, textOf: (text: number) => string): string {
  let text = 0;
  const written = tokens.map(
    ({ kind, source }) => UNUSED[kind] ?? (source || `"${withoutQuotes(textOf(text++))}"`),
  );
  return written.join('');
}

function filled({ beginning, texts }: Template, jsonOfText: (text: number) => string): string {
  let line = beginning;
  for (const { text, behind } of texts) line += jsonOfText(text) + behind;
  return line;
}
