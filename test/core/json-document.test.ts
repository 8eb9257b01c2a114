import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DocumentProblem, lineOf, parseStrictJson } from '../../shared/core/json/document.ts';
import { MANIFEST_FILE } from '../../shared/core/models/limits.ts';
import { cpuMillisecondsOf } from '../support/cpu-time.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

const parse = (bytes: Uint8Array) => parseStrictJson(bytes, MANIFEST_FILE);

function problemsOf(input: string | Uint8Array): DocumentProblem[] {
  const read = parse(typeof input === 'string' ? utf8(input) : input);
  return read.ok ? [] : read.problems;
}

describe('parseStrictJson', () => {
  it.each([
    ['a gzip file', [0x1f, 0x8b, 8, 0], 'a gzip file'],
    ['UTF-16 with a little-endian mark', [0xff, 0xfe, 0x7b, 0], 'UTF-16 text (little-endian)'],
    ['UTF-16 with a big-endian mark', [0xfe, 0xff, 0, 0x7b], 'UTF-16 text (big-endian)'],
    ['UTF-16 little-endian without a mark', [0x7b, 0, 0x7d, 0], 'UTF-16 text (little-endian)'],
    ['UTF-16 big-endian without a mark', [0, 0x7b, 0, 0x7d], 'UTF-16 text (big-endian)'],
    ['UTF-32 with a little-endian mark', [0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0], 'UTF-32 text (little-endian)'],
    ['UTF-32 big-endian without a mark', [0, 0, 0, 0x7b], 'UTF-32 text (big-endian)'],
    ['a zip file', [0x50, 0x4b, 3, 4], 'a zip file'],
    ['an xz file', [0xfd, 0x37, 0x7a, 0x58], 'an xz file'],
  ])('calls %s by its name', (_name, bytes, problem) => {
    expect(problemsOf(Uint8Array.from(bytes))).toEqual([{ kind: 'encoding', problem }]);
  });

  it('gives the line of the first byte that is not UTF-8', () => {
    const bytes = Uint8Array.from([...utf8('{\n"a": 1,\n"b": "'), 0xc3, 0x28, ...utf8('"\n}')]);
    expect(problemsOf(bytes)).toEqual([{ kind: 'encoding', problem: 'bytes that are not UTF-8', line: 3 }]);
  });

  it('counts lines by carriage returns there, too', () => {
    const bytes = Uint8Array.from([...utf8('{\r"a": 1,\r\n"b": "'), 0xff]);
    expect(problemsOf(bytes)).toMatchObject([{ kind: 'encoding', line: 3 }]);
  });

  it('skips one byte order mark and says so, and refuses a second', () => {
    expect(parse(utf8('\ufeff{}'))).toMatchObject({ ok: true, hasByteOrderMark: true, value: {} });
    expect(problemsOf('\ufeff\ufeff{}')).toMatchObject([{ kind: 'syntax', line: 1, column: 1 }]);
  });

  it.each([
    ['{"a": 1,}', /^a comma after the last entry.*remove the comma/],
    ['{"a": [1, 2,]}', /^a comma after the last entry.*remove the comma/],
    ['{\n// so\n"a": 1}', /^a comment.*remove it/],
    ['{"a": 1 /* so */}', /^a comment.*remove it/],
    ['{"a": 1} # so', /^a comment.*remove it/],
  ])('names what other formats have, and what to do: %j', (text, problem) => {
    expect(problemsOf(text)).toMatchObject([{ kind: 'syntax', problem: expect.stringMatching(problem) }]);
  });

  it('refuses a text above its limit without reading it', () => {
    expect(problemsOf(new Uint8Array(64 * 1024 + 1))).toMatchObject([{ kind: 'size' }]);
  });

  it('refuses nesting above its limit, however deep it goes', () => {
    expect(problemsOf('['.repeat(60_000))).toMatchObject([{ kind: 'depth', line: 1, column: 33 }]);
    expect(problemsOf('{"a":'.repeat(12_000))).toMatchObject([{ kind: 'depth' }]);
    expect(parse(utf8(`${'['.repeat(32)}${']'.repeat(32)}`)).ok).toBe(true);
  });

  it.each([
    ['the same spelling', '{"a": 1,\n "a": 2}', ['a']],
    ['an escaped spelling', '{"train_steps": 1,\n "train\\u005fsteps": 2}', ['train_steps']],
    ['an object inside an array', '{"x": [{"b": 1,\n "b": 1}]}', ['x', 0, 'b']],
    ['__proto__', '{"__proto__": 1,\n "__proto__": 2}', ['__proto__']],
  ])('finds a key that stands twice: %s', (_name, text, path) => {
    expect(problemsOf(text)).toMatchObject([{ kind: 'duplicate_key', path, line: 2, firstLine: 1 }]);
  });

  it('finds every duplicate key and still gives the value, for a caller who wants to go on', () => {
    const read = parse(utf8('{"a": 1, "a": 2, "b": 3, "b": 4, "c": 5}'));
    expect(read).toMatchObject({
      ok: false,
      problems: [{ path: ['a'] }, { path: ['b'] }],
      salvage: { value: { c: 5 } },
    });
  });

  it.each([
    ['half a surrogate pair', '{"a": "\\ud800"}', 'lone_surrogate'],
    ['half a surrogate pair in a key', '{"\\udc00": 1}', 'lone_surrogate'],
    ['a number beyond a double', '{"a": 1e9999}', 'number_range'],
    ['a negative one', '[-1e9999]', 'number_range'],
    ['a trailing comma', '{"a": 1,}', 'syntax'],
    ['a comment', '{"a": 1} // so', 'syntax'],
    ['NaN', '[NaN]', 'syntax'],
    ['a leading zero', '[01]', 'syntax'],
    ['a bare decimal point', '[1.]', 'syntax'],
    ['single quotes', "{'a': 1}", 'syntax'],
    ['a line separator as space', '[1,\u20282]', 'syntax'],
    ['a NUL in a string', '["\0"]', 'syntax'],
    ['two values', '{} {}', 'syntax'],
    ['nothing', '', 'syntax'],
    ['space alone', ' \n ', 'syntax'],
  ])('refuses %s', (_name, text, kind) => {
    expect(problemsOf(text)).toMatchObject([{ kind }]);
  });

  it.each([
    ['line feeds', '{\n"a": 1,\n"b" 2}', 3, 5],
    ['carriage returns and line feeds', '{\r\n"a": 1,\r\n"b" 2}', 3, 5],
    ['lone carriage returns', '{\r"a": 1,\r"b" 2}', 3, 5],
  ])('counts lines by %s', (_name, text, line, column) => {
    expect(problemsOf(text)).toEqual([
      {
        kind: 'syntax',
        problem: 'the character 2 where a colon after the key was expected',
        line,
        column,
      },
    ]);
  });

  it('knows the line of everything, and of what is missing the line around it', () => {
    const read = parse(utf8('{\n "labels": {\n  "a": "1",\n  "b": "2"\n },\n "list": [\n 1,\n 2]\n}'));
    if (!read.ok) throw new Error('refused');
    expect(lineOf(read.places, ['labels', 'b'])).toBe(4);
    expect(lineOf(read.places, ['list', 1])).toBe(8);
    expect(lineOf(read.places, ['labels', 'none'])).toBe(2);
    expect(lineOf(read.places, ['none'])).toBe(1);
  });

  it('leaves the prototype alone', () => {
    const read = parse(utf8('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}'));
    expect(read.ok).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('reads whatever JSON.stringify writes as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = parse(utf8(text));
        expect(read).toMatchObject({ ok: true });
        if (read.ok) expect(read.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('agrees with JSON.parse on every damaged text, but for what it refuses on purpose', () => {
    const damaged = fc
      .tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.constantFrom('', ',', '"', '}', '0', '\\', ' ', 'e'))
      .map(([value, at, patch]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        return text.slice(0, place) + patch + text.slice(place + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const isSyntax = problemsOf(text.toWellFormed()).some((problem) => problem.kind === 'syntax');
        expect(isSyntax).toBe(!parses(text.toWellFormed()));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['many keys', () => `{${Array.from({ length: 7_000 }, (_, index) => `"${index}":1`).join()}}`],
    ['one key over and over', () => `{${'"":0,'.repeat(13_000)}"":0}`],
    ['a long key around many', () => `{"${'k'.repeat(30_000)}":{${'"a":1,'.repeat(5_000)}"b":1}}`],
    ['escapes', () => `["${'\\u0041'.repeat(10_900)}"]`],
    ['an endless string', () => `"${'a'.repeat(65_000)}`],
    ['digits', () => '9'.repeat(65_000)],
  ])('takes time in proportion to the text: %s', (_name, make) => {
    const bytes = utf8(make());
    expect(cpuMillisecondsOf(() => parse(bytes))).toBeLessThan(500);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const SUITE = fileURLToPath(new URL('../../../shared/corpora/JSONTestSuite', import.meta.url));

describe.skipIf(!existsSync(SUITE))(
  'parseStrictJson on JSONTestSuite (SKIPPED where the corpus is absent)',
  () => {
    const folder = join(SUITE, 'test_parsing');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const isAccepted = (name: string) => {
      const read = parseStrictJson(readFileSync(join(folder, name)), { maxBytes: 1 << 20, maxDepth: 600 });
      return read.ok || read.salvage !== undefined;
    };

    it('accepts every file that must be accepted, but for duplicate keys', () => {
      const named = names.filter((name) => name.startsWith('y_'));
      expect(named.length).toBe(95);
      expect(named.filter((name) => !isAccepted(name))).toEqual([]);
      const refused = named.filter((name) => problemsOf(readFileSync(join(folder, name))).length > 0);
      expect(refused.sort()).toEqual([
        'y_object_duplicated_key.json',
        'y_object_duplicated_key_and_value.json',
      ]);
    });

    it('refuses every file that must be refused', () => {
      const named = names.filter((name) => name.startsWith('n_'));
      expect(named.length).toBe(188);
      expect(named.filter(isAccepted)).toEqual([]);
    });
  },
);
