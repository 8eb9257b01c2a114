// Expressions of Terraform: https://developer.hashicorp.com/terraform/language/expressions
import { endOfTemplate, type Token, tokensOf } from './hcl-tokens.ts';

export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'template'; parts: Expression[] }
  | { kind: 'name'; name: string }
  | { kind: 'get'; of: Expression; name: string }
  | { kind: 'index'; of: Expression; key: Expression }
  | { kind: 'splat'; of: Expression; each: Expression }
  | { kind: 'call'; name: string; arguments: Expression[]; spread: boolean }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'object'; items: [Expression, Expression][] }
  | ForExpression
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'unary'; operator: string; of: Expression }
  | { kind: 'conditional'; condition: Expression; yes: Expression; no: Expression };

export interface ForExpression {
  kind: 'for';
  key?: string;
  value: string;
  over: Expression;
  resultKey?: Expression;
  result: Expression;
  condition?: Expression;
  grouped: boolean;
}

/** Stands for one element of a splat in its `each`. */
export const SPLAT_ELEMENT = '*';

/** A text with `${…}` in it, as hcl2json leaves texts and expressions alike. */
export function parseTemplate(text: string): Expression {
  const parts: Expression[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') parts.push({ kind: 'literal', value: literal });
    literal = '';
  };
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith('$${', at)) {
      literal += '${';
      at += 2;
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
export function parseExpression(source: string): Expression {
  const parser = createParser(tokensOf(source));
  const expression = parser.expression();
  parser.expectEnd();
  return expression;
}

const PRECEDENCE = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];
const LITERALS: Record<string, boolean | null> = { true: true, false: false, null: null };
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

interface Parser {
  expression(): Expression;
  expectEnd(): void;
}

function createParser(tokens: Token[]): Parser {
  let at = 0;
  /** In an object a new line ends a value; in brackets it does not. */
  let linesCount = false;

  const peek = () => tokens[at] ?? { kind: 'end' as const, text: '', onNewLine: true };
  const is = (text: string) => peek().kind === 'sign' && peek().text === text;
  const goesOn = (text: string) => is(text) && !(linesCount && peek().onNewLine);
  const isName = (text: string) => peek().kind === 'name' && peek().text === text;
  const next = () => tokens[at++] ?? peek();
  const take = (text: string) => {
    if (!is(text) && !isName(text))
      throw new Error(`found ${JSON.stringify(peek().text)} where ${text} was expected`);
    return next();
  };
  function within<T>(lines: boolean, read: () => T): T {
    const before = linesCount;
    linesCount = lines;
    const result = read();
    linesCount = before;
    return result;
  }

  function expression(): Expression {
    const condition = binary(0);
    if (!goesOn('?')) return condition;
    next();
    const yes = expression();
    take(':');
    return { kind: 'conditional', condition, yes, no: expression() };
  }

  function binary(level: number): Expression {
    const operators = PRECEDENCE[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    while (operators.some(goesOn)) {
      const operator = next().text;
      left = { kind: 'binary', operator, left, right: binary(level + 1) };
    }
    return left;
  }

  function unary(): Expression {
    if (is('!') || is('-')) return { kind: 'unary', operator: next().text, of: unary() };
    return steps(primary());
  }

  function steps(start: Expression): Expression {
    let of = start;
    while (goesOn('.') || goesOn('[')) {
      if (next().text === '.') {
        if (is('*')) {
          next();
          return { kind: 'splat', of, each: steps({ kind: 'name', name: SPLAT_ELEMENT }) };
        }
        of = { kind: 'get', of, name: next().text };
      } else if (is('*')) {
        next();
        take(']');
        return { kind: 'splat', of, each: steps({ kind: 'name', name: SPLAT_ELEMENT }) };
      } else {
        const key = within(false, expression);
        take(']');
        of = { kind: 'index', of, key };
      }
    }
    return of;
  }

  function primary(): Expression {
    const token = next();
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'text') return quoted(token.text);
    if (token.kind === 'name') return named(token.text);
    if (token.text === '(') {
      const inner = within(false, expression);
      take(')');
      return inner;
    }
    if (token.text === '[') return isName('for') ? loop(']') : list();
    if (token.text === '{') return isName('for') ? loop('}') : object();
    throw new Error(`found ${JSON.stringify(token.text)} where a value was expected`);
  }

  function named(name: string): Expression {
    if (name in LITERALS) return { kind: 'literal', value: LITERALS[name] ?? null };
    if (!goesOn('(')) return { kind: 'name', name };
    next();
    const { items, spread } = within(false, () => itemsUntil(')'));
    return { kind: 'call', name, arguments: items, spread };
  }

  function itemsUntil(end: string): { items: Expression[]; spread: boolean } {
    const items: Expression[] = [];
    let spread = false;
    while (!is(end)) {
      items.push(expression());
      if (is('...')) spread = next().text === '...';
      if (!is(end)) take(',');
    }
    next();
    return { items, spread };
  }

  function list(): Expression {
    return { kind: 'list', items: within(false, () => itemsUntil(']')).items };
  }

  function object(): Expression {
    const items: [Expression, Expression][] = [];
    within(true, () => {
      while (!is('}')) {
        const key = expression();
        if (!is('=')) take(':');
        else next();
        items.push([key.kind === 'name' ? { kind: 'literal', value: key.name } : key, expression()]);
        if (is(',')) next();
        else if (!is('}') && !peek().onNewLine) take(',');
      }
    });
    next();
    return { kind: 'object', items };
  }

  function loop(end: ']' | '}'): Expression {
    return within(false, () => {
      take('for');
      const first = next().text;
      const second = is(',') && next() ? next().text : undefined;
      take('in');
      const over = expression();
      take(':');
      const start = expression();
      const isObject = end === '}';
      const result = isObject && take('=>') ? expression() : start;
      const grouped = is('...') && next().text === '...';
      const condition = isName('if') && next() ? expression() : undefined;
      take(end);
      return {
        kind: 'for',
        value: second ?? first,
        ...(second === undefined ? {} : { key: first }),
        over,
        ...(isObject ? { resultKey: start } : {}),
        result,
        ...(condition ? { condition } : {}),
        grouped,
      };
    });
  }

  return {
    expression,
    expectEnd: () => {
      if (peek().kind !== 'end') throw new Error(`${JSON.stringify(peek().text)} is left over`);
    },
  };
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
