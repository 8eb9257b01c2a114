import { parsedOrNot } from '../../json/parsed.ts';
import { isObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';

/** No service says more of what went wrong. */
const LONGEST = 16 * 1024;

/** The one object that a service answers with where something went wrong: `{"error": {"code": 403, "message": "…"}}`. */
export function isErrorAnswer({ bytes, isWhole }: Beginning): boolean {
  const value = isWhole && bytes.length < LONGEST ? parsedOrNot(bytes.toString('utf8').trim()) : undefined;
  const answer = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isObject(answer)) return false;
  const { error } = answer;
  const said = isObject(error) ? error : answer;
  const hasCode = ['code', 'status', 'type', 'statusCode'].some((field) => Object.hasOwn(said, field));
  const hasWords = typeof said.message === 'string' || typeof said.detail === 'string';
  return isObject(error)
    ? hasWords
    : typeof error === 'string' && (hasCode || Object.keys(answer).length === 1);
}
