import { describe, expect, test } from 'vitest';
import type { DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkBytes, issuesOf, lines, textLine } from './dataset-samples.ts';
import { followRemedy } from './follow-remedy.ts';

const LINES = lines(120, textLine);
const objects = LINES.map((line) => JSON.parse(line) as { input_text: string; output_text: string });
const whole = `${LINES.join('\n')}\n`;
const bytes = (...codes: number[]) => Buffer.from(codes);

const remedyOf = (file: string | Buffer, options?: Partial<DatasetCheckOptions>) => {
  const [issue] = checkBytes(file, options).issues.listed;
  if (!issue) throw new Error('nothing was found');
  return reportIssue(issue);
};

describe('another encoding', () => {
  const pair = (input: string, output: string) => `{"input_text": "${input}", "output_text": "${output}"}\n`;
  /** The bytes of a sentence in an encoding, written down since nothing here encodes it. */
  const GBK = bytes(0xc4, 0xe3, 0xba, 0xc3, 0xca, 0xc0, 0xbd, 0xe7);
  const SHIFT_JIS = bytes(0x8e, 0xbf, 0x96, 0xe2, 0x82, 0xc5, 0x82, 0xb7);
  const LATIN = Buffer.from('Où est le café?', 'latin1');
  const fileOf = (text: Buffer) =>
    Buffer.concat(
      lines(120, (n) => pair(`${n} TEXT`, `${n}`)).flatMap((line) => {
        const [before = '', after = ''] = line.split('TEXT');
        return [Buffer.from(before), text, Buffer.from(after)];
      }),
    );

  test.each([
    ['GBK', GBK, 'gbk'],
    ['Shift-JIS', SHIFT_JIS, 'shift_jis'],
    ['Windows-1252', LATIN, 'windows-1252'],
    ['bytes of no encoding that is known', bytes(0xff, 0xff, 0x41, 0xff), undefined],
  ])('%s is told once, and its remedy leads out', (_name, text, encoding) => {
    const file = fileOf(text);
    const { issues } = checkBytes(file);
    expect(issues.listed).toMatchObject([
      { code: 'dataset_other_encoding', fields: { lines: 120, encoding } },
    ]);
    const report = remedyOf(file);
    if (encoding === undefined) return;
    expect(
      issuesOf(checkBytes(followRemedy(report.remedy, file))).filter((issue) => issue.startsWith('error')),
    ).toEqual([]);
  });

  test('is none where one line alone is wrong, or where others have right letters', () => {
    const one = Buffer.concat([Buffer.from(whole), fileOf(LATIN).subarray(0, 60), Buffer.from('"}\n')]);
    expect(issuesOf(checkBytes(one))).toContain('error line_not_utf8 121');
    const mixed = Buffer.concat([Buffer.from(pair('é', 'ü')), fileOf(LATIN)]);
    expect(checkBytes(mixed).issues.counts()).toMatchObject([{ code: 'line_not_utf8', count: 120 }]);
  });
});

describe('fields that are spelt otherwise throughout', () => {
  const spelt = (from: Record<string, string>) =>
    `${LINES.map((line) => Object.entries(from).reduce((text, [name, other]) => text.replace(`"${name}"`, `"${other}"`), line)).join('\n')}\n`;

  test.each([
    ['inputText', { input_text: 'inputText', output_text: 'outputText' }, {}],
    ['one of two', { output_text: 'Output-Text' }, {}],
    ['for a Gemini model', { input_text: 'InputText' }, { format: 'contents' }],
  ] as const)('%s: told once, and the remedy leads out', (_name, from, options) => {
    const file = spelt(from);
    expect(issuesOf(checkBytes(file, options))).toEqual(['error dataset_field_names']);
    const report = remedyOf(file, options);
    expect(followRemedy(report.remedy, file).toString()).toBe(
      whole.replaceAll(/, *|: */g, (mark) => mark.trim()),
    );
  });

  test('are told line by line where lines differ, and no field is called unused that is only misspelt', () => {
    const one = { ...objects[0], output_text: undefined, outputText: '1' };
    const { issues } = checkBytes(`${whole}${JSON.stringify(one)}\n`);
    expect(issues.listed.map(({ code, at }) => `${code} ${at.line}`)).toEqual(['field_missing 121']);
  });
});

test('a fault of the whole file is recognised from its first 256 KiB; what comes later is a fault of its line', () => {
  const late = `${whole.repeat(40)}<<<<<<< HEAD\n`;
  expect(Buffer.byteLength(late)).toBeGreaterThan(256 * 1024);
  expect(checkBytes(late).issues.counts()).toContainEqual({
    code: 'line_of_another',
    severity: 'error',
    count: 1,
  });
});
