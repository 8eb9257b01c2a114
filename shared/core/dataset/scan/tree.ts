/** The shapes that lines are held against, as a tree in the memory of a scanner: shapes that begin alike share their beginning. */
import { type Scanner, TREE_BYTES } from './scanner.ts';
import type { ShapeToken } from './tokens.ts';

export interface ShapeTree {
  /** Where the first node is; 0 where there is none. */
  readonly root: number;
  /** Takes a shape by its number; false where it is there already or there is no room for it. */
  add(tokens: readonly ShapeToken[], shape: number): boolean;
}

/** As wasm/scan.ts reads them; above the last of these a node is the end of a line, whose shape is that much higher. */
const KINDS: Record<ShapeToken['kind'], number> = {
  ...{ fixed: 0, text: 1, hashed: 2, kept: 3, skipped: 4, scalar: 5, filled: 6, present: 7 },
};
const END = KINDS.present + 1;

/** In bytes from where a node begins. */
const NODE = { kind: 0, length: 4, head: 8, mask: 16, tail: 24, next: 28, sibling: 32, size: 36 } as const;
const HEAD_BYTES = 8;

interface Branch {
  kind: number;
  address: number;
  /** By their kinds and tokens, in the order in which they were added. */
  next: Map<string, Branch>;
}

/** Makes an empty tree. */
export function createShapeTree({ bytes, places }: Scanner): ShapeTree {
  const top: Branch = { kind: KINDS.fixed, address: 0, next: new Map() };
  let free = places.tree;
  let tokensFrom = places.tree + TREE_BYTES;

  function hasRoom(tokens: readonly ShapeToken[]): boolean {
    const lengths = tokens.map(({ source }) => NODE.size + source.length * 3);
    return free + lengths.reduce((sum, length) => sum + length, NODE.size) <= tokensFrom;
  }

  function write(kind: number, source: string): number {
    const address = free;
    free += NODE.size;
    const token = Buffer.from(source);
    bytes.fill(0, address, free);
    bytes.writeInt32LE(kind, address + NODE.kind);
    bytes.writeInt32LE(token.length, address + NODE.length);
    token.subarray(0, HEAD_BYTES).copy(bytes, address + NODE.head);
    bytes.fill(0xff, address + NODE.mask, address + NODE.mask + Math.min(token.length, HEAD_BYTES));
    tokensFrom -= Math.max(0, token.length - HEAD_BYTES);
    token.subarray(HEAD_BYTES).copy(bytes, tokensFrom);
    bytes.writeInt32LE(tokensFrom, address + NODE.tail);
    return address;
  }

  /** The branch that goes on from another with a token; makes it where there is none. */
  function follow(from: Branch, kind: number, source: string): Branch {
    const name = `${kind} ${source}`;
    const known = from.next.get(name);
    if (known) return known;
    const branch: Branch = { kind, address: write(kind, source), next: new Map() };
    from.next.set(name, branch);
    if (from !== top) linkAll(from);
    return branch;
  }

  /** A fixed text comes before any text: a line that has another one at its place is not proved to be of another shape. */
  function linkAll({ address, next }: Branch): void {
    const isAny = ({ kind }: Branch) => Number(kind !== KINDS.fixed);
    let link = address + NODE.next;
    for (const branch of [...next.values()].sort((one, other) => isAny(one) - isAny(other))) {
      bytes.writeInt32LE(branch.address, link);
      link = branch.address + NODE.sibling;
    }
    bytes.writeInt32LE(0, link);
  }

  return {
    get root() {
      return top.next.size === 0 ? 0 : places.tree;
    },
    add(tokens, shape) {
      if (!hasRoom(tokens)) return false;
      const end = tokens.reduce((branch, { kind, source }) => follow(branch, KINDS[kind], source), top);
      if (end.next.size > 0) return false;
      follow(end, END + shape, '');
      return true;
    },
  };
}
