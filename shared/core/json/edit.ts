/** Changes members of a JSON text and leaves every other character as it is. */
import { type JsonPath, scanJson } from './scan.ts';
import { endOfString, skip } from './strings.ts';

/** What becomes of one member: another name, another value, or nothing of it. */
export interface MemberEdit {
  /** Names from the outermost object inwards. */
  path: JsonPath;
  name?: string | undefined;
  value?: unknown;
  isRemoved?: boolean | undefined;
}

interface Span {
  path: JsonPath;
  keyAt: number;
  valueAt: number;
  end: number;
}

/** The places of all members of all objects in a text. */
export const memberPaths = (text: string): JsonPath[] => spansOf(text).map(({ path }) => path);

/** The text with the edits made; those of members that are not there are passed over. */
export function editMembers(text: string, edits: readonly MemberEdit[]): string {
  const spans = spansOf(text);
  return edits
    .flatMap((edit) =>
      spans.filter(({ path }) => isSamePath(path, edit.path)).map((span) => ({ ...edit, ...span })),
    )
    .toSorted((a, b) => b.keyAt - a.keyAt)
    .reduce(editOne, text);
}

const isSamePath = (a: JsonPath, b: JsonPath) =>
  a.length === b.length && a.every((step, at) => step === b[at]);

function editOne(text: string, { keyAt, valueAt, end, name, value, isRemoved }: MemberEdit & Span): string {
  if (isRemoved) return withoutMember(text, keyAt, end);
  const keyEnd = endOfString(text, keyAt);
  const key = name === undefined ? text.slice(keyAt, keyEnd) : JSON.stringify(name);
  const written = value === undefined ? text.slice(valueAt, end) : JSON.stringify(value);
  return text.slice(0, keyAt) + key + text.slice(keyEnd, valueAt) + written + text.slice(end);
}

/** With the comma behind it, or the one before it where it is the last. */
function withoutMember(text: string, start: number, end: number): string {
  const [behind] = /^\s*,\s*/.exec(text.slice(end)) ?? [];
  if (behind !== undefined) return text.slice(0, start) + text.slice(end + behind.length);
  return text.slice(0, start).replace(/,?\s*$/, '') + text.slice(end);
}

function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  const around: (string | number)[] = [];
  scanJson(text, {
    maxFlaws: 0,
    onMember(step, at, depth) {
      around.length = depth - 1;
      around.push(step);
      if (typeof step === 'number') return;
      const keyEnd = endOfString(text, at);
      const valueAt = keyEnd + (/^\s*:\s*/.exec(text.slice(keyEnd))?.[0].length ?? 0);
      spans.push({ path: [...around], keyAt: at, valueAt, end: endOfValue(text, valueAt) });
    },
  });
  return spans;
}

const PLAIN = /[^\s,}\]]+/y;

/** The index after the value that begins at `start`, in a text that is JSON. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const mark = text.charAt(at);
    if (mark === '"') at = endOfString(text, at);
    else if ('{[}],: \t\r\n'.includes(mark)) at += 1;
    else at = skip(PLAIN, text, at);
    if (mark === '{' || mark === '[') depth += 1;
    if (mark === '}' || mark === ']') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
