/** One word of an expression. Texts keep their templates unread. */
export interface Token {
  kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  text: string;
  /** Stands on another line than the word before it. */
  onNewLine: boolean;
}

const SPACE = /^(?:[ \t\r]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/;
const WORDS: [Token['kind'], RegExp][] = [
  ['number', /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/],
  ['name', /^[\p{L}_][\p{L}\p{N}_-]*/u],
  ['sign', /^(?:=>|==|!=|<=|>=|&&|\|\||\.\.\.|[-+*/%!<>=?:.,()[\]{}])/],
];

/** The words of an expression in HCL's own syntax. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let onNewLine = false;
  const push = (kind: Token['kind'], text: string, length: number) => {
    tokens.push({ kind, text, onNewLine });
    onNewLine = false;
    at += length;
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const space = SPACE.exec(rest)?.[0];
    if (space) at += space.length;
    else if (rest.startsWith('\n')) {
      onNewLine = true;
      at++;
    } else if (rest.startsWith('"')) {
      const end = endOfText(source, at);
      push('text', source.slice(at + 1, end), end + 1 - at);
    } else {
      const found = WORDS.map(([kind, pattern]) => ({ kind, text: pattern.exec(rest)?.[0] })).find(
        ({ text }) => text,
      );
      if (!found?.text) throw new Error(`cannot read ${JSON.stringify(rest.slice(0, 20))}`);
      push(found.kind, found.text, found.text.length);
    }
  }
  tokens.push({ kind: 'end', text: '', onNewLine: true });
  return tokens;
}

/** Where the quote is that ends the text beginning at `start`; templates in it may have quotes of their own. */
function endOfText(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith('$${', at)) at += 2;
    else if (source.startsWith('${', at)) at = endOfTemplate(source, at);
    else if (source[at] === '"') return at;
  }
  throw new Error('a text is not closed');
}

/** Where the brace is that closes the template whose `${` is at `start`. */
export function endOfTemplate(source: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '"') at = endOfText(source, at);
    else if (source[at] === '{') depth++;
    else if (source[at] === '}' && --depth === 0) return at;
  }
  throw new Error('a template is not closed');
}
