import { describe, expect, test } from 'vitest';
import type { Run } from '../../shared/core/run/run.ts';
import { writeIssuesFile, writeReport, writeStatusFile } from '../../shared/flows/run-files.ts';
import { createMemoryObjectStore } from '../support/memory-object-store.ts';
import { aRun, at, NOW } from '../support/runs.ts';

type Written = Parameters<typeof writeStatusFile>[1];

/** The run at a revision, with a message that tells it from others. */
const runAt = (revision: number, message: string, createTime = NOW) =>
  aRun({ state: 'SUCCEEDED', status: { message, createTime }, work: { revision } });

/** The results bucket, and what stands in the document by now. */
function place(document?: Run) {
  const objects = createMemoryObjectStore(() => new Date(NOW));
  return { objects, runs: { get: async () => document }, resultsBucket: 'results' };
}

const textIn = ({ objects, resultsBucket: bucket }: ReturnType<typeof place>, name: string) =>
  objects.text({ bucket, name: `runs/reviews/1700000000000001/${name}` });

/** What status.json says after these were written, one after the other. */
async function afterWriting(written: readonly Written[], document?: Run): Promise<string> {
  const deps = place(document);
  for (const one of written) await writeStatusFile(deps, one);
  return JSON.parse(textIn(deps, 'status.json') ?? '{}').status.message;
}

test.each([
  ['a later revision', 'ahead', 3, 'recorded', 2, 'first'],
  ['what the document says over an end that was written ahead in vain', 'ahead', 2, 'recorded', 2, 'second'],
  ['what the document says, when another end is written ahead too late', 'recorded', 2, 'ahead', 2, 'first'],
  ['the end that was written ahead last', 'ahead', 2, 'ahead', 2, 'second'],
  ['what is newer', 'recorded', 2, 'ahead', 3, 'second'],
] as const)('status.json keeps %s', async (_name, standing, revision, standingThen, revisionThen, kept) => {
  const said = await afterWriting([
    { run: runAt(revision, 'first'), standing },
    { run: runAt(revisionThen, 'second'), standing: standingThen },
  ]);
  expect(said).toBe(kept);
});

describe('of two ends that were written ahead of the document', () => {
  const [first, second] = [runAt(2, 'first'), runAt(2, 'second')];

  test.each([
    { name: 'the one that it says by now stays', document: first, kept: 'first' },
    { name: 'the one that it said before it went on stays', document: runAt(3, 'first'), kept: 'first' },
    { name: 'the later one stays while it says none', document: runAt(1, ''), kept: 'second' },
  ])('$name, in status.json and in the report', async ({ document: { status, work }, kept }) => {
    const state = work.revision === 1 ? 'RUNNING' : status.state;
    const deps = place(aRun({ state, status: { createTime: NOW }, work }));
    for (const run of [first, second]) {
      await writeReport(deps, { run, html: run.status.message });
      await writeStatusFile(deps, { run, standing: 'ahead' });
    }
    expect(textIn(deps, 'report.html')).toBe(kept);
    expect(textIn(deps, 'status.json')).toContain(kept);
  });
});

describe('of a document that was deleted and made anew', () => {
  const gone = (revision: number) => runAt(revision, 'gone');
  const anew = (revision: number) => runAt(revision, 'anew', at(60));

  const said = { run: anew(2), standing: 'recorded' } as const;

  test.each(['ahead', 'recorded'] as const)(
    'no slow function writes what the one before says (%s)',
    async (standing) => {
      expect(await afterWriting([said, { run: gone(9), standing }], anew(2))).toBe('anew');
    },
  );

  test('an end gives way that was written for the one before, and in vain', async () => {
    expect(await afterWriting([{ run: gone(9), standing: 'ahead' }, said], anew(2))).toBe('anew');
  });

  test('what the one before said stays where it is later: it says what has to be known', async () => {
    expect(await afterWriting([{ run: gone(9), standing: 'recorded' }, said], anew(2))).toBe('gone');
  });

  test('the report and the issues of the one before give way, and do not come back', async () => {
    const deps = place(anew(2));
    for (const run of [gone(9), anew(2), gone(9)]) {
      await writeReport(deps, { run, html: run.status.message });
      await writeIssuesFile(deps, { run, body: run.status.message });
    }
    expect([textIn(deps, 'report.html'), textIn(deps, 'issues.jsonl')]).toEqual(['anew', 'anew']);
  });

  test('a file stays that is there while no document is', async () => {
    expect(
      await afterWriting([
        { run: gone(2), standing: 'recorded' },
        { run: anew(9), standing: 'ahead' },
      ]),
    ).toBe('gone');
  });

  test('a file of an earlier version, which does not say of which document it is, is told by its revision', async () => {
    const deps = place(anew(3));
    const file = { bucket: deps.resultsBucket, name: 'runs/reviews/1700000000000001/status.json' };
    const metadata = { revision: '4', state: 'SUCCEEDED', standing: 'recorded' };
    await deps.objects.write(file, {
      ...{ body: 'earlier', contentType: 'application/json', metadata },
      ifGenerationMatch: '0',
    });
    await writeStatusFile(deps, { run: anew(3), standing: 'recorded' });
    expect(textIn(deps, 'status.json')).toBe('earlier');
    await writeStatusFile(deps, { run: anew(5), standing: 'recorded' });
    expect(textIn(deps, 'status.json')).toContain('anew');
  });
});

describe('issues.jsonl', () => {
  const write = (deps: ReturnType<typeof place>, revision: number, body: string) =>
    writeIssuesFile(deps, { run: runAt(revision, ''), body });

  test('is written without a look where nobody has written it', async () => {
    const deps = place();
    await write(deps, 2, 'first');
    expect(textIn(deps, 'issues.jsonl')).toBe('first');
    expect(deps.objects.reads).toEqual([]);
  });

  test.each([
    { name: 'those of a later claim', revision: 3, body: 'second' },
    { name: 'not those of an earlier one', revision: 1, body: 'first' },
  ])('that is there already gives way to $name', async ({ revision, body }) => {
    const deps = place();
    await write(deps, 2, 'first');
    await write(deps, revision, 'second');
    expect(textIn(deps, 'issues.jsonl')).toBe(body);
  });
});
