/** Where the value of a member stands in a text of JSON. */
import { scanJson } from './scan.ts';
import { endOfString } from './strings.ts';

/** Where the value begins of the member whose key begins at `key`. */
export function startOfValue(text: string, key: number): number {
  const colon = text.indexOf(':', endOfString(text, key));
  const space = /\S/g;
  space.lastIndex = colon + 1;
  return space.exec(text)?.index ?? text.length;
}

/** The text of the value that begins there, whatever follows it; undefined where it does not end. */
export function valueFrom(text: string, start: number): string | undefined {
  const rest = text.slice(start);
  const { fault } = scanJson(rest, { maxFlaws: 0 });
  if (fault === undefined) return rest.trimEnd();
  return fault.expected === 'end' && fault.at > 0 ? rest.slice(0, fault.at).trimEnd() : undefined;
}
