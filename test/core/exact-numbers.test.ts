import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LINES } from '../../shared/core/dataset/containers/container.ts';
import { inForm } from '../../shared/core/dataset/fix/mixed-forms.ts';
import { rowsOfColumns } from '../../shared/core/dataset/fix/rows-of-columns.ts';
import { withLists } from '../../shared/core/dataset/fix/unwrap.ts';
import { createConverter } from '../../shared/core/dataset/forms/convert.ts';
import { convertRecords } from '../../shared/core/dataset/forms/convert-records.ts';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import type { TargetForm } from '../../shared/core/dataset/forms/target.ts';
import { copied, exactJson, mayChangeNumbers, parseExactly } from '../../shared/core/json/exact.ts';

const ALL = new Set(['system', 'turns', 'tools', 'calls'] as const);
const GEMINI: TargetForm = { form: 'contents', takes: ALL };
const OPENAI: TargetForm = { form: 'chat_messages', takes: ALL };

async function converted(line: string, from: FormName, target: TargetForm): Promise<string> {
  async function* chunks() {
    yield Buffer.from(`${line}\n`);
  }
  let written = '';
  const convert = createConverter(from, target, {});
  for await (const piece of convertRecords(chunks(), { container: LINES, from, convert })) written += piece;
  return written.trimEnd();
}

/** Numbers as JSON has them, with every way to write one. */
const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`));
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom('1', '9'), digits(0, 24)).map((parts) => parts.join('')),
    ),
    fc.oneof(
      fc.constant(''),
      digits(1, 20).map((after) => `.${after}`),
    ),
    fc.oneof(
      fc.constant(''),
      fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits(1, 3)).map((parts) => parts.join('')),
    ),
  )
  .map((parts) => parts.join(''));

/** An object in JSON that has these numbers in all the places that there are. */
const objectOf = (numbers: readonly string[]) =>
  `{"a":[${numbers.join(',')}],"b":{${numbers.map((one, at) => `"n${at}":${one}`).join(',')}},"c":[[{"d":${numbers[0]}}]]}`;

const numbers = fc.array(number, { minLength: 1, maxLength: 5 });

/** A conversation of OpenAI with a call, its result and a declaration, in which that object is. */
const chatOf = (object: string) =>
  [
    '{"messages":[{"role":"user","content":"Hot?"},',
    `{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":${JSON.stringify(object)}}}]},`,
    `{"role":"tool","tool_call_id":"call_1","name":"f","content":${JSON.stringify(object)}},`,
    '{"role":"assistant","content":"Yes."}],',
    `"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"x":{"type":"number","minimum":-0,"maximum":1e400,"default":${object}}}}}}]}`,
  ].join('');

describe('numbers of calls, results and declarations', () => {
  test('are in Gemini’s form as they were in OpenAI’s, and back again', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, async (some) => {
        const object = objectOf(some);
        const gemini = await converted(chatOf(object), 'chat_messages', GEMINI);
        for (const name of ['args', 'response', 'default']) expect(gemini).toContain(`"${name}":${object}`);
        expect(gemini).toContain('"minimum":-0,"maximum":1e400');
        expect(await converted(gemini, 'contents', OPENAI)).toBe(chatOf(object));
        expect(inForm(gemini, OPENAI)).toBe(chatOf(object));
      }),
      { numRuns: 100 },
    );
  });

  test('are kept where digits are written as escapes', async () => {
    const line = chatOf('{"n":10.0}').replace('\\"n\\":10.0', '\\"n\\":1\\u0030\\u002e0');
    expect(await converted(line, 'chat_messages', GEMINI)).toContain('"args":{"n":10.0}');
  });

  test('are kept in a list of messages that is a text', () => {
    const messages =
      '[{"role":"user","content":"Hot?"},{"role":"assistant","content":"","tool_calls":[{"args":{"n":10.0}}]}]';
    expect(withLists(`{"messages":${JSON.stringify(messages)}}`)?.text).toBe(`{"messages":${messages}}`);
  });
});

describe('JSON with its numbers as they stand', () => {
  test('is written as it was read', () => {
    fc.assert(
      fc.property(numbers, (some) => {
        const text = objectOf(some);
        expect(exactJson(parseExactly(text))).toBe(text);
        expect(parseExactly(text)).toEqual(JSON.parse(text));
        if (JSON.stringify(JSON.parse(text)) !== text) expect(mayChangeNumbers(text)).toBe(true);
      }),
    );
  });

  test('has the numbers that were put in another’s place, and those of a copy', () => {
    const read = parseExactly('{"a":1.0,"b":2.0}') as { a: number; b: number };
    read.a = 5;
    expect(exactJson(read)).toBe('{"a":5,"b":2.0}');
    expect(exactJson(copied(read, { ...read }))).toBe('{"a":5,"b":2.0}');
  });

  test.each(['in 2024. Then 3.', '2024-01-05', '"12345", 15 digits 123456789012345'])(
    'is not looked for in %s',
    (text) => expect(mayChangeNumbers(text)).toBe(false),
  );
});

test.each([
  ['columns', '{"prompt": ["a", "b"], "id": [1234567890123456789, 10.0]}'],
  ['columns under numbers', '{"prompt": {"0": "a", "1": "b"}, "id": {"0": 1234567890123456789, "1": 10.0}}'],
  ['a split table', '{"columns": ["prompt", "id"], "data": [["a", 1234567890123456789], ["b", 10.0]]}'],
])('numbers in %s are written into rows as they stand', (_name, table) => {
  expect(rowsOfColumns(table)?.map(exactJson)).toEqual([
    '{"prompt":"a","id":1234567890123456789}',
    '{"prompt":"b","id":10.0}',
  ]);
});
