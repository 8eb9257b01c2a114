import { failure } from './failure.ts';
import type { Fields, Value } from './messages.ts';

/** Segments of `a.b` or of `a.`quoted name``. https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents#Document */
export function parseFieldPath(path: string): string[] {
  const segments: string[] = [];
  const pattern = /(?:`((?:[^`\\]|\\.)*)`|([^.`]+))(\.|$)/gsy;
  for (let at = 0; at < path.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(path);
    if (!match) throw failure('INVALID_ARGUMENT', `Invalid property path "${path}".`);
    segments.push(match[1] === undefined ? (match[2] ?? '') : match[1].replace(/\\(.)/gs, '$1'));
  }
  if (segments.length === 0 || path.endsWith('.')) {
    throw failure('INVALID_ARGUMENT', `Invalid property path "${path}".`);
  }
  return segments;
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
