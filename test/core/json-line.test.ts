import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excessOf, findJsonFault, mayRepeatKey, readStructure } from '../../shared/core/json/line.ts';

const findDuplicateKey = (line: string) => readStructure(line, Infinity).duplicateKey;

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('finding the fault of a line', () => {
  test.each([
    ['{"a": "b"', 'ends_early', 10],
    ['{"a"', 'ends_early', 5],
    ['', 'ends_early', 1],
    ['{"a": "b', 'string_not_closed', 9],
    ['{"a": "b\tc"}', 'control_character', 9],
    ['{"a": "b\0c"}', 'nul', 9],
    ['{"a": "\\x"}', 'bad_escape', 8],
    ['{"a": "\\u12"}', 'bad_escape', 8],
    ['{"a": 1,}', 'trailing_comma', 9],
    ['[1, 2,]', 'trailing_comma', 7],
    ['{"a": "b" "c": 1}', 'missing_comma', 11],
    ['{"a": "he said "hi" to me"}', 'missing_comma', 17],
    ['{"a": 01}', 'missing_comma', 8],
    ["{'a': 1}", 'single_quote', 2],
    ['{"a": \'b\'}', 'single_quote', 7],
    ['{“a”: 1}', 'typographic_quote', 2],
    ['{a: 1}', 'unquoted_key', 2],
    ['{"a": NaN}', 'not_a_number', 7],
    ['{"a": None}', 'foreign_literal', 7],
    ['{"a": -Infinity}', 'not_a_number', 7],
    ['{"a": +1}', 'bad_number', 7],
    ['{"a": .5}', 'bad_number', 7],
    ['{"a": 1} // b', 'comment', 10],
    ['# a', 'comment', 1],
    ['{"a": 1}{"a": 2}', 'text_after_value', 9],
    ['{"a": 1}\r{"a": 2}', 'lone_cr', 10],
    ['{"a": 1}\u2028{"a": 2}', 'unicode_separator', 9],
    ['\ufeff{"a": 1}', 'bom_inside', 1],
    ['<html>', 'unexpected_character', 1],
    ['{"a" 1}', 'unexpected_character', 6],
  ])('%j: %s at column %i', (line, problem, column) => {
    expect(findJsonFault(line)).toEqual({ problem, column });
  });

  test('a fault is found exactly when JSON.parse refuses', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.nat(3), fc.string({ maxLength: 2 }))
      .map(([json, at, cut, put]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + put + json.slice(place + cut);
      });
    const tokens = fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '"',
          '"a"',
          '1',
          '-',
          '0',
          '.5',
          'e3',
          'true',
          'nul',
          ' ',
          '\r',
          '\\',
          '\\u00e9',
          '\0',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged, tokens, fc.string()), (line) => {
        expect(findJsonFault(line) === undefined).toBe(parses(line));
      }),
      { numRuns: 3000 },
    );
  });

  test('neither depth nor length troubles it', () => {
    expect(findJsonFault('['.repeat(1_000_000))).toEqual({ problem: 'ends_early', column: 1_000_001 });
    expect(findJsonFault(`"${'\\n'.repeat(2_000_000)}`)).toEqual({
      problem: 'string_not_closed',
      column: 4_000_002,
    });
  });
});

/** A JSON text as members of members, with every freedom that JSON gives: white space, escapes, repeated names. */
interface Written {
  text: string;
  /** Different names over all objects. */
  keys: number;
  hasDuplicate: boolean;
}

const space = fc.constantFrom('', '', ' ', '\t', '\r');
const plainName = fc.constantFrom('a', 'b', 'c', 'input_text', ':', '":', ' : ', '\\');
const name = fc.tuple(plainName, fc.boolean()).map(([plain, isEscaped]) => ({
  plain,
  text: isEscaped
    ? `"\\u${plain.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(plain.slice(1)).slice(1)}`
    : JSON.stringify(plain),
}));
const leaf: fc.Arbitrary<Written> = fc
  .oneof(
    fc.constantFrom('1', 'true', 'null', '"a: b"', '"\\":"', '" :"', '"\\\\"'),
    fc.string().map((text) => JSON.stringify(text)),
  )
  .map((text) => ({ text, keys: 0, hasDuplicate: false }));
const { value: written } = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.tuple(fc.array(tie('value'), { maxLength: 3 }), space).map(([items, gap]) => ({
      text: `[${gap}${items.map(({ text }) => text).join(`${gap},`)}]`,
      keys: items.reduce((sum, { keys }) => sum + keys, 0),
      hasDuplicate: items.some(({ hasDuplicate }) => hasDuplicate),
    })),
    fc.array(fc.tuple(name, space, space, tie('value')), { maxLength: 4 }).map((members) => {
      const names = new Set(members.map(([{ plain }]) => plain));
      return {
        text: `{${members.map(([{ text }, before, after, value]) => `${text}${before}:${after}${value.text}`).join(',')}}`,
        keys: names.size + members.reduce((sum, [, , , { keys }]) => sum + keys, 0),
        hasDuplicate: names.size < members.length || members.some(([, , , { hasDuplicate }]) => hasDuplicate),
      };
    }),
  ),
}));

describe('the structure of a line', () => {
  test('a duplicate key is found exactly when there is one, and the quick proof never overlooks it', () => {
    fc.assert(
      fc.property(written, ({ text, keys, hasDuplicate }) => {
        expect(findDuplicateKey(text) !== undefined).toBe(hasDuplicate);
        if (hasDuplicate) expect(mayRepeatKey(text, keys)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('the quick proof clears ordinary examples', () => {
    expect(mayRepeatKey('{"input_text": "see https://example.com: now", "output_text": "12:30"}', 2)).toBe(
      false,
    );
    expect(mayRepeatKey('{"input_text":"a","output_text":"b","input_text":"c"}', 2)).toBe(true);
    expect(mayRepeatKey('{"input_text" : "a", "output_text"\t:"b", "input_text"\r: "c"}', 2)).toBe(true);
  });

  test.each([
    ['{"a": 1, "a": 2}', 'a'],
    ['{"a": {"b": [1, {"c": 1, "c": 2}]}}', 'a.b[1].c'],
    ['{"a": 1, "\\u0061": 2}', 'a'],
    ['{"what the user said": 1, "what the user said": 2}', '(a key)'],
    ['{"a": "a", "b": {"a": 1}}', undefined],
  ])('%s: %s', (line, path) => {
    expect(findDuplicateKey(line)).toBe(path);
  });

  test('members and elements are counted outside of texts', () => {
    const many = (text: string) => excessOf(text, { maxDepth: 9, maxMembers: 2 });
    expect(many('[1,2,3]')).toBeUndefined();
    expect(many('[1,2,3,4]')).toBe('members');
    expect(many('{"a":[1,2],"b":",,,,"}')).toBeUndefined();
    expect(many('{"a":[1,2],"b":{"c":1,"d":2}}')).toBe('members');
  });

  test('depth is counted outside of texts', () => {
    const deep = (text: string, maxDepth: number) => excessOf(text, { maxDepth, maxMembers: 1_000 });
    expect(deep('[[["[[[["]]]', 3)).toBeUndefined();
    expect(deep('[[[{}]]]', 3)).toBe('depth');
    expect(deep('"\\"[[[["', 0)).toBeUndefined();
  });
});
