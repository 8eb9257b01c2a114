/** Parses the lines of a file, one after the other. */
import { findJsonFault, type LineFault } from './line.ts';
import { parsedOrNot } from './parsed.ts';

export interface LineParser {
  /** The value of a line; undefined when it is no JSON, and then `fault` says why. No value of JSON is undefined. */
  parse(line: string): unknown;
  readonly fault: LineFault | undefined;
}

/** Should the parser and the search for the fault ever disagree. */
const UNKNOWN: LineFault = { problem: 'unexpected_character', column: 1 };

/** A bad line seldom comes alone, and a parser that throws takes ten times as long as the search for the fault. */
export function createLineParser(): LineParser {
  let [known, value]: [string | undefined, unknown] = [undefined, undefined];
  const parser = {
    fault: undefined as LineFault | undefined,
    parse(line: string): unknown {
      // The same line may be asked for twice.
      if (line === known) return value;
      known = line;
      parser.fault &&= findJsonFault(line);
      value = parser.fault ? undefined : parsedOrNot(line);
      if (value === undefined) parser.fault ??= findJsonFault(line) ?? UNKNOWN;
      return value;
    },
  };
  return parser;
}
