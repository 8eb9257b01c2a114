/**
 * AssemblyScript, compiled by `npm run scanner` into scan-wasm.ts. Holds lines against a tree of shapes, and measures texts: what it
 * cannot prove is left to the plain reader. Addresses and lengths are in bytes; 16 bytes behind everything that is read may be read too.
 */

import { hash } from './hash';
import { mistakesOf } from './utf8';

/** A node of the tree; `scanner.ts` writes them. */
const KIND = 0;
const LENGTH = 4;
/** The first eight bytes of a token, and which of them count. */
const HEAD = 8;
const MASK = 16;
/** Where the bytes behind those are. */
const TAIL = 24;
const NEXT = 28;
const SIBLING = 32;

/** Kinds of nodes; 1 is a text that shows something, 3 any text. */
const FIXED = 0;
const HASHED = 2;
const SKIPPED = 4;
const SCALAR = 5;
/** A text that is not empty. */
const FILLED = 6;
/** A scalar that is not null. */
const PRESENT = 7;

/** Bytes of what is noted of a line, and of a text. */
const LINE_BYTES = 16;
const TEXT_BYTES = 20;

const UNKNOWN_SHAPE = -1;
const UNPROVED = -2;

/** Where the next byte is; after `readString` behind its closing quote. */
let at: usize = 0;
/** Where unescaped texts are written. */
let free: usize = 0;

/** The last string. */
let textAt: usize = 0;
let textBytes: i32 = 0;
let textUnits: i32 = 0;
let isVisible = false;
/** Where it is in its line, escapes and all. */
let writtenAt: usize = 0;
let writtenBytes: i32 = 0;
/** Whether it has an escape that JSON.stringify would not write so. */
let isWrittenOtherwise = false;

/** The shape of the line that is read. */
let shape: i32 = 0;

/** Where the next text of a line is noted, and where there is no room for more. */
let note: usize = 0;
let noteEnd: usize = 0;

/**
 * Reads the lines in [from, end), which ends with a line feed, until `lines` or `texts` are full; returns their number. Of each: where
 * it begins, where its line feed is, its shape or why it has none, the number of its first text. Of each text: where it is, its
 * bytes, its UTF-16 units; then both words of its hash where it is hashed, else where it is with its escapes, and how many bytes that
 * has, or -1 where JSON.stringify would write it otherwise.
 */
export function scan(
  tree: usize,
  from: usize,
  end: usize,
  lines: usize,
  mostLines: i32,
  texts: usize,
  mostTexts: i32,
  unescaped: usize,
): i32 {
  let line = from;
  let count = 0;
  free = unescaped;
  note = texts;
  noteEnd = texts + mostTexts * TEXT_BYTES;
  while (line < end && count < mostLines) {
    const first = note;
    at = line;
    const found = readLine(tree);
    // There may have been no room for its texts.
    if (found === UNPROVED && first > texts && note === noteEnd) break;
    const lineEnd = found < 0 ? endOfLine(at, end) : at;
    if (found < 0) note = first;
    store<u32>(lines, <u32>line);
    store<u32>(lines, <u32>lineEnd, 4);
    store<i32>(lines, found, 8);
    store<u32>(lines, <u32>((first - texts) / TEXT_BYTES), 12);
    lines += LINE_BYTES;
    line = lineEnd + 1;
    count += 1;
  }
  return count;
}

/** The number of the shape that the line at `at` has, or why it has none. */
function readLine(tree: usize): i32 {
  shape = UNKNOWN_SHAPE;
  let node = tree;
  while (node !== 0) node = step(node);
  return shape;
}

/** What comes after the one of these siblings with which the line goes on; 0 where it goes on with none, or is over. */
function step(first: usize): usize {
  const byte = skipSpace();
  for (let node = first; node !== 0; node = load<u32>(node, SIBLING)) {
    const kind = load<i32>(node, KIND);
    if (kind === FIXED) {
      if (!isToken(node)) continue;
      at += load<i32>(node, LENGTH);
      return load<u32>(node, NEXT);
    }
    if (kind > PRESENT) {
      if (byte !== 10) continue;
      shape = kind - PRESENT - 1;
      return 0;
    }
    const isText = kind !== SCALAR && kind !== PRESENT;
    if (isText !== (byte === 0x22)) continue;
    if (!isText && ((kind === PRESENT && isNull()) || !isScalar())) continue;
    if (!isText || isProvedText(kind)) return load<u32>(node, NEXT);
    shape = UNPROVED;
    return 0;
  }
  return 0;
}

