import { digest } from '../objects/digest.ts';

/** A line of a file, and its number from 1. */
export interface NumberedLine {
  line: number;
  text: string;
}

export interface Sample {
  add(line: NumberedLine): void;
  /** In the order of the file. */
  chosen(): NumberedLine[];
}

/**
 * Chooses so many lines of a file, always the same ones: those whose digests come first. It keeps twice as many at most, however long
 * the file is.
 */
export function createSample(most: number): Sample {
  let kept: (NumberedLine & { key: string })[] = [];
  const cut = () => {
    kept = kept.sort((a, b) => compare(a.key, b.key) || a.line - b.line).slice(0, most);
  };
  return {
    add({ line, text }) {
      kept.push({ line, text, key: digest(text) });
      if (kept.length > 2 * most) cut();
    },
    chosen() {
      cut();
      return kept.map(({ line, text }) => ({ line, text })).sort((a, b) => a.line - b.line);
    },
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
