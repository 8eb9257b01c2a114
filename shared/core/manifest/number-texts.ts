/** Numbers that people write as texts: 40, 1_000, 1,234.5 and 1.234,5. */

interface Notation {
  pattern: RegExp;
  decimalSign: '.' | ',';
}

/** JSON's and that of half the world; `_` and `'` group digits, too. */
const WITH_POINT: Notation = {
  pattern: /^[-+]?(?:\d[\d_]*|[1-9]\d{0,2}(?:[,' ]\d{3})+)?(?:\.\d+)?(?:e[-+]?\d+)?$/i,
  decimalSign: '.',
};
/** That of the other half: the comma begins the decimals. */
const WITH_COMMA: Notation = {
  pattern: /^[-+]?(?:\d+|[1-9]\d{0,2}(?:[.' ]\d{3})+)(?:,\d+)?$/,
  decimalSign: ',',
};

/** The number that a text stands for in a notation; undefined where it is none in it. */
function numberIn(text: string, { pattern, decimalSign }: Notation): number | undefined {
  if (!/\d/.test(text) || !pattern.test(text)) return undefined;
  const digits = [...text].filter((mark) => /[\dEe+-]/.test(mark) || mark === decimalSign);
  return Number(digits.join('').replace(',', '.'));
}

/** What a text may mean as a number. */
export interface NumberReadings {
  /** As JSON would have it. */
  withPoint: number | undefined;
  /** With a comma before the decimals. */
  withComma: number | undefined;
}

/** Both readings; nobody writes a whole number with decimals, so that a comma in one groups its digits. */
export function readNumber(text: string, { isWhole }: { isWhole: boolean }): NumberReadings {
  const hasDecimals = /,\d+$/.test(text);
  return {
    withPoint: numberIn(text, WITH_POINT),
    withComma: isWhole && hasDecimals ? undefined : numberIn(text, WITH_COMMA),
  };
}
