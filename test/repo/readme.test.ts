import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RUN_STATES, type RunState } from '../../shared/core/run/states.ts';

const README = readFileSync('README.md', 'utf8');
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );

test('the manifest that the README shows is the one of the example that it runs', () => {
  expect(blocks('json')).toEqual([readFileSync('examples/medical-specialty/tune.json', 'utf8')]);
});

test('the states that the README shows, in their order, are states of a run', () => {
  const shown = [...README.matchAll(/^ +[\d.]+ s {2}([A-Z]+) /gm)].map(([, state = '']) => state);
  // Whoever looks at a fast machine does not see each of them.
  const inOrder = ['RECEIVED', 'VALIDATED', 'SUBMITTING', 'SUBMITTED', 'RUNNING', 'SUCCEEDED'];
  expect(inOrder.filter((state) => shown.includes(state))).toEqual([...new Set(shown)]);
  expect(shown.at(0)).toBe('RECEIVED');
  expect(shown.at(-1)).toBe('SUCCEEDED');
  for (const state of shown) expect(RUN_STATES[state as RunState].meaning).not.toBe('');
});

test('every folder and npm script that the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const [, script = ''] of README.matchAll(/^ {4}npm (?:run )?(\w+)/gm))
    expect(scripts).toHaveProperty(script);
  for (const [, folder = ''] of README.matchAll(/--once (examples\/[\w-]+)/g)) {
    expect(() => readFileSync(`${folder}/tune.json`)).not.toThrow();
  }
});
