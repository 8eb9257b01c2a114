import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameProblem } from '../../local/storage/engine/object.ts';
import { HIDDEN_FOLDER, isIgnored, isPlainName } from '../../local/storage/folder/plain-path.ts';
import { type Harness, startHarness } from '../contract/storage-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const bucket = () => harness.client().bucket('results');
const NFC = '\u00e9';
const NFD = 'e\u0301';

/** Names built from the pieces that hurt: separators, dots, percent signs, both forms of an accent, long runs. */
const piece = fc.constantFrom(
  ...['/', '//', '.', '..', '%', '%2F', '%2e', ' ', '+', '?', '#', '&', '"', "'", '\\', ':', '*', '|', '<'],
  ...[
    '~',
    '.tmp',
    'a',
    'B',
    'tune.json',
    NFC,
    NFD,
    '日本',
    '\u{1F600}',
    '\t',
    '\u0001',
    '\u007f',
    'x'.repeat(256),
  ],
);
const hostileName = fc
  .oneof(
    fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'grapheme', minLength: 1 }),
  )
  .filter((name) => nameProblem(name) === undefined && !name.includes('\0'));

describe('object names and paths', { timeout: 300_000 }, () => {
  it.each([
    { what: 'an ordinary path', name: 'run 7/tune.json', isPlain: true },
    {
      what: 'percent signs and quotes',
      name: '日本語/100% "q" it\'s.json',
      isPlain: process.platform !== 'win32',
    },
    { what: 'an accent in one character', name: NFC, isPlain: true },
    { what: 'an accent in two characters', name: NFD, isPlain: false },
    { what: 'a leading dot', name: '.env', isPlain: false },
    { what: 'a dot folder', name: 'a/.git/b', isPlain: false },
    { what: 'a way out', name: '../../etc/passwd', isPlain: false },
    { what: 'a way round', name: 'a/../b', isPlain: false },
    { what: 'an absolute path', name: '/etc/passwd', isPlain: false },
    { what: 'an empty segment', name: 'a//b', isPlain: false },
    { what: 'a trailing slash', name: 'folder/', isPlain: false },
    { what: 'a temporary ending', name: 'x.tmp', isPlain: false },
    { what: 'a backslash', name: 'a\\b', isPlain: false },
    { what: 'a NUL', name: 'a\0b', isPlain: false },
    { what: 'a segment of 255 bytes', name: 'x'.repeat(255), isPlain: true },
    { what: 'a segment of 256 bytes', name: 'x'.repeat(256), isPlain: false },
    { what: 'a segment of 256 bytes in 128 letters', name: NFC.repeat(128), isPlain: false },
  ])('$what is a plain path: $isPlain', ({ name, isPlain }) => {
    expect(isPlainName('/buckets/inbox', name)).toBe(isPlain);
  });

  it.each([
    { name: '', problem: true },
    { name: '.', problem: true },
    { name: '..', problem: true },
    { name: 'a\nb', problem: true },
    { name: 'x'.repeat(1025), problem: true },
    { name: 'x'.repeat(1024), problem: false },
    { name: '.well-known/acme-challenge/x', problem: true },
    { name: '...', problem: false },
  ])('$name is refused: $problem', ({ name, problem }) => {
    expect(nameProblem(name) !== undefined).toBe(problem);
  });

  it('never treats its own corner of the folder as an upload', () => {
    expect(isIgnored(`${HIDDEN_FOLDER}/any`)).toBe(true);
  });

  it('gives back every hostile name with its own bytes, and nothing outside the folder', async () => {
    const outside = readdirSync(harness.root);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(hostileName, { minLength: 1, maxLength: 8 }), async (names) => {
        for (const name of names) await bucket().file(name).save(`I am ${name}`, { resumable: false });
        for (const name of names) {
          expect(String((await bucket().file(name).download())[0])).toBe(`I am ${name}`);
        }
        const [files] = await bucket().getFiles();
        const inOrder = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        expect(files.map((file) => file.name)).toEqual(inOrder);
        for (const name of names) await bucket().file(name).delete();
        await harness.service.scan();
        const left = readdirSync(join(harness.root, 'results'), { recursive: true });
        expect(left.filter((entry) => entry !== HIDDEN_FOLDER)).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(readdirSync(harness.root)).toEqual(outside);
  });

  it('lists any names page by page as one long list', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(hostileName, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (names, maxResults) => {
          for (const name of names) await bucket().file(name).save('', { resumable: false });
          const rolled = new Set(names.map((name) => name.slice(0, name.indexOf('/') + 1 || Infinity)));
          const seen: string[] = [];
          let query: object | null = { maxResults, delimiter: '/', autoPaginate: false };
          while (query) {
            const [files, next, answer] = await bucket().getFiles(query);
            seen.push(
              ...files.map((file) => file.name),
              ...((answer as { prefixes?: string[] }).prefixes ?? []),
            );
            query = next as object | null;
          }
          await bucket().deleteFiles();
          expect(seen.sort()).toEqual([...rolled].sort());
        },
      ),
      { numRuns: 40 },
    );
  });

  it('takes a dropped file by its name on disk, percent signs and all', async () => {
    for (const name of ['50%.json', 'a%2Fb.json', NFD]) {
      const event = harness.finalized(name);
      writeFileSync(join(harness.folder, name), name);
      await event;
      const [bytes] = await harness.client().bucket('inbox').file(name).download();
      expect(String(bytes)).toBe(name);
    }
  });

  it('keeps two spellings of one accent apart', async () => {
    await bucket().file(NFC).save('one character');
    await bucket().file(NFD).save('two characters');
    expect(String((await bucket().file(NFC).download())[0])).toBe('one character');
    expect(String((await bucket().file(NFD).download())[0])).toBe('two characters');
    await harness.service.scan();
    expect(readFileSync(join(harness.root, 'results', NFC), 'utf8')).toBe('one character');
    await bucket().deleteFiles();
  });

  it('writes a plain name where a person looks for it, a hostile one nowhere near', async () => {
    await bucket().file('run/tune.json').save('{}');
    await bucket().file('../escape').save('x');
    await harness.service.scan();
    expect(readFileSync(join(harness.root, 'results/run/tune.json'), 'utf8')).toBe('{}');
    expect(existsSync(join(harness.root, 'escape'))).toBe(false);
  });
});
