/** Whether two values are the same JSON: the order of keys does not matter, and a key that is undefined is none. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b);
  return isRecord(a) && isRecord(b) && isSameRecord(a, b);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
}

function isSameRecord(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = definedKeys(a);
  return keys.length === definedKeys(b).length && keys.every((key) => isSameJson(a[key], b[key]));
}

const definedKeys = (record: Record<string, unknown>) =>
  Object.keys(record).filter((key) => record[key] !== undefined);
