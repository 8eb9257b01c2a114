import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHashIndex } from '../../shared/core/dataset/tallies/hash-index.ts';
import { createLabelTally } from '../../shared/core/dataset/tallies/labels.ts';
import { createLengthTally } from '../../shared/core/dataset/tallies/lengths.ts';
import { createTextHasher } from '../../shared/core/dataset/tallies/text-hash.ts';
import { countUnusual, estimateTokens, estimateUnusual } from '../../shared/core/dataset/tallies/tokens.ts';
import { chatLine, checkBytes, lines, textLine } from './dataset-samples.ts';

const estimateLongText = (text: string, bytes: number) =>
  estimateUnusual(bytes, text.length, countUnusual(text));

function hashOf(...texts: string[]): string {
  const hasher = createTextHasher();
  for (const text of texts) {
    hasher.write(text);
    hasher.mark(0xff);
  }
  hasher.digest();
  return `${hasher.low} ${hasher.high}`;
}

describe('hashes of texts', () => {
  test('200,000 texts that differ in a few digits have 200,000 hashes', () => {
    const hasher = createTextHasher();
    const seen = createHashIndex(200_000);
    for (let number = 0; number < 200_000; number++) {
      hasher.reset();
      hasher.write(
        `Message ${number % 450} of ${Math.floor(number / 450)}, the rest of which is always the same`,
      );
      hasher.digest();
      expect(seen.add(hasher.low, hasher.high, number + 1, 0)).toBe(-1);
    }
    expect(seen.size).toBe(200_000);
  });

  test('every bit of a text counts, and so does its length', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), (text, place) => {
        const at = place % text.length;
        const other =
          text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) ^ 1) & 0x7f) + text.slice(at + 1);
        if (other !== text) expect(hashOf(other)).not.toBe(hashOf(text));
        expect(hashOf(`${text}\0`)).not.toBe(hashOf(text));
      }),
    );
  });

  test('the end of one text is not the beginning of the next', () => {
    expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
  });

  test('a hash does not depend on what was hashed before, also after the scratch has grown', () => {
    const hasher = createTextHasher();
    hasher.write('x'.repeat(100_000));
    hasher.digest();
    hasher.reset();
    expect(hasher.write('日本語')).toBe(9);
    hasher.mark(0xff);
    hasher.digest();
    expect(`${hasher.low} ${hasher.high}`).toBe(hashOf('日本語'));
  });

  test('an index finds what was added and a full one still finds it', () => {
    const index = createHashIndex(3000);
    for (let number = 1; number <= 5000; number++) index.add(number * 1024, number, number, number * 2);
    expect(index.size).toBe(3000);
    expect(index.lineAt(index.find(1024, 1))).toBe(1);
    expect(index.tagAt(index.add(3000 * 1024, 3000, 9, 9))).toBe(6000);
    expect(index.find(3001 * 1024, 3001)).toBe(-1);
    expect(index.find(1024, 2)).toBe(-1);
  });
});

describe('token estimates', () => {
  /** Bytes a token of Gemma 3, measured on much text of each kind; for Japanese 2.26 characters a token. */
  test.each([
    {
      kind: 'English',
      text: 'the quick brown fox jumps over the lazy dog '.repeat(100),
      bytesPerToken: 4.85,
    },
    {
      kind: 'code',
      text: 'for (let i = 0; i < n; i++) { total += row[i]; }\n'.repeat(100),
      bytesPerToken: 3.3,
    },
    {
      kind: 'Japanese',
      text: '荷物の到着が遅れたことについてご連絡がありました。'.repeat(100),
      bytesPerToken: 6.8,
    },
    { kind: 'emoji', text: '😀🚀🎉👍'.repeat(100), bytesPerToken: 2.8 },
  ])('the measured $kind lies inside the interval', ({ text, bytesPerToken }) => {
    const bytes = Buffer.byteLength(text);
    const tokens = bytes / bytesPerToken;
    for (const { low, high } of [estimateTokens(bytes, text.length), estimateLongText(text, bytes)]) {
      expect(low).toBeLessThanOrEqual(tokens);
      expect(high).toBeGreaterThanOrEqual(tokens);
    }
  });

  test('the interval is ordered, never over the bytes, and wider for a long text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.byteLength(text);
        const short = estimateTokens(bytes, text.length);
        const long = estimateLongText(text, bytes);
        expect(short.low).toBeLessThanOrEqual(short.high);
        expect(short.high).toBeLessThanOrEqual(bytes);
        expect(long.low).toBeLessThanOrEqual(short.low);
        expect(long.high).toBeGreaterThanOrEqual(short.high);
        expect(long.high).toBeLessThanOrEqual(bytes);
      }),
    );
  });

  test('digits may be a token each', () => {
    const digits = '3141592653'.repeat(1000);
    expect(estimateLongText(digits, digits.length).high).toBe(digits.length);
  });
});

