import { formatCount } from '../../shared/core/issues/numbers.ts';

/** `1 error`, `2 errors`, `1,000 errors`. */
export function countOf(number: number, noun: string): string {
  return `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Rows with their second column aligned. */
export function alignRows(rows: readonly (readonly [string, string])[], indent = '  '): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${indent}${name.padEnd(width)}  ${text}`);
}
