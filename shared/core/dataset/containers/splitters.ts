import type { SplitRecords } from '../lines/text-file.ts';
import type { Container } from './container.ts';
import { createJsonValues } from './json-values.ts';
import { createParagraphs } from './paragraphs.ts';
import { createTableRows } from './table.ts';

/** How a file is cut into its records; undefined where each is a line. */
export function splitterOf(container: Container): SplitRecords | undefined {
  if (container.kind === 'lines') return undefined;
  if (container.kind === 'paragraphs') return createParagraphs;
  if (container.kind !== 'table') return (reader, tools) => createJsonValues(container, reader, tools);
  return (reader, tools) => createTableRows(container, reader, tools);
}
