import { afterAll, describe, expect, test } from 'vitest';
import { readRepoFile } from '../support/repo-files.ts';
import { runCampaign } from './campaign.ts';
import { VARIANTS } from './variants.ts';

const SEED = 13;

const rows = VARIANTS.map(({ name, caughtBy }) => ({ name, by: caughtBy }));
const ofModel = rows.flatMap(({ name, by }) => ('model' in by && !('nothing' in by) ? { name, by } : []));
const ofTests = rows.flatMap(({ name, by }) => ('file' in by ? { name, by } : []));
const harmless = rows.flatMap(({ name, by }) => ('nothing' in by ? { name, by } : []));

/** After how many interleavings each was caught. */
const caughtAfter = new Map<string, number>();

afterAll(() => console.log([...caughtAfter].map(([name, after]) => `${after}: ${name}`).join('\n')));

describe('a broken variant is caught by the model', () => {
  test.each(ofModel)('$name', async ({ name, by: { model: variant, within: runs, ...rest } }) => {
    const { broken } = await runCampaign({ ...rest, variant, runs, seed: SEED, isShrunk: false });
    expect(broken?.violations).not.toEqual([]);
    expect(broken?.after).toBeLessThanOrEqual(runs);
    caughtAfter.set(name, broken?.after ?? 0);
  });
});

test('and the same beginnings break nothing where nothing is broken', async () => {
  const seen = ofModel.filter(({ by }) => by.beginning);
  for (const { by } of seen) {
    const { service, fixed, beginning } = by;
    const { broken } = await runCampaign({ service, fixed, beginning, runs: 15, seed: SEED });
    expect(broken).toBeUndefined();
  }
  expect(seen.length).toBeGreaterThan(4);
});

test.each(ofTests)('$name: the test that catches it is there', ({ by: { file, test: title } }) => {
  expect(readRepoFile(file)).toContain(title);
});

test.each(harmless)('$name: nothing is lost', async ({ by: { model: variant, within: runs, service } }) => {
  expect((await runCampaign({ service, variant, runs, seed: SEED })).broken).toBeUndefined();
});

test('docs/broken-variants.md lists every variant and what catches it', async () => {
  const told = rows.map(({ name, by }) => `| ${name} | ${wordsOf(by)} |`);
  await expect([...INTRODUCTION, ...told, ''].join('\n')).toMatchFileSnapshot(
    '../../docs/broken-variants.md',
  );
});

const INTRODUCTION = [
  '# Broken variants',
  '',
  '<!-- Written by `npx vitest run test/model/variants.test.ts -u`, from test/model/variants.ts. -->',
  '',
  'The protocol, broken on purpose in one place at a time, and what fails then. The model runs the real handlers over fakes with a',
  'stepped clock, through interleavings of lost answers, killed and sleeping functions, repeated and lost events; with a fixed seed it has to',
  'catch each of its variants within the number of interleavings that stands here.',
  '',
  '| broken on purpose | what catches it |',
  '| --- | --- |',
];

function wordsOf(by: (typeof rows)[number]['by']): string {
  if ('file' in by) return `the test “${by.test}” of \`${by.file}\``;
  if ('nothing' in by) return `nothing: ${by.nothing}`;
  const begins = by.beginning ? `, each beginning with: ${by.beginning.join('; ')}` : '';
  return `the model of ${by.service}, within ${by.within} interleavings${begins}`;
}
