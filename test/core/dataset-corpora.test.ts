import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkBytes, lines, textLine } from './dataset-samples.ts';

const CORPORA = '../shared/corpora';
const DATA = '../shared/data';

/** The codes that say that a line is no JSON. */
const NOT_JSON = [
  'line_not_json',
  'line_not_utf8',
  'line_nul_byte',
  'line_lone_cr',
  'line_unicode_separator',
  'line_too_deep',
];

/** Reads a text as line 2 of a file of 12 lines; returns the codes and lines of what is wrong with its JSON. */
function readAsLineTwo(content: Buffer) {
  const before = Buffer.from(`${textLine(0)}\n`);
  const after = Buffer.from(`\n${lines(10, (number) => textLine(number + 1)).join('\n')}\n`);
  const result = checkBytes(Buffer.concat([before, content, after]));
  const jsonIssues = result.issues.listed.filter(({ code }) => NOT_JSON.includes(code));
  return {
    result,
    jsonIssues,
    isBlank: result.statistics.blankLines > 0,
    codes: result.issues.listed.map(({ code }) => code),
  };
}

/** White space between tokens may be a line feed, which no line of JSON Lines can hold. */
const onOneLine = (json: Buffer) => Buffer.from(json.map((byte) => (byte === 0x0a ? 0x20 : byte)));

function skipWithout(folder: string): boolean {
  const isMissing = !existsSync(folder);
  if (isMissing) console.warn(`SKIPPED: ${folder} is not there`);
  return isMissing;
}

describe.skipIf(skipWithout(`${CORPORA}/JSONTestSuite`))('JSONTestSuite, each file as line 2 of 12', () => {
  const folder = `${CORPORA}/JSONTestSuite/test_parsing`;
  const files = existsSync(folder)
    ? readdirSync(folder).map((name) => ({ name, bytes: readFileSync(`${folder}/${name}`) }))
    : [];
  const named = (prefix: string) => files.filter(({ name }) => name.startsWith(prefix));

  test.each(named('y_'))('$name is JSON', ({ bytes }) => {
    expect(readAsLineTwo(onOneLine(bytes)).jsonIssues).toEqual([]);
  });

  test.each(named('n_'))('$name is not JSON', ({ bytes }) => {
    const { jsonIssues, isBlank, codes } = readAsLineTwo(bytes);
    const lineFeeds = bytes.filter((byte) => byte === 0x0a).length;
    // Of comments the file is told to have some.
    expect(jsonIssues.length > 0 || isBlank || codes.includes('dataset_not_lines')).toBe(true);
    for (const { at } of jsonIssues) expect(at.line).toBeOneOf([2, 2 + lineFeeds]);
  });

  test('21 of the 35 files that may be read are read, 14 are not', () => {
    const accepted = named('i_').filter(({ bytes }) => readAsLineTwo(bytes).jsonIssues.length === 0);
    expect(accepted).toHaveLength(21);
    expect(named('i_')).toHaveLength(35);
  });

  test('duplicate keys are refused, also escaped ones', () => {
    const duplicates = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json'];
    for (const { bytes } of files.filter(({ name }) => duplicates.includes(name))) {
      expect(readAsLineTwo(bytes).codes).toContain('duplicate_key');
    }
    const transform = `${CORPORA}/JSONTestSuite/test_transform`;
    const repeated = readdirSync(transform).filter((name) => name.startsWith('object_same_key'));
    expect(repeated).toHaveLength(3);
    for (const name of repeated) {
      expect(readAsLineTwo(onOneLine(readFileSync(`${transform}/${name}`))).codes).toContain('duplicate_key');
    }
  });
});

describe.skipIf(skipWithout(`${CORPORA}/utf8tests`))('utf8tests, each as an input', () => {
  const path = `${CORPORA}/utf8tests/utf8tests.txt`;
  const cases = existsSync(path)
    ? [...readFileSync(path, 'utf8').matchAll(/^([\d.]+):(valid|invalid)( hex)?:([^:\n]*)/gm)].map(
        ([, id, kind, hex, content = '']) => ({
          id,
          isValid: kind === 'valid',
          bytes: hex ? Buffer.from(content.replaceAll(/\s/g, ''), 'hex') : Buffer.from(content),
        }),
      )
    : [];
  /** Quotes and control characters would be no JSON text; they are tested as such elsewhere. */
  const asLine = (bytes: Buffer) =>
    Buffer.concat([
      Buffer.from('{"input_text": "a'),
      ...[...bytes].map((byte) =>
        byte < 0x20 || byte === 0x22 || byte === 0x5c
          ? Buffer.from(`\\u00${byte.toString(16).padStart(2, '0')}`)
          : Buffer.from([byte]),
      ),
      Buffer.from('", "output_text": "b"}'),
    ]);

  test('76 valid ones are accepted, 140 invalid ones are refused on their line', () => {
    const results = cases.map(({ id, isValid, bytes }) => ({
      id,
      isValid,
      issues: readAsLineTwo(asLine(bytes)).jsonIssues,
    }));
    expect(results.filter(({ isValid }) => isValid)).toHaveLength(76);
    expect(results.filter(({ isValid }) => !isValid)).toHaveLength(140);
    expect(results.filter(({ isValid, issues }) => isValid !== (issues.length === 0))).toEqual([]);
    for (const { issues } of results) {
      for (const { code, at } of issues)
        expect({ code, line: at.line }).toEqual({ code: 'line_not_utf8', line: 2 });
    }
  });
});

describe.skipIf(skipWithout(`${CORPORA}/naughty-strings`))('the big list of naughty strings', () => {
  const path = `${CORPORA}/naughty-strings/blns.json`;
  const strings: string[] = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];

  test.each(['input_text', 'output_text'])('every string that is not empty is accepted as %s', (field) => {
    const examples = strings.map((text, number) => ({
      input_text: `${number}`,
      output_text: `${number}`,
      [field]: text,
    }));
    const result = checkBytes(examples.map((example) => JSON.stringify(example)).join('\n'));
    expect(result.statistics.lines).toBe(515);
    expect(
      result.issues.listed
        .filter(({ severity }) => severity === 'error')
        .map(({ code, at }) => [code, at.line]),
    ).toEqual([['field_empty', strings.indexOf('') + 1]]);
  });
});

describe.skipIf(skipWithout(DATA))('real data sets', () => {
  test.each([
    ['medical-specialty', 'input_output', 'train', 'training'],
    ['medical-specialty', 'input_output', 'eval', 'evaluation'],
    ['banking-intent', 'input_output', 'train', 'training'],
    ['banking-intent', 'input_output', 'eval', 'evaluation'],
    ['python-code', 'input_output', 'train', 'training'],
    ['python-code', 'input_output', 'eval', 'evaluation'],
    ['coffee-chat', 'messages', 'train', 'training'],
  ] as const)('%s as %s, %s: nothing to say', (name, format, file, role) => {
    const result = checkBytes(readFileSync(`${DATA}/${name}/${file}.jsonl`), { format, role });
    expect(result.issues.listed).toEqual([]);
    expect(result.statistics.unusableExamples).toBe(0);
  });
});
