import { failure } from './failure.ts';
import type { Fields, Value } from './messages.ts';

/** The document's name where a field can be named. */
export const NAME_FIELD = '__name__';

/** https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
export const MAX_FIELD_PATH_BYTES = 1500;
const RESERVED = /^__.*__$/s;
const SEGMENT = /(?:([a-zA-Z_][a-zA-Z_0-9]*)|`((?:[^`\\]|\\.)+)`)(\.(?!$)|$)/sy;

/** Names that Firestore keeps for itself. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name);
}

/** Segments of `a.b` or of `a.`quoted name``. https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents#Document */
export function parseFieldPath(path: string): string[] {
  if (path === '') throw failure('INVALID_ARGUMENT', 'Invalid empty property path string.');
  if (Buffer.byteLength(path) > MAX_FIELD_PATH_BYTES) {
    throw failure('INVALID_ARGUMENT', `property path is longer than ${MAX_FIELD_PATH_BYTES} bytes.`);
  }
  const segments: string[] = [];
  for (let at = 0; at < path.length; at = SEGMENT.lastIndex) {
    SEGMENT.lastIndex = at;
    const match = SEGMENT.exec(path);
    if (!match) throw invalidPath(path);
    segments.push(match[1] ?? (match[2] ?? '').replace(/\\(.)/gs, '$1'));
  }
  const reserved = segments.find(isReserved);
  if (reserved !== undefined) {
    throw failure('INVALID_ARGUMENT', `Invalid reserved name in field path ${reserved}`);
  }
  return segments;
}

function invalidPath(path: string) {
  return failure(
    'INVALID_ARGUMENT',
    `Invalid property path "${path}". Unquoted property paths must match regex ([a-zA-Z_][a-zA-Z_0-9]*), and quoted ` +
      'property paths must match regex (`(?:[^`\\\\]|(?:\\\\.))+`)',
  );
}

/** The paths of a mask or a projection; the name is with every document and no field of it. */
export function parseMask(paths: readonly string[]): string[][] {
  return paths.filter((path) => path !== NAME_FIELD).map(parseFieldPath);
}

export function getField(fields: Fields, path: readonly string[]): Value | undefined {
  const [head, ...rest] = path;
  if (head === undefined || !Object.hasOwn(fields, head)) return undefined;
  const value = fields[head];
  if (rest.length === 0 || value === undefined) return value;
  return value.valueType === 'mapValue' ? getField(value.mapValue.fields ?? {}, rest) : undefined;
}

/** A copy with the value set at `path`; whatever is no map on the way becomes one. */
export function withField(fields: Fields, path: readonly string[], value: Value): Fields {
  const [head, ...rest] = path;
  if (head === undefined) return fields;
  if (rest.length === 0) return { ...fields, [head]: value };
  const inner = withField(childFields(fields, head), rest, value);
  return { ...fields, [head]: { valueType: 'mapValue', mapValue: { fields: inner } } };
}

/** A copy without the value at `path`; the maps on the way stay, even when they become empty. */
export function withoutField(fields: Fields, path: readonly string[]): Fields {
  const [head, ...rest] = path;
  if (head === undefined || getField(fields, path) === undefined) return fields;
  if (rest.length === 0) {
    const { [head]: _removed, ...others } = fields;
    return others;
  }
  const inner = withoutField(childFields(fields, head), rest);
  return { ...fields, [head]: { valueType: 'mapValue', mapValue: { fields: inner } } };
}

/** Only what the paths name; a path that leads nowhere adds nothing. */
export function project(fields: Fields, paths: readonly (readonly string[])[]): Fields {
  return paths.reduce<Fields>((picked, path) => {
    const value = getField(fields, path);
    return value === undefined ? picked : withField(picked, path, value);
  }, {});
}

function childFields(fields: Fields, key: string): Fields {
  const child = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return child?.valueType === 'mapValue' ? (child.mapValue.fields ?? {}) : {};
}
