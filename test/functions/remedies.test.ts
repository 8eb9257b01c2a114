import { describe, expect, test } from 'vitest';
import { ALL_ISSUES, type IssueCode } from '../../shared/core/issues/catalog.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { createWorld, type World } from '../support/world.ts';
import { BY_PERSON } from './remedies/by-person.ts';
import { DATA_REMEDIES } from './remedies/data.ts';
import { EMBEDDING_REMEDIES } from './remedies/embedding.ts';
import { MANIFEST_REMEDIES } from './remedies/manifest.ts';
import type { Tried, Upload } from './remedies/upload.ts';

const TRIED: Partial<Record<IssueCode, Tried>> = {
  ...MANIFEST_REMEDIES,
  ...DATA_REMEDIES,
  ...EMBEDDING_REMEDIES,
};
const CODES = Object.keys(ALL_ISSUES) as IssueCode[];

/** The codes that an upload is told, of every issue and of the errors alone. */
async function told({ manifest, files, limits = {}, encodings = {} }: Upload) {
  const world = createWorld({ limits, config: { datasetWaitMs: 0 } });
  const put = (name: string, content: string | Uint8Array) =>
    world.objects.put(
      { bucket: 'inbox', name: `a/${name}` },
      content,
      name.endsWith('.png') ? 'image/png' : undefined,
      encodings[name],
    );
  for (const [name, content] of Object.entries(files)) if (content !== undefined) put(name, content);
  const isContent = typeof manifest === 'string' || manifest instanceof Uint8Array;
  await world.finalized(put('tune.json', isContent ? manifest : JSON.stringify(manifest)));
  const issues = theRunOfTheManifest(world).status.issues ?? [];
  const remedies = Object.fromEntries(issues.map(({ code, remedy }) => [code, remedy]));
  const codesOf = (list: typeof issues) => [...new Set(list.map(({ code }) => code))];
  return {
    remedies,
    all: codesOf(issues),
    errors: codesOf(issues.filter(({ severity }) => severity === 'error')),
  };
}

/** A sweep opens more than that one. */
function theRunOfTheManifest({ runs }: World): Run {
  const run = [...runs.documents.values()].find(({ spec }) => spec.sweepOf === undefined);
  if (!run) throw new Error('no run was opened');
  return run;
}

test('every code has a remedy that is tried, or stands in the table of those that only a person follows', () => {
  const tried = Object.keys(TRIED);
  const byPerson = Object.keys(BY_PERSON);
  expect([...tried, ...byPerson].toSorted()).toEqual(CODES.toSorted());
});

describe('what the remedy says, when it is done, ends the issue and brings no new error', () => {
  test.each(Object.entries(TRIED))('%s', async (code, { upload, followed }) => {
    const before = await told(upload);
    expect(before.all).toContain(code);
    const after = await told(followed);
    expect(after.all).not.toContain(code);
    expect(after.errors.filter((error) => !before.errors.includes(error))).toEqual([]);
  });

  test('also word by word, where it names a line of the manifest to write or to take out', async () => {
    const carriedOut: string[] = [];
    for (const [code, { upload }] of Object.entries(TRIED)) {
      const before = await told(upload);
      const manifest = wordByWord(upload.manifest, before.remedies[code] ?? '');
      if (!manifest) continue;
      const after = await told({ ...upload, manifest });
      // What the manifest accepts is told all the same, as advice.
      const left = before.errors.includes(code) ? after.errors : after.all;
      expect(left, code).not.toContain(code);
      expect(after.errors.filter((error) => !before.errors.includes(error))).toEqual([]);
      carriedOut.push(code);
    }
    expect(carriedOut).toEqual(
      expect.arrayContaining(['invalid_value', 'model_retired', 'key_not_for_model']),
    );
  });
});

/** The manifest with what a remedy says of one key. */
function wordByWord(manifest: Upload['manifest'], remedy: string): Upload['manifest'] | undefined {
  if (typeof manifest === 'string' || manifest instanceof Uint8Array) return undefined;
  const [, written, value] = /^Write "(\w+)": ("[^"]*"|[\d.]+\d|\d|true|false)/.exec(remedy) ?? [];
  if (written !== undefined && value !== undefined) return { ...manifest, [written]: JSON.parse(value) };
  const [, removed] = /^Remove (\w+)[.:,]/.exec(remedy) ?? [];
  return removed !== undefined && removed in manifest ? { ...manifest, [removed]: undefined } : undefined;
}
