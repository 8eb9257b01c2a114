/**
 * A search for many short texts at once. Sixteen places at a time, each of three bytes in a row is looked up by its lower and by its upper
 * half: a place at which all six have a bit in common may begin a mark of that group ("Teddy", of the Hyperscan library).
 */

/** From where the marks are: the six tables, how many marks there are, and of each its first bytes and which of those count. */
const COUNT = 96;
const LIST = 112;
const MASK = 8;
const MARK_BYTES = 16;

/** Whether a mark begins in [from, end), or close behind it. */
export function holdsMark(marks: usize, from: usize, end: usize): bool {
  const firstLow = v128.load(marks);
  const firstHigh = v128.load(marks, 16);
  const secondLow = v128.load(marks, 32);
  const secondHigh = v128.load(marks, 48);
  const thirdLow = v128.load(marks, 64);
  const thirdHigh = v128.load(marks, 80);
  for (let place = from; place < end; place += 16) {
    const first = groupsOf(firstLow, firstHigh, v128.load(place));
    const second = groupsOf(secondLow, secondHigh, v128.load(place, 1));
    const third = groupsOf(thirdLow, thirdHigh, v128.load(place, 2));
    const groups = v128.and(v128.and(first, second), third);
    if (v128.any_true(groups) && isAnyMark(marks, place, groups)) return true;
  }
  return false;
}

/** The groups that have each of these bytes at a place. */
function groupsOf(low: v128, high: v128, bytes: v128): v128 {
  const half = i8x16.splat(15);
  return v128.and(
    i8x16.swizzle(low, v128.and(bytes, half)),
    i8x16.swizzle(high, v128.and(i16x8.shr_u(bytes, 4), half)),
  );
}

/** Whether a mark begins at one of the places that may. */
function isAnyMark(marks: usize, from: usize, groups: v128): bool {
  let places = i8x16.bitmask(i8x16.ne(groups, i8x16.splat(0)));
  const last = marks + LIST + load<i32>(marks, COUNT) * MARK_BYTES;
  while (places !== 0) {
    const bytes = load<u64>(from + ctz<i32>(places));
    for (let mark = marks + LIST; mark < last; mark += MARK_BYTES) {
      if ((bytes & load<u64>(mark, MASK)) === load<u64>(mark)) return true;
    }
    places &= places - 1;
  }
  return false;
}