describe('lengths', () => {
  test('the median is at most an eighth under the true one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 1 }), (lengths) => {
        const tally = createLengthTally();
        for (const length of lengths) tally.add(length);
        const sorted = lengths.toSorted((a, b) => a - b);
        const median = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
        const { min, median: found, max } = tally.summary();
        expect([min, max]).toEqual([sorted[0], sorted.at(-1)]);
        expect(found).toBeLessThanOrEqual(median);
        expect(found).toBeGreaterThanOrEqual(median * 0.875);
      }),
    );
  });
});

describe('labels', () => {
  const statisticsOf = (isClassification: boolean, outputs: string[]) => {
    const tally = createLabelTally(isClassification);
    for (const [index, output] of outputs.entries()) tally.add(output, index + 1);
    return tally.statistics();
  };
  const numbered = (count: number, repeats: number) =>
    Array.from({ length: count * repeats }, (_, index) => `label ${index % count}`);

  test.each([
    { name: '20 labels twice', outputs: numbered(20, 2), distinct: 20 },
    { name: '20 labels once are texts', outputs: numbered(20, 1), distinct: undefined },
    { name: '21 labels', outputs: numbered(21, 9), distinct: undefined },
    { name: 'a long output', outputs: [...numbered(2, 50), 'x'.repeat(101)], distinct: undefined },
  ])('without a task, $name: $distinct distinct', ({ outputs, distinct }) => {
    expect(statisticsOf(false, outputs)?.distinct).toBe(distinct);
  });

  test('without a classification task no output is listed', () => {
    expect(statisticsOf(false, numbered(2, 50))).toEqual({ distinct: 2, top: [] });
  });

  test('a classification may have more labels, of which the 20 most frequent are listed', () => {
    const statistics = statisticsOf(true, [...numbered(300, 3), 'label 7']);
    expect(statistics).toMatchObject({ distinct: 300 });
    expect(statistics?.top).toHaveLength(20);
    expect(statistics?.top[0]).toEqual({ label: 'label 7', count: 4 });
  });

  test('what fewer than three examples have is not listed, and nothing is where outputs are not repeated so often', () => {
    const labels = [...numbered(2, 50), 'once', 'twice', 'twice'];
    expect(statisticsOf(true, labels)?.top.map(({ count }) => count)).toEqual([50, 50]);
    expect(statisticsOf(true, [...numbered(30, 2), ...numbered(1, 5)])).toEqual({ distinct: 30, top: [] });
  });
});

describe('statistics', () => {
  test('a text file is described in plain JSON', () => {
    const { statistics } = checkBytes(
      `${lines(12, textLine, { 2: '', 3: '{', 4: textLine(0) }).join('\n')}\n`,
    );
    expect(JSON.parse(JSON.stringify(statistics))).toEqual({
      format: 'input_output',
      role: 'training',
      bytes: 668,
      lines: 12,
      blankLines: 1,
      blankLineRuns: [{ line: 2, count: 1, step: 1 }],
      examples: 11,
      unusableExamples: 1,
      inputCharacters: { min: 30, median: 30, max: 31 },
      outputCharacters: { min: 1, median: 1, max: 2 },
      tokens: {
        method: expect.stringContaining('estimate without a tokenizer'),
        total: { low: 62, high: 112 },
        largestExample: { low: 7, high: 12 },
        provedWithinLimits: 10,
      },
      duplicates: { exact: 1, conflicting: 0 },
    });
  });

  test('a chat file also counts authors, pairs and contexts', () => {
    const { statistics } = checkBytes(lines(12, chatLine, { 2: chatLine(90, { context: 'a' }) }).join('\n'), {
      format: 'messages',
    });
    expect(statistics.chat).toEqual({
      authors: 48,
      pairs: { min: 2, median: 2, max: 2 },
      examplesWithContext: 1,
    });
  });

  test('escapes do not hide a duplicate', () => {
    const escaped = '{ "output_text":"caf\\u00e9", "input_text":"\\u65e5\\u672c" }';
    const { statistics } = checkBytes(`${escaped}\n{"input_text": "日本", "output_text": "café"}`);
    expect(statistics.duplicates).toEqual({ exact: 1, conflicting: 0 });
  });

  test('a third output and its repetition are kept apart', () => {
    const outputs = ['a', 'b', 'c', 'c', 'b', 'a'];
    const { statistics, issues } = checkBytes(
      outputs.map((output) => textLine(1, { output_text: output })).join('\n'),
    );
    expect(statistics.duplicates).toEqual({ exact: 3, conflicting: 2 });
    expect(issues.listed.slice(0, 5).map(({ code, at, fields }) => [code, at.line, fields])).toEqual([
      ['conflicting_outputs', 2, { firstLine: 1 }],
      ['conflicting_outputs', 3, { firstLine: 1 }],
      ['duplicate_example', 4, { firstLine: 3 }],
      ['duplicate_example', 5, { firstLine: 2 }],
      ['duplicate_example', 6, { firstLine: 1 }],
    ]);
  });
});
