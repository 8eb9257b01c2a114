/** The hashes of text-hash.ts, over bytes that lie somewhere. */

/** The hash of a text, as two words at `out`. */
export function hash(text: usize, length: i32, out: usize): void {
  let a = length;
  let b: i32 = 0x2545f491;
  let c: i32 = 0x3c6ef372;
  let d: i32 = 0x1b873593;
  let place = text;
  const behind = length & 15;
  const whole = text + length - behind;
  for (; place < whole; place += 16) {
    a = (a ^ load<i32>(place)) * 0x9e3779b1;
    b = (b ^ load<i32>(place, 4)) * 0x85ebca77;
    c = (c ^ load<i32>(place, 8)) * 0xc2b2ae3d;
    d = (d ^ load<i32>(place, 12)) * 0x27d4eb2f;
    a = rotl<i32>(a, 13) + b;
    b = rotl<i32>(b, 17) ^ a;
    c = rotl<i32>(c, 11) + d;
    d = rotl<i32>(d, 19) ^ c;
  }
  if (behind > 0) {
    const last = firstBytes(place, behind);
    a = (a ^ i32x4.extract_lane(last, 0)) * 0x9e3779b1;
    b = (b ^ i32x4.extract_lane(last, 1)) * 0x85ebca77;
    c = (c ^ i32x4.extract_lane(last, 2)) * 0xc2b2ae3d;
    d = (d ^ i32x4.extract_lane(last, 3)) * 0x27d4eb2f;
    a = rotl<i32>(a, 13) + b;
    b = rotl<i32>(b, 17) ^ a;
    c = rotl<i32>(c, 11) + d;
    d = rotl<i32>(d, 19) ^ c;
  }
  store<i32>(out, finalize(a ^ (d * 0x165667b1)) ^ finalize(c + 1));
  store<i32>(out, finalize(b ^ (c * 0x9e3779b1)) ^ finalize(d + 2), 4);
}

/** The hash of the first bytes of a text, at most `wanted`, a multiple of 4. */
export function hashBeginning(text: usize, length: i32, wanted: i32): i32 {
  const size = min<i32>(wanted, length);
  let mixed = size;
  for (let from = 0; from < size; from += 4) {
    const word = i32x4.extract_lane(firstBytes(text + from, min<i32>(4, size - from)), 0);
    mixed = rotl<i32>((mixed ^ word) * 0x9e3779b1, 13);
  }
  return mixed;
}

/** Copies bytes that do not overlap. */
export function copy(to: usize, from: usize, length: i32): void {
  memory.copy(to, from, length);
}

/** The first 1 to 15 bytes at a place, and zeros behind them. */
function firstBytes(place: usize, count: i32): v128 {
  const numbers = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return v128.and(v128.load(place), i8x16.lt_u(numbers, i8x16.splat(<i8>count)));
}

function finalize(word: i32): i32 {
  let mixed = (word ^ (word >>> 16)) * 0x85ebca6b;
  mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
  return mixed ^ (mixed >>> 16);
}
