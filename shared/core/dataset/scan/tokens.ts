/** The tokens of a line of JSON, and what a format makes of those that are values. */
import { endOfString } from '../../json/strings.ts';

/**
 * What the values at a place are to a format. `fixed`: always this text, another one makes another shape. `text`: a text that shows
 * something; where one may be empty, that is `fixed`. `hashed`: the same, and its hash is wanted. `kept`: any text. `unused`: whatever it
 * is, nobody reads it; only whether it is nothing makes another shape. Everything else is skipped; lists and objects are looked into.
 */
export type ValueRole = 'fixed' | 'text' | 'hashed' | 'kept' | 'unused';

/** By the JSON of the path, in which a list is 0: `["messages",0,"content"]`. */
export type ValueRoles = Readonly<Record<string, ValueRole>>;

/** A token of a shape; `fixed` has its bytes as they are in the line. `filled` is a text that is not empty, `present` a scalar that is not null. */
export interface ShapeToken {
  kind: Exclude<ValueRole, 'unused'> | 'skipped' | 'scalar' | 'filled' | 'present';
  source: string;
}

/** A value with a role. */
export interface ShapeValue {
  path: string;
  role: ValueRole;
  /** As it is in the line that was read. */
  value: string;
}

export interface LineShape {
  tokens: ShapeToken[];
  values: ShapeValue[];
  /** Of each value that nobody reads, whether it is something. */
  unused: boolean[];
  /** How many keys all of its objects have. */
  keys: number;
}

/** More tokens are no usual line. */
const MAX_TOKENS = 1000;
const SPACE = ' \t\r';
const PUNCTUATION = '{}[],:';
const EMPTY = '""';
const NULL = 'null';

/** The shape of a line that is JSON; undefined where it has too many tokens, or no text where a role asks for one. */
export function readShape(line: string, roles: ValueRoles): LineShape | undefined {
  const shape: LineShape = { tokens: [], values: [], unused: [], keys: 0 };
  const path: (string | 0)[] = [];
  for (let at = 0; at < line.length; ) {
    const end = endOfToken(line, at);
    const source = line.slice(at, end);
    at = end;
    if (SPACE.includes(source)) continue;
    if (shape.tokens.length === MAX_TOKENS) return undefined;
    if (isValue(line, { source, end })) {
      if (!addValue(shape, { source, path: JSON.stringify(path) }, roles)) return undefined;
      continue;
    }
    shape.tokens.push({ kind: 'fixed', source });
    if (source === '{' || source === '[') path.push(source === '[' ? 0 : '');
    else if (source === '}' || source === ']') path.pop();
    else if (source !== ',' && source !== ':') {
      path[path.length - 1] = JSON.parse(source);
      shape.keys += 1;
    }
  }
  return shape;
}

function addValue(
  { tokens, values, unused }: LineShape,
  { source, path }: { source: string; path: string },
  roles: ValueRoles,
): boolean {
  const role = Object.hasOwn(roles, path) ? roles[path] : undefined;
  const isText = source.startsWith('"');
  if (role === undefined) tokens.push({ kind: isText ? 'skipped' : 'scalar', source: '' });
  else if (role === 'unused') {
    const isNothing = source === EMPTY || source === NULL;
    unused.push(!isNothing);
    tokens.push(isNothing ? { kind: 'fixed', source } : { kind: isText ? 'filled' : 'present', source: '' });
    return true;
  } else if (isText) {
    const kind = source === EMPTY && role !== 'kept' ? 'fixed' : role;
    values.push({ path, role: kind, value: JSON.parse(source) });
    tokens.push({ kind, source: kind === 'fixed' ? source : '' });
  }
  return role === undefined || isText;
}

function endOfToken(line: string, at: number): number {
  const first = line.charAt(at);
  if (first === '"') return endOfString(line, at);
  let end = at + 1;
  if ((SPACE + PUNCTUATION).includes(first)) return end;
  while (end < line.length && !(SPACE + PUNCTUATION).includes(line.charAt(end))) end += 1;
  return end;
}

/** Whether a token is neither punctuation nor the key of a member. */
function isValue(line: string, { source, end }: { source: string; end: number }): boolean {
  if (PUNCTUATION.includes(source)) return false;
  let at = end;
  while (at < line.length && SPACE.includes(line.charAt(at))) at += 1;
  return line.charAt(at) !== ':';
}
