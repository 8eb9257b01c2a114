/**
 * `matchGlob` of `objects.list` as a regular expression. https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob
 * `*` and `?` stay inside one level of a path, `**` does not; `[a-z]`, `[!a-z]` and `{one,other}` are as in a shell.
 */

import { apiError } from '../api-error.ts';

/** Each wildcard, and what it becomes; tried in this order. */
const WILDCARDS: { pattern: RegExp; becomes: (found: string) => string }[] = [
  { pattern: /\\./uy, becomes: (found) => literal(found.slice(1)) },
  // Whole levels may also be none: `a/**/b` matches `a/b`.
  { pattern: /(?<=^|\/)\*\*\//uy, becomes: () => '(?:.*/)?' },
  { pattern: /\*\*+/uy, becomes: () => '.*' },
  { pattern: /\*/uy, becomes: () => '[^/]*' },
  { pattern: /\?/uy, becomes: () => '[^/]' },
  { pattern: /\[!?[^\]]+\]/uy, becomes: (found) => classOf(found) },
  { pattern: /\{/uy, becomes: () => '(?:' },
  { pattern: /\}/uy, becomes: () => ')' },
  { pattern: /./suy, becomes: literal },
];

/** Throws 400 for a pattern that is none. */
export function parseGlob(glob: string): RegExp {
  let source = '';
  let depth = 0;
  for (let at = 0; at < glob.length; ) {
    const found = wildcardAt(glob, at);
    at += found.length;
    if (found.text === '{') depth++;
    if (found.text === '}') depth--;
    source += found.text === ',' && depth > 0 ? '|' : found.becomes;
    if (depth < 0) break;
  }
  try {
    if (depth === 0) return new RegExp(`^${source}$`, 'su');
  } catch {
    // answered below
  }
  throw apiError(400, `Invalid value for: matchGlob, ${glob} is no glob pattern.`);
}

function wildcardAt(glob: string, at: number): { text: string; length: number; becomes: string } {
  for (const { pattern, becomes } of WILDCARDS) {
    pattern.lastIndex = at;
    const text = pattern.exec(glob)?.[0];
    if (text !== undefined) return { text, length: text.length, becomes: becomes(text) };
  }
  return { text: '', length: 1, becomes: '' };
}

function classOf(found: string): string {
  const isNegated = found.startsWith('[!');
  const members = found.slice(isNegated ? 2 : 1, -1).replace(/[\\\]^[&~|]/g, '\\$&');
  return isNegated ? `[^/${members}]` : `[${members}]`;
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');
}
