import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setInterval } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSteppableClock } from '../../local/clock.ts';
import { RESCAN_MS } from '../../local/storage/folder/folder.ts';
import { type Harness, startHarness } from '../contract/storage-harness.ts';

let harness: Harness;
beforeEach(async () => {
  // Its time stands still, so nothing is found by rescan: only what the system reports, and `scan`.
  harness = await startHarness({ clock: createSteppableClock() });
});
afterEach(() => harness.close());

const at = (path: string) => join(harness.folder, path);
const drop = (path: string, content: string) => {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), content);
};
const object = (name: string) => harness.client().bucket('inbox').file(name);
const read = async (name: string) => String((await object(name).download())[0]);
const listed = async () => (await harness.client().bucket('inbox').getFiles())[0].map(({ name }) => name);
/** Drops, and waits for the event of that drop. */
const upload = async (path: string, content: string) => {
  const event = harness.finalized(path);
  drop(path, content);
  return await event;
};

describe('a folder on disk as a bucket', () => {
  it('turns a dropped file into an object with a finalized event', async () => {
    const { resource, eventId } = await upload('train.jsonl', '{}\n');
    expect(eventId).not.toBe('');
    expect(resource).toMatchObject({
      kind: 'storage#object',
      bucket: 'inbox',
      name: 'train.jsonl',
      size: '3',
      metageneration: '1',
      contentType: 'application/jsonl',
      id: `inbox/train.jsonl/${resource.generation}`,
    });
    expect(resource.generation).toMatch(/^\d{16}$/);
    const [metadata] = await object('train.jsonl').getMetadata();
    expect(metadata).toMatchObject({ generation: resource.generation, crc32c: resource.crc32c });
    expect(await read('train.jsonl')).toBe('{}\n');
  });

  it('finds a file in a folder that was made a moment before, at any depth', async () => {
    const event = await upload('a/b/c/d/tune.json', '{}');
    expect(event.resource.name).toBe('a/b/c/d/tune.json');
  });

  it('takes each file of a copied folder once', async () => {
    const source = join(harness.root, 'source');
    const names = Array.from({ length: 60 }, (_, index) => `run/${index % 4}/file-${index}.txt`);
    for (const name of names) {
      mkdirSync(join(source, name, '..'), { recursive: true });
      writeFileSync(join(source, name), name);
    }
    cpSync(source, harness.folder, { recursive: true });
    await harness.service.scan();
    expect(harness.names()).toEqual([...names].sort());
  });

  it('takes a folder that is moved in, and follows it when it is moved on', async () => {
    mkdirSync(join(harness.root, 'outside/deep'), { recursive: true });
    writeFileSync(join(harness.root, 'outside/deep/x'), 'x');
    const moved = harness.finalized('first/deep/x');
    renameSync(join(harness.root, 'outside'), at('first'));
    await moved;
    const movedOn = harness.finalized('second/deep/x');
    renameSync(at('first'), at('second'));
    await movedOn;
    await harness.service.scan();
    expect(await listed()).toEqual(['second/deep/x']);
    await upload('second/deep/y', 'still watched');
  });

  it('waits for a slow writer, and reports the file whole', async () => {
    await harness.close();
    harness = await startHarness({ quietMs: 250 });
    const event = harness.finalized('slow.bin');
    drop('slow.bin', '');
    let size = 0;
    for await (const _tick of setInterval(10)) {
      appendFileSync(at('slow.bin'), 'x');
      size += 1;
      if (size === 60) break;
    }
    expect((await event).resource.size).toBe('60');
    expect(harness.events).toHaveLength(1);
  });

  it('never takes in a file that changed while it was read', async () => {
    await harness.close();
    harness = await startHarness({ quietMs: 0 });
    const event = harness.finalized('busy.bin');
    drop('busy.bin', '');
    for (let size = 0; size < 2000; size++) {
      appendFileSync(at('busy.bin'), 'x');
      await setImmediate();
    }
    expect((await event).resource.size).toBe('2000');
    expect(harness.events).toHaveLength(1);
  });

  it('gives a changed file a new generation', async () => {
    const first = await upload('doc', 'one');
    const second = await upload('doc', 'two');
    expect(second.resource.generation).not.toBe(first.resource.generation);
    expect(second.resource.metageneration).toBe('1');
    expect(await read('doc')).toBe('two');
  });

  it('takes an editor that writes a new file and renames it over the old one', async () => {
    await upload('doc', 'one');
    const event = harness.finalized('doc');
    writeFileSync(at('.doc.swp'), 'two');
    renameSync(at('.doc.swp'), at('doc'));
    await event;
    expect(await read('doc')).toBe('two');
  });

  it('sees a copy over a file that keeps size and modification time', async () => {
    const longAgo = new Date(1_000_000_000_000);
    const first = harness.finalized('doc');
    drop('doc', 'one');
    utimesSync(at('doc'), longAgo, longAgo);
    await first;
    const second = harness.finalized('doc');
    writeFileSync(at('doc'), 'two');
    utimesSync(at('doc'), longAgo, longAgo);
    await second;
    expect(await read('doc')).toBe('two');
  });

  it('takes a touched file as uploaded again, a file with new permissions not', async () => {
    await upload('doc', 'one');
    chmodSync(at('doc'), 0o600);
    await harness.service.scan();
    expect(harness.events).toHaveLength(1);
    const event = harness.finalized('doc');
    utimesSync(at('doc'), new Date(), new Date());
    await event;
  });

  it('removes the object of a deleted file, and those of a deleted folder', async () => {
    await upload('doc', 'one');
    await upload('run/a/x', '1');
    await upload('run/b/y', '1');
    rmSync(at('doc'));
    rmSync(at('run'), { recursive: true });
    await harness.service.scan();
    expect(await listed()).toEqual([]);
    await expect(object('doc').getMetadata()).rejects.toMatchObject({ code: 404 });
  });

  it.each([
    '.hidden',
    '.git/config',
    'notes~',
    '~$sheet.xlsx',
    '.doc.swp',
    'doc.swp',
    'video.part',
    'x.tmp',
    'x.crdownload',
    'X.TMP',
    'a/.b/c',
  ])('ignores %s', async (path) => {
    drop(path, 'x');
    await upload('last', 'x');
    await harness.service.scan();
    expect(harness.names()).toEqual(['last']);
  });

  it('takes a linked file, and does not follow a linked folder', async () => {
    writeFileSync(join(harness.root, 'elsewhere.txt'), 'linked');
    mkdirSync(join(harness.root, 'other'));
    writeFileSync(join(harness.root, 'other/secret'), 'x');
    symlinkSync(join(harness.root, 'other'), at('folder-link'));
    symlinkSync(harness.folder, at('ring'));
    const event = harness.finalized('link.txt');
    symlinkSync(join(harness.root, 'elsewhere.txt'), at('link.txt'));
    await event;
    await harness.service.scan();
    expect(harness.names()).toEqual(['link.txt']);
    await object('folder-link/secret').save('mine');
    await harness.service.scan();
    expect(await read('folder-link/secret')).toBe('mine');
    expect(statSync(join(harness.root, 'other/secret')).size).toBe(1);
  });

  it('shows an API upload as a plain file, and reports it once', async () => {
    await object('run 7/tune.json').save('{}');
    await harness.service.scan();
    expect(statSync(at('run 7/tune.json')).size).toBe(2);
    expect(harness.names()).toEqual(['run 7/tune.json']);
  });

  it('removes the folder that held the last object', async () => {
    await object('a/b/c').save('x');
    await object('a/d').save('x');
    await harness.service.scan();
    expect(readFileSync(at('a/b/c'), 'utf8')).toBe('x');
    await object('a/b/c').delete();
    await harness.service.scan();
    expect([existsSync(at('a/b')), existsSync(at('a'))]).toEqual([false, true]);
    await object('a/d').delete();
    await harness.service.scan();
    expect(existsSync(at('a'))).toBe(false);
  });

  it('never writes an object over a file that was dropped a moment ago: the file is the next generation', async () => {
    const event = harness.finalized('doc');
    await object('doc').save('by API');
    expect((await event).resource.size).toBe('6');
    const second = harness.finalized('doc');
    drop('doc', 'by hand');
    await object('doc').save('by API again');
    await second;
    await harness.service.scan();
    expect([await read('doc'), readFileSync(at('doc'), 'utf8')]).toEqual(['by hand', 'by hand']);
  });

  it('serves an object whole and unchanged while its file is being changed', async () => {
    const { resource } = await upload('doc', 'one');
    const event = harness.finalized('doc');
    appendFileSync(at('doc'), ', and more');
    await event;
    const pinned = harness.client().bucket('inbox').file('doc', { generation: resource.generation });
    await expect(pinned.download()).rejects.toMatchObject({ code: 404 });
    expect(await read('doc')).toBe('one, and more');
  });

  it('writes an object again whose file is changed by hand and then by the API', async () => {
    await upload('doc', 'one');
    await object('doc').save('two');
    await harness.service.scan();
    expect(readFileSync(at('doc'), 'utf8')).toBe('two');
    expect(harness.names()).toEqual(['doc', 'doc']);
  });

  it('replaces an object that has no file when a file of its name is dropped', async () => {
    await object('a').save('a file');
    await object('a/b').save('not in the folder, for a is a file');
    await harness.service.scan();
    expect(statSync(at('a')).isFile()).toBe(true);
    await object('a').delete();
    await harness.service.scan();
    await upload('a/b', 'by hand');
    expect(await read('a/b')).toBe('by hand');
    expect(await listed()).toEqual(['a/b']);
  });

  it('takes over when a file makes way for a folder of its name', async () => {
    await upload('a', 'a file');
    rmSync(at('a'));
    await upload('a/b', 'below');
    await harness.service.scan();
    expect(await listed()).toEqual(['a/b']);
  });
});

describe('where the system reports no changes', () => {
  it('finds drops and deletions by looking again from time to time', async () => {
    await harness.close();
    const clock = createSteppableClock();
    harness = await startHarness({ clock, watch: false });
    const event = harness.finalized('doc');
    drop('doc', 'x');
    await clock.advance(RESCAN_MS);
    expect((await event).resource.timeCreated).toBe('2026-01-01T00:00:10.000Z');
  });
});
