import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES } from '../../shared/core/dataset/limits.ts';
import { createLineSplitter } from '../../shared/core/dataset/lines/splitter.ts';
import {
  type CheckedFile,
  chatLine,
  checkBytes,
  issuesOf,
  lines,
  startCheck,
  textLine,
} from './dataset-samples.ts';

/** What a result says, without its functions. */
const facts = ({ issues, statistics, fingerprints }: CheckedFile) => ({
  kept: issues.listed,
  counts: issues.counts(),
  statistics,
  inputs: fingerprints.inputs.size,
});

/** Checks bytes cut at the given places, out of one buffer that is overwritten after each push. */
function checkInPieces(bytes: Buffer, cuts: number[]): CheckedFile {
  const check = startCheck();
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  let start = 0;
  for (const end of ends) {
    const chunk = Buffer.from(bytes.subarray(start, end));
    check.push(chunk);
    chunk.fill(0x21);
    start = end;
  }
  return check.finish();
}

const oddLine = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.string({ unit: 'grapheme' }), fc.string())
      .map(([input_text, output_text]) => JSON.stringify({ input_text, output_text })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '[',
      '{',
      '}',
      'null',
      '{"input_text":',
      chatLine(1),
      textLine(1),
      '\u2028',
      '\ufeff',
    ),
  },
  { weight: 1, arbitrary: fc.json() },
);
const oddFile = fc
  .array(fc.tuple(oddLine, fc.constantFrom('\n', '\r\n', '\n\n')), { maxLength: 20 })
  .map((parts) => Buffer.from(parts.map(([line, end]) => line + end).join('')));
const oddBytes = fc.tuple(oddFile, fc.uint8Array({ maxLength: 12 }), fc.nat()).map(([file, noise, place]) => {
  const at = place % (file.length + 1);
  return Buffer.concat([file.subarray(0, at), noise, file.subarray(at)]);
});

describe('reading a data set', () => {
  test('any chunking gives the same result, and chunks are not kept', () => {
    fc.assert(
      fc.property(fc.oneof(oddFile, oddBytes), fc.array(fc.nat(), { maxLength: 30 }), (bytes, cuts) => {
        expect(facts(checkInPieces(bytes, cuts))).toEqual(facts(checkBytes(bytes)));
      }),
      { numRuns: 400 },
    );
  });

  test('a byte at a time gives the same result', () => {
    const bytes = Buffer.from(`\ufeff${lines(12, textLine, { 3: '', 5: '{', 7: '日本語' }).join('\r\n')}`);
    const everywhere = Array.from(bytes, (_, index) => index);
    expect(facts(checkInPieces(bytes, everywhere))).toEqual(facts(checkBytes(bytes)));
  });

  test('sound examples with any text, line ends and blank lines are accepted with their own line numbers', () => {
    const soundText = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
      .filter((text) => text.trim() !== '');
    const file = fc.array(fc.tuple(soundText, soundText, fc.constantFrom('\n', '\r\n'), fc.nat(2)), {
      minLength: 10,
      maxLength: 40,
    });
    fc.assert(
      fc.property(file, (examples) => {
        const content = examples
          .map(
            ([input_text, output_text, end, blank]) =>
              JSON.stringify({ input_text, output_text }) + end.repeat(1 + blank),
          )
          .join('');
        const result = checkBytes(content);
        expect(result.issues.bySeverity().error).toBe(0);
        expect(result.statistics.examples).toBe(examples.length);
        expect(result.statistics.blankLines).toBe(examples.reduce((sum, [, , , blank]) => sum + blank, 0));
        expect(result.statistics.lines).toBe(content.split('\n').length - 1);
        expect(result.statistics.bytes).toBe(Buffer.byteLength(content));
      }),
      { numRuns: 100 },
    );
  });

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('input_output' as const, 'messages' as const),
        (bytes, format) => {
          checkBytes(bytes, { format });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('no JSON objects make it throw', () => {
    const name = fc.constantFrom(
      'input_text',
      'output_text',
      'messages',
      'author',
      'content',
      'context',
      '__proto__',
      'x',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('user', 'assistant', '', ' ', 5, null, true, '\ud83d'),
        fc.dictionary(name, tie('value'), { maxKeys: 4 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 5 }),
        fc.constantFrom('input_output' as const, 'messages' as const),
        (values, format) => {
          checkBytes(values.map((each) => JSON.stringify(each)).join('\n'), { format });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a line of 64 MiB is reported with its length, and the next line is read', () => {
    const check = startCheck();
    const mebibyte = Buffer.alloc(1024 * 1024, 'a');
    check.push(Buffer.from(`${textLine(0)}\n`));
    for (let count = 0; count < 64; count++) check.push(mebibyte);
    check.push(Buffer.from(`\n${lines(10, (number) => textLine(number + 10), { 10: '{' }).join('\n')}`));
    const result = check.finish();
    expect(issuesOf(result)).toEqual([
      'error dataset_line_too_long 2',
      'error line_not_json 12',
      'advice dataset_few_examples',
    ]);
    expect(result.issues.listed[0]?.fields).toEqual({ bytes: 64 * 1024 * 1024, maxBytes: MAX_LINE_BYTES });
  });

  test('a line of exactly the cap is read, whole or in pieces', () => {
    for (const pieces of [1, 3]) {
      const seen: string[] = [];
      const splitter = createLineSplitter({
        maxLineBytes: 6,
        onLine: (bytes, start, end) => seen.push(bytes.toString('utf8', start, end)),
        onLongLine: (length, first) => seen.push(`${length} ${String.fromCharCode(first)}`),
      });
      const bytes = Buffer.from('123456\n[234567\n\n1234567890123');
      const size = Math.ceil(bytes.length / pieces);
      for (let start = 0; start < bytes.length; start += size)
        splitter.push(bytes.subarray(start, start + size));
      splitter.finish();
      expect(seen).toEqual(['123456', '7 [', '', '13 1']);
    }
  });

  test('a file that cannot be read is counted in bytes and not looked at any further', () => {
    const result = checkBytes(
      Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from(lines(12, textLine).join('\n'))]),
    );
    expect(result.statistics).toMatchObject({ lines: 0, examples: 0 });
    expect(result.issues.total).toBe(1);
  });

  test('a bad file of 30,000 lines is counted exactly and listed in part, and every issue reaches the callback', () => {
    const seen: number[] = [];
    const result = checkBytes('{"input_text": 5}\n'.repeat(30_000), {
      onIssue: ({ code, at }) => code === 'field_wrong_type' && seen.push(at.line ?? 0),
    });
    expect(result.issues.counts()).toEqual([
      { code: 'field_wrong_type', severity: 'error', count: 30_000 },
      { code: 'field_missing', severity: 'error', count: 30_000 },
      { code: 'dataset_too_many_examples', severity: 'error', count: 1 },
    ]);
    expect(result.issues.listed).toHaveLength(200);
    expect(seen).toHaveLength(30_000);
    expect(seen.at(-1)).toBe(30_000);
    expect(result.statistics.unusableExamples).toBe(30_000);
  });
});
