import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import type { ServiceOptions } from '../../local/service.ts';

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own for one test; gone when the tests are. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunedrop-test-'));
  folders.push(folder);
  return folder;
}

/** An embedded service with a free port, an empty folder, real time and no faults. */
export function serviceOptions(over: Partial<ServiceOptions> = {}): ServiceOptions {
  return {
    port: 0,
    dataDir: temporaryFolder(),
    clock: systemClock,
    faults: createFaultScript(),
    log: () => {},
    ...over,
  };
}
