/** Numbers of lines, in a bit each. */
export interface LineSet {
  add(line: number): void;
  has(line: number): boolean;
  readonly size: number;
}

/** Makes an empty set. */
export function createLineSet(): LineSet {
  let bits = new Uint8Array(1024);
  let size = 0;
  const has = (line: number) => ((bits[line >>> 3] ?? 0) & (1 << (line & 7))) !== 0;
  return {
    add(line) {
      if (has(line)) return;
      const at = line >>> 3;
      if (at >= bits.length) {
        const larger = new Uint8Array(Math.max(at + 1, bits.length * 2));
        larger.set(bits);
        bits = larger;
      }
      bits[at] = (bits[at] ?? 0) | (1 << (line & 7));
      size += 1;
    },
    has,
    get size() {
      return size;
    },
  };
}
