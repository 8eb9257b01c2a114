import {
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from '@bufbuild/protobuf';
import type { BoundField, HttpRule } from './http-rules.ts';

/** What a request over HTTP lacks of being a message: the text says what. */
export class RequestError extends Error {}

/** Query parameters of every Google API (cloud.google.com/apis/docs/system-parameters) that change nothing here. */
const SYSTEM_PARAMETERS = new Set(
  [
    'alt',
    'key',
    'prettyPrint',
    'quotaUser',
    'userProject',
    'access_token',
    'oauth_token',
    'uploadType',
  ].flatMap((name) => [name, `$${name}`]),
);

export interface RequestParts {
  rule: HttpRule;
  type: DescMessage;
  bound: BoundField[];
  query: URLSearchParams;
  /** The parsed body; undefined when there is none. */
  body: JsonValue | undefined;
}

/** The request as one JSON message: its body, its query parameters, and what its path says, which wins. */
export function requestJson({ rule, type, bound, query, body }: RequestParts): JsonObject {
  const request = bodyJson(rule, body);
  for (const [name, value] of query) {
    if (!SYSTEM_PARAMETERS.has(name)) put(request, { type, name, value, from: 'query parameter' });
  }
  for (const [name, value] of bound) put(request, { type, name, value, from: 'path' });
  return request;
}

function bodyJson(rule: HttpRule, body: JsonValue | undefined): JsonObject {
  if (body === undefined) return {};
  if (rule.body === undefined) throw new RequestError(`${rule.method} takes no body.`);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError('Invalid JSON payload received. The body is not a JSON object.');
  }
  return rule.body === '*' ? { ...body } : { [rule.body]: body };
}

interface Assignment {
  type: DescMessage;
  /** `update_mask` or `updateMask`, with dots into inner messages. */
  name: string;
  value: string;
  from: string;
}

function put(target: JsonObject, { type, name, value, from }: Assignment): void {
  const [first = '', ...rest] = name.split('.');
  const field = type.fields.find((one) => one.name === first || one.jsonName === first);
  const isMessage = field?.fieldKind === 'message';
  if (!field || (rest.length > 0 && !isMessage)) {
    throw new RequestError(`Unknown name "${name}" in the ${from}: ${type.typeName} has no such field.`);
  }
  const key = field.name in target ? field.name : field.jsonName;
  if (rest.length > 0 && isMessage) {
    const inner = (target[key] ?? {}) as JsonObject;
    target[key] = inner;
    put(inner, { type: field.message, name: rest.join('.'), value, from });
  } else if (field.fieldKind === 'list') {
    target[key] = [...((target[key] ?? []) as JsonValue[]), scalarOf(field, value)];
  } else {
    target[key] = scalarOf(field, value);
  }
}

/** The JSON form of what is text in an address; numbers, bytes, times and enums are text in JSON too. */
function scalarOf({ scalar }: DescField, value: string): JsonValue {
  return scalar === ScalarType.BOOL && /^(?:true|false)$/.test(value) ? value === 'true' : value;
}
