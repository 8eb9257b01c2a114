/** An archive with one file, as tar writes it: a header of 512 bytes, and blocks of as many. */
export function tarOf(text: string): Buffer {
  const header = Buffer.alloc(512);
  for (const [at, field] of [
    ...([
      [0, 'train.jsonl'],
      [100, '0000644'],
      [108, '0000000'],
      [116, '0000000'],
    ] as const),
    ...([
      [124, text.length.toString(8).padStart(11, '0')],
      [136, '00000000000'],
    ] as const),
    ...([
      [148, ' '.repeat(8)],
      [156, '0'],
      [257, 'ustar'],
      [263, '00'],
    ] as const),
  ] as const)
    header.write(field, at);
  const sum = header.reduce((all, one) => all + one, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const rest = Buffer.alloc((512 - (text.length % 512)) % 512);
  return Buffer.concat([header, Buffer.from(text), rest, Buffer.alloc(1024)]);
}