/** Reads the string at `at`, and notes it where it is kept. */
function isProvedText(kind: i32): bool {
  at += 1;
  if (!readString() || (kind <= HASHED && !isVisible)) return false;
  if (kind === SKIPPED) return true;
  if (kind === FILLED) return textBytes > 0;
  if (note >= noteEnd) return false;
  store<u32>(note, <u32>textAt);
  store<i32>(note, textBytes, 4);
  store<i32>(note, textUnits, 8);
  if (kind === HASHED) hash(textAt, textBytes, note + 12);
  else {
    store<u32>(note, <u32>writtenAt, 12);
    store<i32>(note, isWrittenOtherwise ? -1 : writtenBytes, 16);
  }
  note += TEXT_BYTES;
  return true;
}

function skipSpace(): i32 {
  let byte: i32 = load<u8>(at);
  while (byte === 0x20 || byte === 0x09 || byte === 0x0d) {
    at += 1;
    byte = load<u8>(at);
  }
  return byte;
}

function isToken(node: usize): bool {
  if ((load<u64>(at) & load<u64>(node, MASK)) !== load<u64>(node, HEAD)) return false;
  const length = load<i32>(node, LENGTH);
  return length <= 8 || isSame(at + 8, load<u32>(node, TAIL), length - 8);
}

/** Whether two places hold the same bytes. */
export function isSame(one: usize, other: usize, length: i32): bool {
  const end = one + length;
  while (one + 8 <= end) {
    if (load<u64>(one) !== load<u64>(other)) return false;
    one += 8;
    other += 8;
  }
  while (one < end) {
    if (load<u8>(one) !== load<u8>(other)) return false;
    one += 1;
    other += 1;
  }
  return true;
}

/** Whether true, false, null or a number is at `at`; goes behind it. It runs into nothing else: a token comes next. */
function isScalar(): bool {
  const from = at;
  if (skipScalar()) return true;
  at = from;
  return false;
}

function isNull(): bool {
  return load<u32>(at) === 0x6c6c756e;
}

function skipScalar(): bool {
  const word = load<u32>(at);
  if (word === 0x65757274 || isNull()) {
    at += 4;
    return true;
  }
  if (word === 0x736c6166 && load<u8>(at, 4) === 0x65) {
    at += 5;
    return true;
  }
  if (load<u8>(at) === 0x2d) at += 1;
  if (load<u8>(at) === 0x30) at += 1;
  else if (!skipDigits()) return false;
  if (load<u8>(at) === 0x2e) {
    at += 1;
    if (!skipDigits()) return false;
  }
  if ((load<u8>(at) | 0x20) === 0x65) {
    at += 1;
    const sign = load<u8>(at);
    if (sign === 0x2b || sign === 0x2d) at += 1;
    if (!skipDigits()) return false;
  }
  return true;
}

function skipDigits(): bool {
  const from = at;
  while (<u32>load<u8>(at) - 0x30 < 10) at += 1;
  return at > from;
}

function endOfLine(from: usize, end: usize): usize {
  let place = from;
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(place), i8x16.splat(10)));
    if (found !== 0) return min<usize>(place + ctz<i32>(found), end - 1);
    place += 16;
  }
}

/** Reads a string from behind its opening quote; false where it is none, is no UTF-8, or has half a character. */
function readString(): bool {
  let place = at;
  let plain = at;
  writtenAt = at;
  isWrittenOtherwise = false;
  const copy = free;
  let isCopied = false;
  let following = 0;
  let astral = 0;
  let visible = false;
  let isAfterAscii = true;
  let mistakes = i8x16.splat(0);
  while (true) {
    let block = v128.load(place);
    if (visible && isAfterAscii) {
      while (isOrdinary(block)) {
        place += 16;
        block = v128.load(place);
      }
    }
    const stops = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c))),
        i8x16.lt_u(block, i8x16.splat(0x20)),
      ),
    );
    const length = stops !== 0 ? ctz<i32>(stops) : 16;
    const mask = length === 16 ? 0xffff : (1 << length) - 1;
    const isAscii = i8x16.bitmask(block) === 0;
    if (!isAscii || !isAfterAscii) {
      mistakes = v128.or(mistakes, mistakesOf(v128.load(place - 16), block));
      following += popcnt<i32>(i8x16.bitmask(i8x16.lt_s(block, i8x16.splat(-64))) & mask);
      astral += popcnt<i32>(i8x16.bitmask(i8x16.ge_u(block, i8x16.splat(-16))) & mask);
    }
    if (!visible) visible = (i8x16.bitmask(i8x16.gt_s(block, i8x16.splat(0x20))) & mask) !== 0;
    place += length;
    isAfterAscii = isAscii || length < 16;
    if (length === 16) continue;
    const byte = load<u8>(place);
    if (byte === 0x22) break;
    if (byte < 0x20) return false;
    copyPlain(plain, place);
    isCopied = true;
    do {
      at = place + 1;
      const point = readEscape();
      if (point < 0) return false;
      place = at;
      if (point > 0x20 && point < 0x80) visible = true;
      const size = writePoint(point);
      following += size - 1;
      if (size === 4) astral += 1;
    } while (load<u8>(place) === 0x5c);
    plain = place;
  }
  if (v128.any_true(mistakes)) return false;
  at = place + 1;
  writtenBytes = <i32>(place - writtenAt);
  if (isCopied) copyPlain(plain, place);
  textAt = isCopied ? copy : plain;
  textBytes = <i32>((isCopied ? free : place) - textAt);
  textUnits = textBytes - following + astral;
  isVisible = visible || (textBytes > 0 && isPlainlyVisible(textAt));
  return true;
}

