/**
 * What a terminal obeys or a reader is misled by: C0 but the line feed, DEL and C1, separators of lines, marks that turn the
 * direction of text (unicode.org/reports/tr9, 2), and halves of characters.
 */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]/gu;

/**
 * Text of whatever origin as it may be sent to a terminal or written into a log: what is unprintable is shown in JSON's escapes and so
 * does nothing. Of JSON it makes JSON with the same values; what it has made stays as it is.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\t' ? '\\t' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
