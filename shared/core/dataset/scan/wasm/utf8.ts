/**
 * The mistakes in bytes that should be UTF-8, sixteen at a time: John Keiser and Daniel Lemire, "Validating UTF-8 in less than one instruction per byte"
 * (2020). Each bit of the three tables is a mistake of two bytes in a row; where all three have it, it was made.
 */
const TOO_SHORT: u8 = 1;
const TOO_LONG: u8 = 2;
const OVERLONG_3: u8 = 4;
const TOO_LARGE: u8 = 8;
const SURROGATE: u8 = 16;
const OVERLONG_2: u8 = 32;
const TOO_LARGE_OR_OVERLONG_4: u8 = 64;
const TWO_FOLLOWING: u8 = 128;
const ANY: u8 = TOO_SHORT | TOO_LONG | TWO_FOLLOWING;
const LARGE: u8 = ANY | TOO_LARGE | TOO_LARGE_OR_OVERLONG_4;
const AFTER: u8 = TOO_LONG | OVERLONG_2 | TWO_FOLLOWING;

/** The mistakes of a block in its place behind another, zero where there are none; a character that ends in the next is that one's. */
export function mistakesOf(before: v128, block: v128): v128 {
  const one = i8x16.shuffle(before, block, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  const two = i8x16.shuffle(before, block, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const three = i8x16.shuffle(before, block, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  const pairs = v128.and(
    v128.and(firstHigh(i8x16.shr_u(one, 4)), firstLow(v128.and(one, i8x16.splat(15)))),
    secondHigh(i8x16.shr_u(block, 4)),
  );
  // What is 0xe0 or 0xf0 and more has its highest bit left after this.
  const third = i8x16.sub_sat_u(two, i8x16.splat(0x60));
  const fourth = i8x16.sub_sat_u(three, i8x16.splat(0x70));
  const following = v128.and(v128.or(third, fourth), i8x16.splat(-128));
  return v128.xor(following, pairs);
}

/** By the upper half of the first byte. */
function firstHigh(index: v128): v128 {
  const table = i8x16(
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TWO_FOLLOWING,
    TWO_FOLLOWING,
    TWO_FOLLOWING,
    TWO_FOLLOWING,
    TOO_SHORT | OVERLONG_2,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | TOO_LARGE_OR_OVERLONG_4,
  );
  return i8x16.swizzle(table, index);
}

/** By its lower half. */
function firstLow(index: v128): v128 {
  const table = i8x16(
    ANY | OVERLONG_3 | OVERLONG_2 | TOO_LARGE_OR_OVERLONG_4,
    ANY | OVERLONG_2,
    ANY,
    ANY,
    ANY | TOO_LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE,
    LARGE | SURROGATE,
    LARGE,
    LARGE,
  );
  return i8x16.swizzle(table, index);
}

/** By the upper half of the second byte. */
function secondHigh(index: v128): v128 {
  const table = i8x16(
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    AFTER | OVERLONG_3 | TOO_LARGE_OR_OVERLONG_4,
    AFTER | OVERLONG_3 | TOO_LARGE,
    AFTER | SURROGATE | TOO_LARGE,
    AFTER | SURROGATE | TOO_LARGE,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
  );
  return i8x16.swizzle(table, index);
}
