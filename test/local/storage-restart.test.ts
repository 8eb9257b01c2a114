import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectByEndpoint, type Harness, startHarness } from '../contract/storage-harness.ts';

let harness: Harness;
let refuse = false;
beforeEach(async () => {
  refuse = false;
  harness = await startHarness({
    onEvent: () => {
      if (refuse) throw new Error('not now');
    },
  });
});
afterEach(() => harness.close());

const at = (path: string) => join(harness.folder, path);
const object = (name: string) => harness.client().bucket('inbox').file(name);
/** As if nobody had noted what the files in the folders are. */
const forgetFolders = () => rmSync(join(harness.root, 'state/folders.db'), { force: true });
const eventsOf = (name: string) => harness.events.filter(({ resource }) => resource.name === name);

describe('after a restart', () => {
  it('objects keep bytes, generation and metadata, and fire nothing again', async () => {
    await object('plain').save('1', { metadata: { metadata: { k: 'v' } } });
    await object('../awkward').save('2');
    const [before] = await object('plain').getMetadata();
    await harness.restart();
    const [after] = await object('plain').getMetadata();
    for (const same of [
      'generation',
      'metageneration',
      'metadata',
      'crc32c',
      'timeCreated',
      'etag',
    ] as const) {
      expect(after[same]).toEqual(before[same]);
    }
    expect(String((await object('../awkward').download())[0])).toBe('2');
    expect(harness.names()).toEqual(['../awkward', 'plain']);
  });

  it('generations go on growing apart', async () => {
    await object('a').save('1');
    const [before] = await object('a').getMetadata();
    await harness.restart();
    await object('b').save('1');
    const [after] = await object('b').getMetadata();
    expect(after.generation).not.toBe(before.generation);
  });

  it('what was dropped, changed and deleted meanwhile is taken in', async () => {
    for (const name of ['stays', 'changes', 'goes']) await object(name).save(name);
    const changed = harness.finalized('changes');
    const dropped = harness.finalized('run/new');
    await harness.restart(() => {
      mkdirSync(at('run'));
      writeFileSync(at('run/new'), 'x');
      appendFileSync(at('changes'), ' more');
      rmSync(at('goes'));
    });
    await Promise.all([changed, dropped]);
    await harness.service.scan();
    const [files] = await harness.client().bucket('inbox').getFiles();
    expect(files.map(({ name }) => name)).toEqual(['changes', 'run/new', 'stays']);
    expect(eventsOf('stays')).toHaveLength(1);
  });

  it('an event that was not taken is handed over again under the same id', async () => {
    refuse = true;
    await object('doc').save('x');
    expect(eventsOf('doc')).toEqual([]);
    refuse = false;
    await harness.restart();
    expect(eventsOf('doc')).toHaveLength(1);
    await harness.restart();
    expect(eventsOf('doc')).toHaveLength(1);
    expect(harness.lines.join('\n')).toContain(String(eventsOf('doc')[0]?.eventId));
  });

  it('an upload session goes on where it was, with the right checksums', async () => {
    const bytes = randomBytes(3 * 256 * 1024);
    const start = '/upload/storage/v1/b/inbox/o?uploadType=resumable&name=big';
    const response = await fetch(`${harness.url}${start}`, {
      method: 'POST',
      body: '{"metadata":{"k":"v"}}',
    });
    const { pathname, search } = new URL(String(response.headers.get('location')));
    const send = (range: string, body: Uint8Array<ArrayBuffer> | null) =>
      fetch(`${harness.url}${pathname}${search}`, {
        method: 'PUT',
        headers: { 'content-range': range },
        body,
      });
    await send('bytes 0-262143/*', new Uint8Array(bytes.subarray(0, 262144)));
    await harness.restart();
    expect((await send('bytes */*', null)).headers.get('range')).toBe('bytes=0-262143');
    await send('bytes 262144-786431/786432', new Uint8Array(bytes.subarray(262144)));
    expect((await object('big').getMetadata())[0].metadata).toEqual({ k: 'v' });
    expect((await object('big').download())[0].equals(bytes)).toBe(true);
    await harness.restart();
    expect((await send('bytes */786432', null)).status).toBe(200);
    expect(eventsOf('big')).toHaveLength(1);
  });

  it('a bucket made through the API is still there', async () => {
    const [made] = await harness.client().createBucket('made-here');
    await made.file('x').save('y');
    await harness.restart();
    expect(String((await harness.client().bucket('made-here').file('x').download())[0])).toBe('y');
  });
});

