/** Characters that no terminal may be sent as part of a text: what controls it, breaks its lines, turns text or hides in it. */
const STEERING: readonly (readonly [from: number, to: number])[] = [
  ...([
    [0x00, 0x09],
    [0x0b, 0x1f],
    [0x7f, 0x9f],
  ] as const), // C0 but the line feed, DEL, C1
  ...([
    [0x61c, 0x61c],
    [0x200e, 0x200f],
    [0x202a, 0x202e],
    [0x2066, 0x206f],
  ] as const), // direction
  ...([
    [0x2028, 0x2029],
    [0xd800, 0xdfff],
  ] as const), // lines and paragraphs, halves of characters
];

/** Those that the text has, as numbers in hex. */
export function steeringIn(text: string): string[] {
  const found = [...text]
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((code) => STEERING.some(([from, to]) => code >= from && code <= to));
  return [...new Set(found)].map((code) => code.toString(16));
}
