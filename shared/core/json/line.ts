/** JSON on one line: why JSON.parse refused it, or what it left out. */
import type { JsonProblem } from './faults.ts';
import { type JsonPath, scanJson } from './scan.ts';
import { endOfString } from './strings.ts';

export interface LineFault {
  problem: JsonProblem;
  /** In UTF-16 units from 1. */
  column: number;
}

/** The first fault of a line, or undefined when the line is one JSON value. */
export function findJsonFault(line: string): LineFault | undefined {
  const { fault } = scanJson(line, { maxFlaws: 0 });
  return fault && { problem: fault.problem, column: fault.at + 1 };
}

export interface LineStructure {
  isTooDeep: boolean;
  /** The path of the first key that its object already has, escaped or not, as `messages[0].author`. */
  duplicateKey: string | undefined;
}

/** Reads the structure of a line that is JSON: JSON.parse keeps the last of two keys, at any depth. */
export function readStructure(line: string, maxDepth: number): LineStructure {
  const { tooDeepAt, flaws } = scanJson(line, { maxDepth, maxFlaws: 1, isJson: true });
  const [duplicate] = flaws;
  return { isTooDeep: tooDeepAt !== undefined, duplicateKey: duplicate && shownPath(duplicate.path) };
}

const QUOTE = 0x22;

/**
 * False proves that a line of JSON with `keys` different keys has no duplicate, much faster than it can be read: the
 * colon of every member follows a quote or white space, so a line with no more such colons than keys has one member for
 * each key.
 */
export function mayRepeatKey(line: string, keys: number): boolean {
  let members = 0;
  for (let at = line.indexOf(':'); at !== -1; at = line.indexOf(':', at + 1)) {
    const before = line.charCodeAt(at - 1);
    if (before === QUOTE || before <= 0x20) members += 1;
    if (members > keys) return true;
  }
  return false;
}

/** How much structure a line may have before anybody parses it. */
export interface StructureLimits {
  maxDepth: number;
  /** Of members and elements together. */
  maxMembers: number;
}

/**
 * What a line has too much of, in any text: brackets in each other, or members and elements. Cheap enough to ask before parsing a
 * long line: a parser makes a value of each of them, and holds up everything else until it is done.
 */
export function excessOf(
  line: string,
  { maxDepth, maxMembers }: StructureLimits,
): 'depth' | 'members' | undefined {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(line, at) - 1;
    else if (unit === 0x7b || unit === 0x5b) depth += 1;
    else if (unit === 0x7d || unit === 0x5d) depth -= 1;
    else if (unit === 0x2c) members += 1;
    if (depth > maxDepth) return 'depth';
    if (members > maxMembers) return 'members';
  }
  return undefined;
}

/** Only plain names are spelled out: a key can hold anything, also the content of an example. */
export function shownKey(key: string): string {
  return /^[\w.-]{1,40}$/.test(key) ? key : '(a key)';
}

function shownPath(path: JsonPath): string {
  return path
    .map((step, depth) =>
      typeof step === 'number' ? `[${step}]` : `${depth > 0 ? '.' : ''}${shownKey(step)}`,
    )
    .join('');
}
