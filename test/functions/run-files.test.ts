import { describe, expect, test } from 'vitest';
import { writeIssuesFile, writeStatusFile } from '../../shared/flows/run-files.ts';
import { createMemoryObjectStore } from '../support/memory-object-store.ts';
import { aRun } from '../support/runs.ts';

const BUCKET = 'results';

/** The run at a revision, with a message that tells it from others. */
const runAt = (revision: number, message: string) =>
  aRun({ state: 'SUCCEEDED', status: { message }, work: { revision } });

/** What status.json says after these were written, one after the other. */
async function afterWriting(...written: Parameters<typeof writeStatusFile>[2][]): Promise<string> {
  const objects = createMemoryObjectStore(() => new Date('2026-03-01T12:00:00Z'));
  for (const one of written) await writeStatusFile(objects, BUCKET, one);
  const file = { bucket: BUCKET, name: 'runs/reviews/1700000000000001/status.json' };
  return JSON.parse(objects.text(file) ?? '{}').status.message;
}

test.each([
  ['a later revision', 'ahead', 3, 'recorded', 2, 'first'],
  ['what the document says over an end that was written ahead in vain', 'ahead', 2, 'recorded', 2, 'second'],
  ['what the document says, when another end is written ahead too late', 'recorded', 2, 'ahead', 2, 'first'],
  ['the end that was written ahead last', 'ahead', 2, 'ahead', 2, 'second'],
  ['what is newer', 'recorded', 2, 'ahead', 3, 'second'],
] as const)('status.json keeps %s', async (_name, standing, revision, standingThen, revisionThen, kept) => {
  const said = await afterWriting(
    { run: runAt(revision, 'first'), standing },
    { run: runAt(revisionThen, 'second'), standing: standingThen },
  );
  expect(said).toBe(kept);
});

describe('issues.jsonl', () => {
  const file = { bucket: BUCKET, name: 'runs/reviews/1700000000000001/issues.jsonl' };
  const objects = () => createMemoryObjectStore(() => new Date('2026-03-01T12:00:00Z'));
  const write = (store: ReturnType<typeof objects>, revision: number, body: string) =>
    writeIssuesFile(store, BUCKET, { run: runAt(revision, ''), body });

  test('is written without a look where nobody has written it', async () => {
    const store = objects();
    await write(store, 2, 'first');
    expect(store.text(file)).toBe('first');
    expect(store.reads).toEqual([]);
  });

  test.each([
    { name: 'those of a later claim', revision: 3, body: 'second' },
    { name: 'not those of an earlier one', revision: 1, body: 'first' },
  ])('that is there already gives way to $name', async ({ revision, body }) => {
    const store = objects();
    await write(store, 2, 'first');
    await write(store, revision, 'second');
    expect(store.text(file)).toBe(body);
  });
});