describe('after a process died in the middle of a write', () => {
  const objectFiles = () => readdirSync(join(harness.root, 'state/objects'));

  it('bytes that became no object are gone, those of an upload that goes on are not', async () => {
    await object('doc').save('x');
    const start = '/upload/storage/v1/b/inbox/o?uploadType=resumable&name=open';
    await fetch(`${harness.url}${start}`, { method: 'POST' });
    const before = objectFiles();
    expect(before).toHaveLength(2);
    await harness.restart(() => writeFileSync(join(harness.root, 'state/objects/half'), 'bytes'));
    expect(objectFiles()).toEqual(before);
  });

  it('a dropped file that was uploaded and not noted is not uploaded again', async () => {
    const event = harness.finalized('doc');
    writeFileSync(at('doc'), 'x');
    await event;
    await harness.service.scan();
    await harness.restart(forgetFolders);
    await harness.service.scan();
    expect(eventsOf('doc')).toHaveLength(1);
    const changed = harness.finalized('doc');
    writeFileSync(at('doc'), 'y');
    await changed;
  });

  it('an object that did not become a file does', async () => {
    await object('run/doc').save('x');
    await harness.service.scan();
    await harness.restart(() => {
      forgetFolders();
      rmSync(at('run'), { recursive: true });
    });
    expect(readFileSync(at('run/doc'), 'utf8')).toBe('x');
    expect(eventsOf('run/doc')).toHaveLength(1);
  });

  it('what another version of the program wrote is not touched', async () => {
    await expect(
      harness.restart(() => {
        const database = new DatabaseSync(join(harness.root, 'state/storage.db'));
        database.exec('PRAGMA user_version = 1');
        database.close();
      }),
    ).rejects.toThrow(
      'was written by another version of this program. To begin anew, delete the data folder',
    );
  });
});

describe('after kill -9 at any moment', { timeout: 300_000 }, () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  const openUploads = (root: string): number => {
    const database = new DatabaseSync(join(root, 'state/storage.db'), { readOnly: true });
    const row = database.prepare('SELECT count(*) AS open FROM sessions WHERE result IS NULL').get();
    database.close();
    return Number(row?.open);
  };

  /** The service in a process of its own; each event handed over is a line of a file. */
  const startChild = async (root: string) => {
    const local = new URL('../../local/', import.meta.url);
    const program = `
      import { appendFileSync } from 'node:fs';
      import { startStorage } from '${local}storage/server.ts';
      import { systemClock } from '${local}clock.ts';
      import { createFaultScript } from '${local}faults.ts';
      const service = await startStorage({
        port: 0, dataDir: '${root}/state', clock: systemClock, faults: createFaultScript(), log: console.error,
        buckets: [{ name: 'inbox', folder: '${root}/inbox' }],
        onFinalized: ({ name, generation }, id) => appendFileSync('${root}/events', JSON.stringify({ name, generation, id }) + '\\n'),
      });
      console.log(service.address);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { child, address };
  };

  it('no acknowledged upload and no event of it is lost, and nothing is half there', async () => {
    const root = join(harness.root, 'crash');
    mkdirSync(join(root, 'inbox'), { recursive: true });
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 4; round++) {
      const { child, address } = await startChild(root);
      const bucket = connectByEndpoint(address).bucket('inbox');
      const upload = async (writer: number) => {
        for (let index = 0; ; index++) {
          const name = `round-${round}/${writer}/${index}${index % 3 === 0 ? '.tmp' : ''}`;
          const options = { resumable: index % 2 === 0, metadata: { metadata: { name } } };
          await bucket.file(name).save(name.repeat(500), options);
          acknowledged.set(name, name.repeat(500));
          if (acknowledged.size >= (round + 1) * 25) child.kill('SIGKILL');
        }
      };
      await Promise.allSettled([1, 2, 3, 4].map(upload));
    }

    const { address } = await startChild(root);
    const bucket = connectByEndpoint(address).bucket('inbox');
    const lines = readFileSync(join(root, 'events'), 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { name: string; generation: string; id: string });
    expect(acknowledged.size).toBeGreaterThanOrEqual(100);
    for (const [name, content] of acknowledged) {
      expect(String((await bucket.file(name).download())[0])).toBe(content);
    }
    const [files] = await bucket.getFiles();
    for (const file of files) {
      expect(file.metadata.metadata).toEqual({ name: file.name });
      expect(events.map(({ generation }) => generation)).toContain(file.metadata.generation);
    }
    const idsByGeneration = Map.groupBy(events, ({ generation }) => generation);
    for (const again of idsByGeneration.values()) expect(new Set(again.map(({ id }) => id)).size).toBe(1);
    expect(readdirSync(join(root, 'state/objects'))).toHaveLength(files.length + openUploads(root));
  });
});
