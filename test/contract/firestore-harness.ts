import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { type FirestoreOptions, startFirestore } from '../../local/firestore/server.ts';
import type { LocalService } from '../../local/service.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';
import type { FirestoreUnderTest } from './firestore-suite.ts';

/** A folder that a test removes when it is done. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'firestore-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function startEmbedded(
  dataDir: string,
  options: Partial<FirestoreOptions> = {},
): Promise<LocalService> {
  return startFirestore({
    port: 0,
    dataDir,
    clock: systemClock,
    faults: createFaultScript(),
    log: (line) => console.error(line),
    ...options,
  });
}

export async function embeddedUnderTest(): Promise<FirestoreUnderTest> {
  const folder = temporaryFolder();
  const server = await startEmbedded(folder.path);
  return {
    address: server.address,
    connect: (databaseId) => connectFirestore(server.address, { ...(databaseId && { databaseId }) }),
    async stop() {
      await server.close();
      folder.remove();
    },
  };
}
