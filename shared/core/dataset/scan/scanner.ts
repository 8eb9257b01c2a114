/** The code of wasm/ with its memory: lines go in, and what is known of them comes out. */
import { SCAN_WASM } from './scan-wasm.ts';

/** The functions of wasm/; addresses and lengths are in bytes. */
export interface ScanCode {
  scan(
    tree: number,
    from: number,
    end: number,
    lines: number,
    mostLines: number,
    texts: number,
    mostTexts: number,
    unescaped: number,
  ): number;
  isSame(one: number, other: number, length: number): number;
  copy(to: number, from: number, length: number): void;
  hash(text: number, length: number, out: number): void;
  hashBeginning(text: number, length: number, wanted: number): number;
  measureUnusual(text: number, length: number, out: number): void;
  holdsMark(marks: number, from: number, end: number): number;
}

/** Whole lines are scanned where so many bytes hold them; a longer one is left to the plain reader. */
export const ROOM_BYTES = 256 * 1024;
/** Of the tree of shapes: nodes from its beginning on, tokens before its end. */
export const TREE_BYTES = 64 * 1024;
/** More lines or texts are scanned in several goes. */
export const MAX_LINES = 1024;
export const MAX_TEXTS = 8192;
export const LINE_WORDS = 4;
export const TEXT_WORDS = 5;
/** What lines are searched for. */
export const MARKS_BYTES = 2048;
/** Two texts that others are compared with. */
export const KNOWN_BYTES = 32 * 1024;
const KNOWN_TEXTS = 2;
/** So many bytes more than are asked for are read at once. */
const BLOCK_BYTES = 16;
const PAGE_BYTES = 64 * 1024;

/** Where everything is in the memory. */
export interface ScanPlaces {
  /** Two words, where a function has a result of two. */
  out: number;
  marks: number;
  tree: number;
  lines: number;
  texts: number;
  room: number;
  unescaped: number;
  known: number;
  /** The texts of one example after each other. */
  joined: number;
}

export interface Scanner {
  code: ScanCode;
  places: ScanPlaces;
  bytes: Buffer;
  words: Int32Array;
}

/** What Node has and the types of the language do not. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { exports: object };
};

let compiled: object | undefined;

/** Makes a scanner with a memory of its own; `context` is what is put before every example, in bytes. */
export function createScanner(context = 0): Scanner {
  compiled ??= new WebAssembly.Module(Buffer.from(SCAN_WASM, 'base64'));
  const { places, size } = placesFor(context);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return {
    code: { ...(exports as ScanCode) },
    places,
    bytes: Buffer.from(memory.buffer),
    words: new Int32Array(memory.buffer),
  };
}

function placesFor(context: number): { places: ScanPlaces; size: number } {
  let size = BLOCK_BYTES;
  const take = (bytes: number) => {
    const from = size;
    size += Math.ceil((bytes + BLOCK_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
    return from;
  };
  const places = {
    out: take(8),
    marks: take(MARKS_BYTES),
    tree: take(TREE_BYTES),
    lines: take(MAX_LINES * LINE_WORDS * 4),
    texts: take(MAX_TEXTS * TEXT_WORDS * 4),
    room: take(ROOM_BYTES),
    unescaped: take(ROOM_BYTES),
    known: take(KNOWN_BYTES * KNOWN_TEXTS),
    joined: take(ROOM_BYTES + context),
  };
  return { places, size };
}
