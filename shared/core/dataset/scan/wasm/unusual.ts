/** The counts of tokens.ts, over a text in UTF-8: digits and symbols of ASCII, and characters like the one before. */

/** Writes both at `out`. */
export function measureUnusual(text: usize, length: i32, out: usize): void {
  const end = text + length;
  let place = text;
  let dense = 0;
  let repeated = 0;
  /** The unit before, where it may be repeated: that of a character beyond 16 bits is not. */
  let before: i32 = -1;
  while (place < end) {
    if (<u32>before < 0x80 && place + 16 <= end) {
      const block = v128.load(place);
      if (i8x16.bitmask(block) === 0) {
        repeated += popcnt<i32>(i8x16.bitmask(i8x16.eq(block, v128.load(place - 1))));
        dense += popcnt<i32>(i8x16.bitmask(denseIn(block)));
        place += 16;
        before = load<u8>(place - 1);
        continue;
      }
    }
    let unit: i32 = load<u8>(place);
    if (unit < 0x80) {
      const letter = unit | 0x20;
      if (unit > 0x20 && unit < 0x7f && (letter < 0x61 || letter > 0x7a)) dense += 1;
      place += 1;
    } else if (unit < 0xe0) {
      unit = ((unit & 31) << 6) | (load<u8>(place, 1) & 63);
      place += 2;
    } else if (unit < 0xf0) {
      unit = ((unit & 15) << 12) | ((<i32>load<u8>(place, 1) & 63) << 6) | (load<u8>(place, 2) & 63);
      place += 3;
    } else {
      before = -1;
      place += 4;
      continue;
    }
    if (unit === before) repeated += 1;
    before = unit;
  }
  store<i32>(out, dense);
  store<i32>(out, repeated, 4);
}

/** ASCII from `!` to `~` without the letters. */
function denseIn(block: v128): v128 {
  const low = v128.or(block, i8x16.splat(0x20));
  const letter = v128.and(i8x16.gt_s(low, i8x16.splat(0x60)), i8x16.lt_s(low, i8x16.splat(0x7b)));
  const shown = v128.and(i8x16.gt_s(block, i8x16.splat(0x20)), i8x16.lt_s(block, i8x16.splat(0x7f)));
  return v128.andnot(shown, letter);
}
