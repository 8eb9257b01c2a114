const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;

/** Order of the UTF-8 bytes, which differs from JavaScript's order once characters beyond U+FFFF take part. */
export function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    if (isSurrogate(a) !== isSurrogate(b)) return isSurrogate(a) ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}
