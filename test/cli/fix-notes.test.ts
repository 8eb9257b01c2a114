import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createNotes } from '../../cli/fix/notes.ts';
import type { CorrectionKind } from '../../shared/core/issues/corrections.ts';
import { aFolder } from './command-line.ts';

const notesOf = () => createNotes(join(aFolder({}), 'notes'));

describe('numbers that are noted in a file', () => {
  test.each([0, 1, 1023, 1024, 1025, 5000])('are all there, %d of them, in any order', (size) => {
    const notes = notesOf();
    const numbers = notes.numbers();
    const at = (index: number) => (index * 2_654_435_761) % 2 ** 32;
    for (let index = 0; index < size; index++) {
      numbers.add(at(index));
      const earlier = Math.floor(index / 3);
      expect(numbers.at(earlier)).toBe(at(earlier));
    }
    expect(numbers.size).toBe(size);
    for (let index = size - 1; index >= 0; index--) expect(numbers.at(index)).toBe(at(index));
    notes.close();
  });
});

describe('corrected lines that are noted in files', () => {
  const kind: CorrectionKind = 'line_ends';

  test('come by their lines, and what was done first before what was done next', () => {
    const log = notesOf().lineLog();
    for (const [detail, lines] of Object.entries({ a: [1, 4, 9], b: [2, 4, 10], c: [], d: [4] })) {
      log.begin();
      for (const line of lines) log.add({ kind, line, detail });
    }
    expect([...log.lines()].map(({ line, detail }) => `${line}${detail}`)).toEqual([
      '1a',
      '2b',
      '4a',
      '4b',
      '4d',
      '9a',
      '10b',
    ]);
  });

  test('are forgotten when a file begins anew, and written as they are however many they are', () => {
    const log = notesOf().lineLog();
    log.begin();
    log.add({ kind, line: 7 });
    log.clear();
    log.begin();
    const many = Array.from({ length: 20_000 }, (_, index) => ({ kind, line: index + 1, detail: 'é\n"' }));
    for (const one of many) log.add(one);
    expect([...log.lines()]).toEqual(many);
  });
});
