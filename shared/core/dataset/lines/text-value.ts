/** JSON in a text of an example: what a line may have too much of, a text in it may not have either. */
import { parseExactly } from '../../json/exact.ts';
import { excessOf } from '../../json/line.ts';
import { MAX_DEPTH, MAX_MEMBERS } from '../limits.ts';

/** What a text has too much of to be read as JSON. */
export const excessOfText = (text: string): 'depth' | 'members' | undefined =>
  excessOf(text, { maxDepth: MAX_DEPTH, maxMembers: MAX_MEMBERS });

/** The value of a text that is JSON, with its numbers as they stand; undefined where it is none, or has too much in it. */
export function valueOfText(text: string): unknown {
  try {
    return excessOfText(text) === undefined ? parseExactly(text) : undefined;
  } catch {
    return undefined;
  }
}
