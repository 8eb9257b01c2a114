/**
 * Reads a request's JSON as Google's servers do for a protobuf message: names in camelCase or snake_case at every depth, null as
 * not set, int64 as a number or a text, numbers as texts, a single value where a list is meant. What comes out is spelt as
 * answers are: camelCase, int64 as text.
 */
import { VertexError } from './api-error.ts';
import { isJsonObject, type Json, type JsonObject, toCamel, toSnake } from './json.ts';

export type FieldType =
  | 'string'
  | 'bool'
  | 'double'
  | 'int32'
  | 'int64'
  /** A map whose keys are the caller's own. */
  | 'map'
  /** A message that is kept as it came but for the spelling of its names. */
  | 'message'
  /** Output only: taken and ignored. */
  | 'ignored'
  | EnumType
  | MessageType
  | { list: FieldType };

export interface EnumType {
  /** `SupervisedHyperParameters.AdapterSize` */
  enum: string;
  values: readonly string[];
}

export interface MessageType {
  fields: Readonly<Record<string, FieldType>>;
  /** Fields of which only one may be set, by the name of the group. */
  oneofs?: Readonly<Record<string, readonly string[]>>;
}

export interface FieldViolation {
  /** Path in snake_case: `tuning_job.base_model`. */
  field: string;
  description: string;
}

export const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

interface Reading {
  /** `google.cloud.aiplatform.v1`, as the names of enums begin. */
  package: string;
  violations: FieldViolation[];
}

/** Throws INVALID_ARGUMENT with everything that does not fit the message, in the words of Google's servers. */
export function readMessage(
  message: MessageType,
  json: JsonObject,
  options: { path: string; package: string },
): JsonObject {
  const reading: Reading = { package: options.package, violations: [] };
  const read = readFields(message, json, options.path, reading);
  const { violations } = reading;
  if (violations.length === 0) return read;
  throw new VertexError('INVALID_ARGUMENT', violations.map(({ description }) => description).join('\n'), [
    { '@type': BAD_REQUEST, fieldViolations: violations.map((violation) => ({ ...violation })) },
  ]);
}

function readFields(message: MessageType, json: JsonObject, path: string, reading: Reading): JsonObject {
  const read: JsonObject = {};
  for (const [name, value] of Object.entries(json)) {
    const field = toCamel(name);
    const type = message.fields[field];
    if (type === undefined || !Object.hasOwn(message.fields, field)) {
      const description = `Invalid JSON payload received. Unknown name "${name}" at '${path}': Cannot find field.`;
      reading.violations.push({ field: path, description });
      continue;
    }
    if (value === null || type === 'ignored') continue;
    const at = `${path}.${toSnake(field)}`;
    const set = otherOfGroup(message, read, field);
    if (set) {
      const description = `Invalid value at '${path}' (oneof), oneof field '${set.group}' is already set. Cannot set '${name}'`;
      reading.violations.push({ field: path, description });
    }
    const found = readValue(type, value, at, reading);
    if (found !== undefined) read[field] = found;
  }
  return read;
}

/** The group of which another field is set already. */
function otherOfGroup({ oneofs = {} }: MessageType, read: JsonObject, field: string) {
  const group = Object.entries(oneofs).find(
    ([, fields]) =>
      fields.includes(field) && fields.some((other) => other !== field && read[other] !== undefined),
  );
  return group && { group: group[0] };
}

function readValue(type: FieldType, value: Json, path: string, reading: Reading): Json | undefined {
  if (typeof type === 'object') return readComposed(type, value, path, reading);
  if (type === 'ignored') return undefined;
  const { name, read } = SCALARS[type];
  const found = read(value);
  if (found === undefined) refuse(value, { path, type: name }, reading);
  return found;
}

function readComposed(
  type: EnumType | MessageType | { list: FieldType },
  value: Json,
  path: string,
  reading: Reading,
): Json | undefined {
  if ('list' in type) {
    const items = Array.isArray(value) ? value : [value];
    return items.flatMap((item, index) => readValue(type.list, item, `${path}[${index}]`, reading) ?? []);
  }
  if ('enum' in type) {
    if (typeof value === 'string' && type.values.includes(value)) return value;
    refuse(value, { path, type: `type.googleapis.com/${reading.package}.${type.enum}` }, reading);
    return undefined;
  }
  if (isJsonObject(value)) return readFields(type, value, path, reading);
  refuse(value, { path, type: 'TYPE_MESSAGE' }, reading);
  return undefined;
}

function refuse(value: Json, at: { path: string; type: string }, { violations }: Reading): void {
  const description = `Invalid value at '${at.path}' (${at.type}), ${JSON.stringify(value)}`;
  violations.push({ field: at.path, description });
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const INT64 = /^-?\d{1,19}$/;

const numberOf = (value: Json) => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : undefined;
};

/** How each scalar is called in a refusal, and what is taken for it. */
const SCALARS: Record<
  Exclude<FieldType, object | 'ignored'>,
  { name: string; read: (value: Json) => Json | undefined }
> = {
  string: { name: 'TYPE_STRING', read: (value) => (typeof value === 'string' ? value : undefined) },
  bool: { name: 'TYPE_BOOL', read: (value) => (typeof value === 'boolean' ? value : undefined) },
  double: { name: 'TYPE_DOUBLE', read: numberOf },
  int32: {
    name: 'TYPE_INT32',
    read: (value) => {
      const number = numberOf(value);
      return Number.isInteger(number) ? number : undefined;
    },
  },
  int64: {
    name: 'TYPE_INT64',
    read: (value) => {
      const text = typeof value === 'number' && Number.isInteger(value) ? String(value) : value;
      return typeof text === 'string' && INT64.test(text) ? text : undefined;
    },
  },
  map: { name: 'TYPE_MESSAGE', read: (value) => (isJsonObject(value) ? value : undefined) },
  message: {
    name: 'TYPE_MESSAGE',
    read: (value) => (isJsonObject(value) ? deepCamelKeys(value) : undefined),
  },
};

/** Names in camelCase at every depth; what is null is left out. */
function deepCamelKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(deepCamelKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [toCamel(key), deepCamelKeys(member)]),
  );
}

/** What of a value the message has: the same resource shows less in a version that knows less of it. */
export function pruneTo(message: MessageType, json: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) => {
      const type = message.fields[name];
      if (type === undefined) return [];
      const isKnown = typeof type === 'object' && 'fields' in type && isJsonObject(value);
      return [[name, isKnown ? pruneTo(type, value) : value]];
    }),
  );
}
