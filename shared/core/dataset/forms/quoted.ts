/** Tells of a text whether what follows it is quoted in it. */

/** Signs of which one opens a quote and the next one closes it. */
const SIGNS = ['"', '`'] as const;

/** Whether it ends within a block of code, or within a quote on its last line. */
export function isQuoteOpen(text: string): boolean {
  const fences = text.match(/^[ \t]*```/gm)?.length ?? 0;
  if (fences % 2 === 1) return true;
  const line = text.slice(text.trimEnd().lastIndexOf('\n') + 1).replaceAll('```', '');
  return SIGNS.some((sign) => countOf(line, sign) % 2 === 1) || countOf(line, '“') > countOf(line, '”');
}

/** Whether it ends where a sentence goes on in the same line, or with a colon, which announces what follows. */
export function leadsOn(text: string): boolean {
  const said = text.trimEnd();
  const isInLine = said.length < text.length && !text.includes('\n', said.length);
  return /[:：]$/.test(said) || (isInLine && /[\p{L},;]$/u.test(said));
}

const countOf = (text: string, sign: string) => text.split(sign).length - 1;
