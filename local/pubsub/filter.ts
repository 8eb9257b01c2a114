import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';

/**
 * Filters of subscriptions (Google Cloud, "Filter messages from a subscription"): conditions on attributes, joined by AND or
 * by OR, each with or without NOT, and parentheses around any of it.
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
const NOT = /^(?:NOT\s+|NOT(?=\()|-\s*)/;
const JOINT = /^\s+(AND|OR)\s+/;

function form(pattern: string): RegExp {
  return new RegExp(`^${pattern}`);
}

/** A part of a filter that was read, and the text behind it. */
interface Parsed {
  matcher: Matcher;
  rest: string;
}

/** What a filter lets through; without one, everything. Throws INVALID_ARGUMENT. */
export function filterOf(text: string | undefined): Matcher {
  if (!text) return () => true;
  const refuse: Refuse = (why) =>
    grpcError(status.INVALID_ARGUMENT, `The filter ${text} is not valid: ${why}.`);
  if (Buffer.byteLength(text) > MAX_BYTES) throw refuse(`it has more than ${MAX_BYTES} bytes`);
  const { matcher, rest } = readJoined(text.trim(), refuse);
  if (rest !== '') throw refuse(`AND or OR is expected before: ${rest}`);
  return matcher;
}

type Refuse = (why: string) => Error;

/** Terms joined by one of AND and OR. */
function readJoined(text: string, refuse: Refuse): Parsed {
  const first = readTerm(text, refuse);
  const matchers = [first.matcher];
  let { rest } = first;
  let joint: string | undefined;
  for (let found = JOINT.exec(rest); found; found = JOINT.exec(rest)) {
    const [joined, word] = found;
    if (joint !== undefined && word !== joint) throw refuse('AND and OR together need parentheses');
    joint = word;
    const next = readTerm(rest.slice(joined.length), refuse);
    matchers.push(next.matcher);
    rest = next.rest;
  }
  const isAny = joint === 'OR';
  return {
    matcher: (attributes) =>
      isAny ? matchers.some((one) => one(attributes)) : matchers.every((one) => one(attributes)),
    rest,
  };
}

/** A condition, or what stands in parentheses, with or without NOT. */
function readTerm(text: string, refuse: Refuse): Parsed {
  const negation = NOT.exec(text)?.[0] ?? '';
  const positive = text.slice(negation.length);
  const { matcher, rest } = positive.startsWith('(')
    ? readParentheses(positive, refuse)
    : readCondition(positive, refuse);
  return { matcher: negation ? (attributes) => !matcher(attributes) : matcher, rest };
}

function readParentheses(text: string, refuse: Refuse): Parsed {
  const { matcher, rest } = readJoined(text.slice(1).trimStart(), refuse);
  const end = rest.trimStart();
  if (!end.startsWith(')')) throw refuse('a parenthesis is not closed');
  return { matcher, rest: end.slice(1) };
}

function readCondition(text: string, refuse: Refuse): Parsed {
  for (const { form: pattern, matcher } of CONDITIONS) {
    const [found, key = '', value = ''] = pattern.exec(text) ?? [];
    if (found === undefined) continue;
    return { matcher: matcher(unquoted(key), unquoted(value)), rest: text.slice(found.length) };
  }
  throw refuse(`a condition on attributes is expected at: ${text}`);
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
