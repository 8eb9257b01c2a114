import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type DocumentSnapshot, FieldValue, type Firestore } from '@google-cloud/firestore';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInbox } from '../contract/firestore-contract-listen.ts';
import { startEmbedded } from '../contract/firestore-harness.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';
import { temporaryFolder } from '../support/service-options.ts';

const projectId = 'kept';
const portOf = (address: string) => Number(address.split(':')[1]);

/** A server in a process of its own, to be killed. */
const CHILD = `
  const [{ startFirestore }, { systemClock }, { createFaultScript }] = await Promise.all(
    ['firestore/server.ts', 'clock.ts', 'faults.ts'].map((file) => import(new URL(file, process.argv[1]))),
  );
  const server = await startFirestore({
    port: 0, dataDir: process.argv[2], clock: systemClock, faults: createFaultScript(), log: console.error,
  });
  console.log(server.address);
`;

describe('the state of the embedded Firestore', () => {
  let folder: string;
  const clients: Firestore[] = [];
  const connect = (address: string) => {
    const client = connectFirestore(address, { projectId });
    clients.push(client);
    return client;
  };
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.terminate()));
  });

  it('survives a restart with every value and version', async () => {
    const data = { nan: Number.NaN, zero: -0, bytes: Buffer.from([1, 2]), empty: {}, none: [], text: 'é' };
    const first = await startEmbedded({ dataDir: folder });
    const before = connect(first.address);
    await before.doc('some/doc').set({ ...data, at: FieldValue.serverTimestamp() });
    await before.doc('some/gone').set({});
    await before.doc('some/gone').delete();
    const written = await before.doc('some/doc').get();
    await first.close();

    const second = await startEmbedded({ dataDir: folder });
    const after = connect(second.address);
    const read = await after.doc('some/doc').get();
    expect(read.data()).toEqual(written.data());
    expect(Object.is(read.get('zero'), -0)).toBe(true);
    expect([read.createTime, read.updateTime]).toEqual([written.createTime, written.updateTime]);
    expect((await after.doc('some/gone').get()).exists).toBe(false);
    const again = await after.doc('some/doc').set({ ...read.data() });
    expect(again.writeTime, 'an equal document is no change after a restart either').toEqual(read.updateTime);
    await second.close();
  });

  it('survives a killed process', async () => {
    const base = new URL('../../local/', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, base, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { writeTime } = await connect(line.toString().trim()).doc('some/doc').set({ a: 1 });
    child.kill('SIGKILL');
    await once(child, 'exit');

    const server = await startEmbedded({ dataDir: folder });
    const read = await connect(server.address).doc('some/doc').get();
    expect(read.data()).toEqual({ a: 1 });
    expect(read.updateTime).toEqual(writeTime);
    await server.close();
  });

  it('reaches a listener again after a restart, and sends it only what is new', async () => {
    const first = await startEmbedded({ dataDir: folder });
    const document = connect(first.address).doc('some/followed');
    await document.set({ n: 1 });
    const inbox = createInbox<DocumentSnapshot>();
    const stop = document.onSnapshot(inbox.put, inbox.fail);
    expect((await inbox.take()).get('n')).toBe(1);
    await first.close();

    const second = await startEmbedded({ dataDir: folder, port: portOf(first.address) });
    await vi.waitFor(() => document.set({ n: 2 }), { timeout: 10_000 });
    expect((await inbox.take()).get('n')).toBe(2);
    stop();
    await second.close();
  });

  it('may be closed twice', async () => {
    const server = await startEmbedded({ dataDir: folder });
    await server.close();
    await expect(server.close()).resolves.toBeUndefined();
  });

  it('is found through FIRESTORE_EMULATOR_HOST', async () => {
    const server = await startEmbedded({ dataDir: folder });
    process.env.FIRESTORE_EMULATOR_HOST = server.address;
    try {
      const document = connectFirestore(server.address, { host: undefined, ssl: undefined } as object).doc(
        'a/b',
      );
      await document.set({ a: 1 });
      expect((await document.get()).data()).toEqual({ a: 1 });
      await document.firestore.terminate();
    } finally {
      delete process.env.FIRESTORE_EMULATOR_HOST;
      await server.close();
    }
  });
});
