/** Which line of a file as it was each line of its corrected copy comes from, in four bytes a line. */
export interface SourceLines {
  /** The next line of the copy comes from this one. */
  add(source: number): void;
  /** Lines are counted from 1; a line that nobody noted is where it was. */
  of(line: number): number;
}

/** Makes the lines of an empty copy. */
export function createSourceLines(): SourceLines {
  let sources = new Uint32Array(1024);
  let size = 0;
  return {
    add(source) {
      if (size === sources.length) {
        const larger = new Uint32Array(size * 2);
        larger.set(sources);
        sources = larger;
      }
      sources[size++] = source;
    },
    of: (line) => (line <= size ? (sources[line - 1] ?? line) : line),
  };
}
