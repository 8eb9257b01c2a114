import { type Token, tokensOf } from './tokens.ts';

/** A place in the words of an expression, moved on as they are taken. */
export interface TokenCursor {
  peek(): Token;
  next(): Token;
  /** Whether this sign is next. */
  is(sign: string): boolean;
  isName(name: string): boolean;
  /** As `is`, and the sign belongs to what stands before it: in an object a new line ends a value, in brackets it does not. */
  goesOn(sign: string): boolean;
  /** Throws an error with what stands there instead. */
  take(word: string): Token;
  /** Takes the sign if it is next, and says whether it was. */
  skip(sign: string): boolean;
  /** Reads with new lines that count, or do not. */
  within<T>(lines: 'lines count' | 'lines do not count', read: () => T): T;
}

const END: Token = { kind: 'end', text: '', onNewLine: true };

export function cursorOf(source: string): TokenCursor {
  const tokens = tokensOf(source);
  let at = 0;
  let doLinesCount = false;

  const peek = () => tokens[at] ?? END;
  const next = () => tokens[at++] ?? END;
  const is = (sign: string) => peek().kind === 'sign' && peek().text === sign;
  const isName = (name: string) => peek().kind === 'name' && peek().text === name;
  return {
    ...{ peek, next, is, isName },
    goesOn: (sign) => is(sign) && !(doLinesCount && peek().onNewLine),
    take(word) {
      if (is(word) || isName(word)) return next();
      throw new Error(`found ${JSON.stringify(peek().text)} where ${word} was expected`);
    },
    skip: (sign) => is(sign) && next().text === sign,
    within(lines, read) {
      const before = doLinesCount;
      doLinesCount = lines === 'lines count';
      const result = read();
      doLinesCount = before;
      return result;
    },
  };
}
