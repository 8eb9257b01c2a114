/**
 * List filters: the part of AIP-160 that Vertex AI documents. AND, OR (which binds tighter), NOT, parentheses, comparisons,
 * `:` with `*` wildcards, `labels.key="value"` and `labels:key`; field names in snake_case or camelCase.
 */
import { invalid } from './api-error.ts';
import { toSnake } from './json.ts';

/** How to read a field of an item; `labels` alone is a map. Fields ending in `_time` are compared as instants. */
export type FilterFields<T> = Record<string, (item: T) => string | Record<string, string> | undefined>;
export type Predicate<T> = (item: T) => boolean;

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(<=|>=|!=|[()=<>:])|([^\s()"'=<>!:]+))/y;

interface Token {
  kind: 'string' | 'symbol' | 'word';
  text: string;
}

/** Throws INVALID_ARGUMENT for a filter that cannot be read, or for a field that cannot be filtered by. */
export function compileListFilter<T>(text: string, fields: FilterFields<T>): Predicate<T> {
  const tokens = tokenize(text);
  if (tokens.length === 0) return () => true;
  let position = 0;

  const peek = () => tokens[position];
  const isWord = (word: string) => peek()?.kind === 'word' && peek()?.text === word;
  const isSymbol = (symbol: string) => peek()?.kind === 'symbol' && peek()?.text === symbol;
  const take = () => {
    const token = tokens[position];
    if (!token) throw invalid(`Invalid filter: it ends too early: ${text}`);
    position += 1;
    return token;
  };

  const conjunction = (): Predicate<T> => {
    const terms = [disjunction()];
    while (peek() && !isSymbol(')')) {
      if (isWord('AND')) take();
      terms.push(disjunction());
    }
    return (item) => terms.every((term) => term(item));
  };

  const disjunction = (): Predicate<T> => {
    const terms = [negation()];
    while (isWord('OR')) {
      take();
      terms.push(negation());
    }
    return (item) => terms.some((term) => term(item));
  };

  const negation = (): Predicate<T> => {
    if (!isWord('NOT')) return simple();
    take();
    return negate(simple());
  };

  const simple = (): Predicate<T> => {
    if (!isSymbol('(')) return restriction();
    take();
    const inner = conjunction();
    if (take().text !== ')') throw invalid(`Invalid filter: a parenthesis is not closed: ${text}`);
    return inner;
  };

  const restriction = (): Predicate<T> => {
    const [field, operator, value] = [take(), take(), take()];
    if (field.kind !== 'word' || operator.kind !== 'symbol' || value.kind === 'symbol') {
      throw invalid(`Invalid filter: a comparison is expected near "${field.text}": ${text}`);
    }
    return compare(field.text, operator.text, value.text, fields);
  };

  const predicate = conjunction();
  if (peek()) throw invalid(`Invalid filter: "${peek()?.text}" is not expected: ${text}`);
  return predicate;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const [, quoted, symbol, word] = TOKEN.exec(text) ?? [];
    if (quoted !== undefined) tokens.push({ kind: 'string', text: unquote(quoted) });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else throw invalid(`Invalid filter: ${text}`);
  }
  return tokens;
}

function negate<T>(predicate: Predicate<T>): Predicate<T> {
  return (item) => !predicate(item);
}

const unquote = (quoted: string) => quoted.slice(1, -1).replace(/\\(.)/g, '$1');

function compare<T>(field: string, operator: string, value: string, fields: FilterFields<T>): Predicate<T> {
  if (field.startsWith('-')) return negate(compare(field.slice(1), operator, value, fields));
  if (field.startsWith('labels.')) {
    const key = field.slice('labels.'.length);
    const matches = compareText(operator, value);
    return (item) => matches(labelsOf(fields, item)[key]);
  }
  const name = toSnake(field);
  const read = fields[name];
  if (!read) throw invalid(`Invalid filter: ${field} is not a field to filter by.`);
  if (name === 'labels') {
    if (operator !== ':') throw invalid('Invalid filter: labels takes labels.key=value or labels:key.');
    return (item) => Object.hasOwn(labelsOf(fields, item), value);
  }
  const matches = name.endsWith('_time') ? compareTime(operator, value) : compareText(operator, value);
  return (item) => {
    const found = read(item);
    return matches(typeof found === 'string' ? found : undefined);
  };
}

function labelsOf<T>(fields: FilterFields<T>, item: T): Record<string, string> {
  const labels = fields.labels?.(item);
  return typeof labels === 'object' ? labels : {};
}

type Matcher = (found: string | undefined) => boolean;

function compareText(operator: string, value: string): Matcher {
  const pattern = wildcard(value);
  if (operator === '=' || operator === ':') return (found) => found !== undefined && pattern.test(found);
  if (operator === '!=') return (found) => found === undefined || !pattern.test(found);
  throw invalid(`Invalid filter: ${operator} does not apply to text.`);
}

const wildcard = (value: string) =>
  new RegExp(`^${value.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');

const ORDER: Record<string, (found: number, value: number) => boolean> = {
  '=': (found, value) => found === value,
  '!=': (found, value) => found !== value,
  '<': (found, value) => found < value,
  '<=': (found, value) => found <= value,
  '>': (found, value) => found > value,
  '>=': (found, value) => found >= value,
};

function compareTime(operator: string, value: string): Matcher {
  const instant = Date.parse(value);
  const holds = ORDER[operator];
  if (!holds || Number.isNaN(instant)) throw invalid(`Invalid filter: ${operator} ${value} is not a time.`);
  return (found) => found !== undefined && holds(Date.parse(found), instant);
}
