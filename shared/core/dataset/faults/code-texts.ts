/** Recognises the examples in code: what a program has around them, and comments, which JSON does not have. */
import { parsedOrNot } from '../../json/parsed.ts';
import { type Beginning, LAYOUT_BYTES } from './beginning.ts';

const BLOCK = String.raw`/\*[^*]*\*+(?:[^/*][^*]*\*+)*/`;
const SPACE = String.raw`(?:\s|//[^\n]*|#[^\n]*|${BLOCK})*`;
const BEFORE = String.raw`(?:['"]use strict['"];?|import\s[^\n]*|from\s[^\n]*|(?:const|let|var)\s[\w\s{},]{1,80}=\s*require\([^)\n]*\);?)`;
const NAME = String.raw`[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[["']\w+["']\])*`;
const TYPE = String.raw`(?::\s?[\w<>. ]{1,60}(?:\[\])?)?`;
const BEGIN = String.raw`(?:export\s+default|return|(?:export\s+)?(?:(?:const|let|var)\s+)?${NAME}${TYPE}\s*=|${NAME}\s*\()`;
/** What stands before a list or an object that has a name, or that a function is called with. */
const CODE = new RegExp(String.raw`^${SPACE}(?:${BEFORE}${SPACE})*${BEGIN}${SPACE}(?=\[|\{\s*["'\w$]+\s*:)`);
/** What may stand behind it and says nothing of it. */
const BEHIND =
  /^\s*(?:as const\b)?\s*\)?\s*;?\s*(?:(?:export\s+default\s+[\w$]+|module\.exports\s*=\s*[\w$]+|export\s*\{\s*[\w$]+\s*\})\s*;?\s*)*$/;

const beginningOf = ({ bytes }: Beginning) => bytes.toString('utf8', 0, LAYOUT_BYTES);

export const isCode = (beginning: Beginning): boolean => CODE.test(beginningOf(beginning));

/** The list or the object alone, each on its own line as before. */
export function outOfCode(text: string): string {
  const before = CODE.exec(text)?.[0] ?? '';
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}')) + 1;
  const isHarmless = end > before.length && BEHIND.test(text.slice(end));
  return `${linesOf(before)}${text.slice(before.length, isHarmless ? end : undefined)}`;
}

const linesOf = (text: string) => text.replaceAll(/[^\n]/g, '');

const COMMENT = String.raw`//[^\n]*|${BLOCK}|#(?<=^[ \t]*#)[^\n]*`;
const tokens = (inText: string) =>
  new RegExp(String.raw`"(?:[^"\\${inText}]|\\[^])*"?|'(?:[^'\\\n]|\\.)*'?|(${COMMENT})`, 'gm');
/** Texts that end where their quote does, and texts that end with their line: a file may be broken in either way. */
const [BY_QUOTES, BY_LINES] = [tokens(''), tokens(String.raw`\n`)];

interface Comment {
  at: number;
  text: string;
}

/** The comments of which it is certain that they are in no text. */
function commentsIn(text: string): Comment[] {
  const outside = new Set(foundBy(BY_LINES, text).map(({ at }) => at));
  return foundBy(BY_QUOTES, text).filter(({ at }) => outside.has(at));
}

function foundBy(pattern: RegExp, text: string): Comment[] {
  const found: Comment[] = [];
  for (const { index: at, 1: comment } of text.matchAll(pattern)) {
    // Behind a colon or a letter it is a part of an address.
    if (comment !== undefined && !/[^\s,[\]{}();"']/.test(text[at - 1] ?? ' '))
      found.push({ at, text: comment });
  }
  return found;
}

/** A text without its comments, of which the line feeds stay. */
export function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { at, text: comment } of commentsIn(text)) {
    parts.push(text.slice(from, at), linesOf(comment));
    from = at + comment.length;
  }
  return [...parts, text.slice(from)].join('');
}

/** Whether comments stand among the examples: on lines of their own, or behind what is JSON without them. */
export function hasComments(beginning: Beginning): boolean {
  if (!beginning.values.includes(undefined)) return false;
  const text = beginningOf(beginning);
  if (!/\/[/*]|^[ \t]*#/m.test(text)) return false;
  const isCertain = ({ at }: Comment) => {
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trim();
    return /^[\s[\]{},]*$/.test(line) || isPart(line);
  };
  return commentsIn(text).some(isCertain) && /^\s*[[{]/.test(withoutComments(text));
}

/** Whether a line is JSON, or a part of an object that is laid out. */
const isPart = (line: string) => {
  const part = line.replace(/,$/, '');
  return parsedOrNot(part) !== undefined || parsedOrNot(`{${part}}`) !== undefined;
};
