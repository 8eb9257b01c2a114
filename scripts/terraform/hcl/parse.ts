import { cursorOf, type TokenCursor } from './cursor.ts';
import { type Expression, SPLAT_ELEMENT } from './syntax.ts';
import { endOfTemplate } from './tokens.ts';
import { NoAnswer } from './values.ts';

/** A text with `${…}` in it, as hcl2json leaves texts and expressions alike. */
export function parseTemplate(text: string): Expression {
  const parts: Expression[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') parts.push({ kind: 'literal', value: literal });
    literal = '';
  };
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith('$${', at) || text.startsWith('%%{', at)) {
      literal += text.slice(at + 1, at + 3);
      at += 2;
    } else if (text.startsWith('%{', at)) {
      throw new NoAnswer(`${JSON.stringify(text.slice(at, at + 20))}: directives in texts are not read here`);
    } else if (text.startsWith('${', at)) {
      flush();
      const end = endOfTemplate(text, at);
      parts.push(parseExpression(text.slice(at + 2, end)));
      at = end;
    } else literal += text[at];
  }
  flush();
  const [only] = parts;
  if (!only) return { kind: 'literal', value: '' };
  return parts.length === 1 ? only : { kind: 'template', parts };
}

/** An expression in HCL's syntax. Throws an error with what was not understood. */
function parseExpression(source: string): Expression {
  const cursor = cursorOf(source);
  const parsed = expression(cursor);
  if (cursor.peek().kind !== 'end') throw new Error(`${JSON.stringify(cursor.peek().text)} is left over`);
  return parsed;
}

const PRECEDENCE = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];
const LITERALS: Record<string, boolean | null> = { true: true, false: false, null: null };
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

function expression(cursor: TokenCursor): Expression {
  const condition = binary(cursor, 0);
  if (!cursor.goesOn('?')) return condition;
  cursor.next();
  const yes = expression(cursor);
  cursor.take(':');
  return { kind: 'conditional', condition, yes, no: expression(cursor) };
}

function binary(cursor: TokenCursor, level: number): Expression {
  const operators = PRECEDENCE[level];
  if (!operators) return unary(cursor);
  let left = binary(cursor, level + 1);
  while (operators.some(cursor.goesOn)) {
    const operator = cursor.next().text;
    left = { kind: 'binary', operator, left, right: binary(cursor, level + 1) };
  }
  return left;
}

function unary(cursor: TokenCursor): Expression {
  if (!cursor.is('!') && !cursor.is('-')) return steps(cursor, primary(cursor));
  return { kind: 'unary', operator: cursor.next().text, of: unary(cursor) };
}

/** What follows a value: `.name`, `[key]`, and the splats `.*` and `[*]`, which take the rest of the steps with them. */
function steps(cursor: TokenCursor, of: Expression): Expression {
  if (cursor.goesOn('.')) {
    cursor.next();
    if (cursor.skip('*')) return splat(cursor, of);
    return steps(cursor, { kind: 'get', of, name: cursor.next().text });
  }
  if (!cursor.goesOn('[')) return of;
  cursor.next();
  if (cursor.skip('*')) {
    cursor.take(']');
    return splat(cursor, of);
  }
  const key = cursor.within('lines do not count', () => expression(cursor));
  cursor.take(']');
  return steps(cursor, { kind: 'index', of, key });
}

function splat(cursor: TokenCursor, of: Expression): Expression {
  return { kind: 'splat', of, each: steps(cursor, { kind: 'name', name: SPLAT_ELEMENT }) };
}

function primary(cursor: TokenCursor): Expression {
  const { kind, text } = cursor.next();
  if (kind === 'number') return { kind: 'literal', value: Number(text) };
  if (kind === 'text') return quoted(text);
  if (kind === 'name') return named(cursor, text);
  if (text === '(') {
    const inner = cursor.within('lines do not count', () => expression(cursor));
    cursor.take(')');
    return inner;
  }
  if (text === '[') return cursor.isName('for') ? loop(cursor, ']') : list(cursor);
  if (text === '{') return cursor.isName('for') ? loop(cursor, '}') : object(cursor);
  throw new Error(`found ${JSON.stringify(text)} where a value was expected`);
}

function named(cursor: TokenCursor, name: string): Expression {
  if (name in LITERALS) return { kind: 'literal', value: LITERALS[name] ?? null };
  if (!cursor.goesOn('(')) return { kind: 'name', name };
  cursor.next();
  const { items, spread } = itemsUntil(cursor, ')');
  return { kind: 'call', name, arguments: items, spread };
}

function list(cursor: TokenCursor): Expression {
  return { kind: 'list', items: itemsUntil(cursor, ']').items };
}

function itemsUntil(cursor: TokenCursor, end: string): { items: Expression[]; spread: boolean } {
  return cursor.within('lines do not count', () => {
    const items: Expression[] = [];
    let spread = false;
    while (!cursor.skip(end)) {
      items.push(expression(cursor));
      spread ||= cursor.skip('...');
      if (!cursor.is(end)) cursor.take(',');
    }
    return { items, spread };
  });
}

function object(cursor: TokenCursor): Expression {
  return cursor.within('lines count', () => {
    const items: [Expression, Expression][] = [];
    while (!cursor.skip('}')) {
      const key = expression(cursor);
      if (!cursor.skip('=')) cursor.take(':');
      items.push([key.kind === 'name' ? { kind: 'literal', value: key.name } : key, expression(cursor)]);
      if (!cursor.skip(',') && !cursor.is('}') && !cursor.peek().onNewLine) cursor.take(',');
    }
    return { kind: 'object', items };
  });
}

/** `for key, value in over : result if condition`, with `resultKey => result` between braces. */
function loop(cursor: TokenCursor, end: ']' | '}'): Expression {
  return cursor.within('lines do not count', () => {
    cursor.take('for');
    const first = cursor.next().text;
    const second = cursor.skip(',') ? cursor.next().text : undefined;
    cursor.take('in');
    const over = expression(cursor);
    cursor.take(':');
    const start = expression(cursor);
    const isObject = end === '}';
    const result = isObject && cursor.take('=>') ? expression(cursor) : start;
    const grouped = cursor.skip('...');
    const condition = cursor.isName('if') && cursor.next() ? expression(cursor) : undefined;
    cursor.take(end);
    return {
      kind: 'for',
      value: second ?? first,
      key: second === undefined ? undefined : first,
      resultKey: isObject ? start : undefined,
      ...{ over, result, condition, grouped },
    };
  });
}

/** A text between quotes: escapes hold outside of its templates only. */
function quoted(text: string): Expression {
  const template = parseTemplate(text);
  const readEscapes = (part: Expression): Expression =>
    part.kind === 'literal' && typeof part.value === 'string'
      ? { ...part, value: part.value.replace(/\\(.)/g, (_all, sign: string) => ESCAPES[sign] ?? sign) }
      : part;
  if (template.kind === 'template') return { ...template, parts: template.parts.map(readEscapes) };
  return readEscapes(template);
}
