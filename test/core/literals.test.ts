import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numpyAsJson, pythonAsJson } from '../../shared/core/json/literals.ts';

const read = (text: string) => {
  const json = pythonAsJson(text);
  return json === undefined ? undefined : JSON.parse(json);
};

test.each<[string, unknown]>([
  ["{'prompt': 'x', 'ok': True, 'no': False, 'n': None}", { prompt: 'x', ok: true, no: false, n: null }],
  [`{'a': "it's", "b": 'say "yes"', }`, { a: "it's", b: 'say "yes"' }],
  ["['a', ('b', 1), (), (2,)]", ['a', ['b', 1], [], [2]]],
  ["'\\\\ \\' \\n\\t\\a \\x41 \\u00e9 \\U0001f375 \\101\\0'", "\\ ' \n\t\x07 A é 🍵 A\0"],
  ['[0, -1, 1.5, 1e+16, 1E-7]', [0, -1, 1.5, 1e16, 1e-7]],
  [' { } ', {}],
])('reads %j', (text, value) => {
  expect(read(text)).toEqual(value);
});

test('keeps the digits of a number', () => {
  expect(pythonAsJson("{'id': 12345678901234567890}")).toBe('{"id": 12345678901234567890}');
});

test.each([
  ...["{'a'}", "{1: 'a'}", "{'a': b}", "{'a': 1 2}", "{'a': 'b' 'c'}", "{'a': f'b'}", "{'a': b'c'}", "('a')"],
  ...["{'a': 007}", "{'a': 0x10}", "{'a': 1_0}", "{'a': 1j}", "{'a': nan}", "{'a': Nonesuch}", "{'a': 1.}"],
  ...[
    "{'a': array([1])}",
    "{'a': datetime(1, 2, 3)}",
    "{'a': 1} {'b': 2}",
    "{'a': 'b",
    '{,}',
    '[1,,2]',
    '',
    '\\',
  ],
  ...[
    "'\\q'",
    "'\\N{DASH}'",
    "'\\x4'",
    "'\\U00110000'",
    `${'['.repeat(100)}${']'.repeat(100)}`,
    "{'a': 'b\nc'}",
    "{'a': 'b\tc'}",
    "{'a': '\0'}",
  ],
])('leaves %j, which is no literal or has no word in JSON', (text) => {
  expect(pythonAsJson(text)).toBeUndefined();
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!hasPython)('reads whatever Python shows of what JSON can hold', () => {
  const values = fc.sample(
    fc
      .jsonValue({ maxDepth: 3, stringUnit: 'binary' })
      .filter((value) => !JSON.stringify(value).includes('e+')),
    { numRuns: 200, seed: 5 },
  );
  const shown = spawnSync(
    'python3',
    ['-c', 'import json, sys; [print(ascii(repr(json.loads(line)))) for line in sys.stdin]'],
    { input: values.map((value) => `${JSON.stringify(value)}\n`).join(''), encoding: 'utf8' },
  ).stdout.trimEnd();
  const lines = shown.split('\n').map((line) => String(read(line)));
  expect(lines.map(read)).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
});

test('lists of dictionaries as NumPy shows them are read where that is asked for', () => {
  const shown = "[{'role': 'user', 'content': 'a} {b'}\n {'role': 'assistant', 'content': 'c'}]";
  const read = [
    { role: 'user', content: 'a} {b' },
    { role: 'assistant', content: 'c' },
  ];
  expect(JSON.parse(numpyAsJson(shown) ?? '')).toEqual(read);
  expect(pythonAsJson(shown)).toBeUndefined();
  expect(numpyAsJson("['a' 'b']")).toBeUndefined();
});
