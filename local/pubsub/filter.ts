import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';

/**
 * Filters of subscriptions (Google Cloud, "Filter messages from a subscription"): conditions on attributes, joined by AND or
 * by OR, each with or without NOT. Parentheses are not served.
 */
type Attributes = Readonly<Record<string, string>>;
type Matcher = (attributes: Attributes) => boolean;

const MAX_BYTES = 256;
const KEY = '([\\w-]+|"(?:[^"\\\\]|\\\\.)*")';
const VALUE = '("(?:[^"\\\\]|\\\\.)*")';

/** The conditions, each with the key and the value that it names. */
const CONDITIONS: { form: RegExp; matcher: (key: string, value: string) => Matcher }[] = [
  { form: form(`attributes:${KEY}`), matcher: (key) => (has) => Object.hasOwn(has, key) },
  {
    form: form(`attributes\\.${KEY}\\s*=\\s*${VALUE}`),
    matcher: (key, value) => (has) => has[key] === value,
  },
  {
    form: form(`attributes\\.${KEY}\\s*!=\\s*${VALUE}`),
    matcher: (key, value) => (has) => has[key] !== value,
  },
  {
    form: form(`hasPrefix\\(\\s*attributes\\.${KEY}\\s*,\\s*${VALUE}\\s*\\)`),
    matcher: (key, value) => (has) => has[key]?.startsWith(value) === true,
  },
];
const NOT = /^(?:NOT\s+|-\s*)/;
const JOIN = /^\s+(AND|OR)\s+/;

function form(pattern: string): RegExp {
  return new RegExp(`^${pattern}`);
}

/** What a filter lets through; without one, everything. Throws INVALID_ARGUMENT. */
export function filterOf(text: string | undefined): Matcher {
  if (!text) return () => true;
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalid(text, `it has more than ${MAX_BYTES} bytes`);
  const matchers: Matcher[] = [];
  const joins = new Set<string>();
  for (let rest = text.trim(); ; ) {
    const { matcher, length } = conditionOf(rest, text);
    matchers.push(matcher);
    rest = rest.slice(length);
    if (rest === '') break;
    const [joined, join = ''] = JOIN.exec(rest) ?? [];
    if (!joined) throw invalid(text, `AND or OR is expected before: ${rest}`);
    joins.add(join);
    rest = rest.slice(joined.length);
  }
  if (joins.size > 1) throw invalid(text, 'AND and OR together need parentheses, which are not served here');
  return (attributes) =>
    joins.has('OR') ? matchers.some((one) => one(attributes)) : matchers.every((one) => one(attributes));
}

function conditionOf(rest: string, text: string): { matcher: Matcher; length: number } {
  const negation = NOT.exec(rest)?.[0] ?? '';
  const positive = rest.slice(negation.length);
  for (const { form: pattern, matcher } of CONDITIONS) {
    const [found, key = '', value = ''] = pattern.exec(positive) ?? [];
    if (found === undefined) continue;
    const plain = matcher(unquoted(key), unquoted(value));
    return {
      matcher: negation ? (attributes) => !plain(attributes) : plain,
      length: negation.length + found.length,
    };
  }
  throw invalid(text, `a condition on attributes is expected at: ${rest}`);
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

function invalid(text: string, why: string): Error {
  return grpcError(status.INVALID_ARGUMENT, `The filter ${text} is not valid: ${why}.`);
}
