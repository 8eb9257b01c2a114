/** What JSON.parse makes of an object. */
export type ParsedObject = Record<string, unknown>;

export function isObject(value: unknown): value is ParsedObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON type of a value, with its article. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return TYPE_NAMES[typeof value] ?? 'another value';
}

const TYPE_NAMES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
};

/** A text as it is, a number or a truth value as JSON writes it; empty for all else, of which some objects are no text to JavaScript either. */
export function scalarText(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** Whether objects and arrays nest deeper than `limit` in a value of JSON; level by level, for any depth. */
export function isNestedDeeper(value: unknown, limit: number): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 1; level.length > 0 && depth <= limit; depth++) {
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return level.length > 0;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether all texts and names in a value of JSON have no half characters; a loop, since depth has no limit here. */
export function isWellFormedInside(value: unknown): boolean {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string' && !next.isWellFormed()) return false;
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, inner] of Object.entries(next)) waiting.push(key, inner);
  }
  return true;
}

/** The keys of all objects in a value; undefined where it nests deeper than `depth`. */
export function countKeys(value: unknown, depth: number): number | undefined {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === 0) return undefined;
  const isList = Array.isArray(value);
  const members: unknown[] = isList ? value : Object.values(value);
  let keys = isList ? 0 : members.length;
  for (const member of members) {
    const inside = countKeys(member, depth - 1);
    if (inside === undefined) return undefined;
    keys += inside;
  }
  return keys;
}
