/** Finds a byte in a chunk, again and again, without looking at any part of it twice. */
export interface ByteFinder {
  /** The next one from `at` on; the length of the chunk where there is none. A smaller `at` than before needs another chunk. */
  next(chunk: Buffer, at: number): number;
}

/** Makes the finder of one byte. */
export function createByteFinder(byte: number): ByteFinder {
  let known: Buffer | undefined;
  let found = 0;
  return {
    next(chunk, at) {
      if (known !== chunk || found < at) {
        const index = chunk.indexOf(byte, at);
        found = index === -1 ? chunk.length : index;
        known = chunk;
      }
      return found;
    },
  };
}
