/** Plain JSON, as it comes over the wire. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An answer's members without those that are not set: proto3 JSON leaves them out. */
export function present(members: { [key: string]: Json | undefined }): JsonObject {
  const set = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as JsonObject;
}

/** A list, or nothing for an empty one: proto3 JSON leaves those out too. */
export const unlessEmpty = <T>(items: T[]): T[] | undefined => (items.length === 0 ? undefined : items);

/** A field name in camelCase, whichever of the two spellings it came in. */
export const toCamel = (key: string) =>
  key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A field path in snake_case, whichever of the two spellings it came in. */
export const toSnake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The keys of one level in camelCase: Google reads both spellings. Nested maps (labels, parameters) keep their own. */
export function camelKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [toCamel(key), value]));
}

/** A query parameter in either spelling. */
export function queryParameter(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) ?? query.get(toSnake(name)) ?? undefined;
}
