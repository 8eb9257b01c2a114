import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ODD_MARKS } from '../../shared/core/dataset/jsonl/odd-texts.ts';
import { type Marks, writeMarks } from '../../shared/core/dataset/scan/marks.ts';
import { createScanner } from '../../shared/core/dataset/scan/scanner.ts';

/** Searches a text that lies in a room with another behind it, as the lines of a file do. */
function searchFor(marks: Marks) {
  const { bytes, code, places } = createScanner();
  writeMarks({ bytes, code, places, words: new Int32Array() }, marks);
  return (text: Buffer, behind = '') => {
    bytes.fill(0, places.room, places.room + 4096);
    const end = places.room + text.copy(bytes, places.room);
    bytes.write(behind, end);
    return code.holdsMark(places.marks, places.room, end) === 1;
  };
}

describe('the search for the marks of odd texts', () => {
  const holdsOdd = searchFor(ODD_MARKS);
  const ALL = [
    ...ODD_MARKS.exact,
    ...ODD_MARKS.anyCase,
    ...ODD_MARKS.anyCase.map((mark) => mark.replace(/[a-f]/g, (digit) => digit.toUpperCase())),
  ];
  const plain = 'What the customer asked was answered. '.repeat(3);

  test.each(ALL)('finds %j wherever it is', (mark) => {
    for (let at = 0; at <= 40; at++) {
      expect(holdsOdd(Buffer.from(plain.slice(0, at) + mark))).toBe(true);
      expect(holdsOdd(Buffer.from(plain.slice(0, at) + mark + plain))).toBe(true);
    }
  });

  test('finds whatever any search finds, and little else', () => {
    const piece = fc.oneof(
      fc.constantFrom(...ALL, ...ALL.map((mark) => mark.slice(0, -1)), '"', '\\', '\\u00', 'é', '、'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = Buffer.from(pieces.join(''));
        // Of a long mark its beginning is enough.
        const isIn =
          ODD_MARKS.exact.some((mark) => text.includes(Buffer.from(mark).subarray(0, 8))) ||
          ODD_MARKS.anyCase.some((mark) =>
            text.toString('latin1').toLowerCase().includes(mark.toLowerCase()),
          );
        expect(holdsOdd(text)).toBe(isIn);
      }),
      { numRuns: 2000 },
    );
  });

  test('finds nothing in what is written in other scripts, in code, and with the names of fields', () => {
    const texts = [
      'Où est le château ? Il était une fois… « déjà »',
      '「はい」、そうです。（笑）！？',
      'if (a && b || c < d) { return x[0] /* then */; }',
      '{"name":"Ada","note":"n","under":"No, nothing","object":[1,null]}',
    ];
    for (const text of texts) expect(holdsOdd(Buffer.from(text))).toBe(false);
  });

  test('stops behind the line: only what begins right behind it may be taken for its own', () => {
    expect(holdsOdd(Buffer.from(plain), `${'.'.repeat(16)}<|im_start|>`)).toBe(false);
  });

  test('takes no more marks than there is room for', () => {
    const many = Array.from({ length: 200 }, (_, index) => `mark ${index}`);
    expect(() => searchFor({ exact: many, anyCase: [] })).toThrow('too many marks');
  });
});
