/** Where in `bytes[start, end)` the first byte is that is no UTF-8, from 0, or -1; `text` is what they were decoded to. */
export function firstInvalidByte(text: string, bytes: Buffer, start = 0, end = bytes.length): number {
  // Decoding writes U+FFFD over what is no UTF-8, so the first difference to the bytes is the first fault.
  if (!text.includes('\ufffd')) return -1;
  const encoded = Buffer.from(text, 'utf8');
  const length = Math.min(encoded.length, end - start);
  for (let at = 0; at < length; at++) if (encoded[at] !== bytes[start + at]) return at;
  return encoded.length === end - start ? -1 : length;
}