/** Whether all are ASCII that neither ends a string nor is escaped. */
function isOrdinary(block: v128): bool {
  const ends = v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c)));
  return !v128.any_true(v128.or(ends, i8x16.lt_s(block, i8x16.splat(0x20))));
}

function copyPlain(from: usize, to: usize): void {
  const length = <i32>(to - from);
  if (length <= 16) v128.store(free, v128.load(from));
  else memory.copy(free, from, length);
  free += length;
}

/** The character of an escape from behind its backslash; -1 where it is none, or half a character. */
function readEscape(): i32 {
  const letter: i32 = load<u8>(at);
  at += 1;
  if (letter === 0x75 || letter === 0x2f) isWrittenOtherwise = true;
  if (letter === 0x75) {
    const unit = readHex();
    if (unit < 0xd800 || unit >= 0xe000) return unit;
    if (unit >= 0xdc00 || load<u16>(at) !== 0x755c) return -1;
    at += 2;
    const second = readHex();
    return second < 0xdc00 || second >= 0xe000 ? -1 : 0x10000 + ((unit - 0xd800) << 10) + second - 0xdc00;
  }
  if (letter === 0x6e) return 10;
  if (letter === 0x22 || letter === 0x5c || letter === 0x2f) return letter;
  if (letter === 0x74) return 9;
  if (letter === 0x72) return 13;
  if (letter === 0x62) return 8;
  return letter === 0x66 ? 12 : -1;
}

function readHex(): i32 {
  const one = digitOf(load<u8>(at));
  const two = digitOf(load<u8>(at, 1));
  const three = digitOf(load<u8>(at, 2));
  const four = digitOf(load<u8>(at, 3));
  at += 4;
  return (one | two | three | four) < 0 ? -1 : (one << 12) | (two << 8) | (three << 4) | four;
}

function digitOf(byte: i32): i32 {
  if (<u32>(byte - 0x30) < 10) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return <u32>letter < 6 ? letter + 10 : -1;
}

/** Writes a character in UTF-8; returns its bytes. */
function writePoint(point: i32): i32 {
  const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  if (size === 1) store<u8>(free, point);
  else if (size === 2) store<u16>(free, 0x80c0 | (point >> 6) | ((point & 63) << 8));
  else if (size === 3) {
    store<u32>(free, 0x8080e0 | (point >> 12) | (((point >> 6) & 63) << 8) | ((point & 63) << 16));
  } else {
    const middle = (((point >> 12) & 63) << 8) | (((point >> 6) & 63) << 16);
    store<u32>(free, 0x808080f0 | (point >> 18) | middle | ((point & 63) << 24));
  }
  free += size;
  return size;
}

/** Whether a text begins with a character beyond ASCII that plainly is neither white space nor one that nobody sees. */
function isPlainlyVisible(text: usize): bool {
  const first = load<u8>(text);
  const second = load<u8>(text, 1);
  if (first === 0xe3) return second !== 0x80 && second !== 0x85;
  if (first === 0xf0) return second === 0x9f || second === 0xa0;
  if (first === 0xcd || first === 0xd8) return false;
  return (first >= 0xc3 && first <= 0xe0) || (first >= 0xe4 && first <= 0xee);
}

export { copy, hash, hashBeginning } from './hash';
export { holdsMark } from './marks';
export { measureUnusual } from './unusual';
