/** Recognises elements of XML, and tells data from the error of a storage service and from a web page. */
import { type Beginning, LAYOUT_BYTES } from './beginning.ts';

/** Declarations, comments and the type of the document, which stand before the first element. */
const BEFORE = /^(?:\s|<\?[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?\s*>)*/i;
const ELEMENT = /^<([A-Za-z_][\w.:-]*)(?:\s[^<>]*)?\/?>/;
const OF_PAGES = /^(?:html|head|body|div|section|article|main|table|p|script|style)$/i;

/** The name of the first element; undefined where no element begins the text, or none ends in it. */
function elementOf({ bytes }: Beginning): string | undefined {
  const text = bytes.toString('utf8', 0, LAYOUT_BYTES);
  if (!text.trimStart().startsWith('<')) return undefined;
  const rest = text.slice(BEFORE.exec(text)?.[0].length ?? 0);
  return /<\/[A-Za-z_]|\/>/.test(rest) ? ELEMENT.exec(rest)?.[1] : undefined;
}

/** What a storage service answers in place of a file. */
export const isErrorOfStorage = (beginning: Beginning): boolean =>
  elementOf(beginning) === 'Error' || /^<Error>/.test(beginning.lines[0] ?? '');

/** A web page behind a comment or a declaration. */
export const isPage = (beginning: Beginning): boolean => OF_PAGES.test(elementOf(beginning) ?? '');

export const isXml = (beginning: Beginning): boolean =>
  elementOf(beginning) !== undefined || /^<\?xml\b/i.test(beginning.lines[0] ?? '');
