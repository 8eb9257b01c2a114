import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import type { ServiceOptions } from '../../local/service.ts';
import { temporaryRoot } from './temporary-root.ts';

/** A folder of its own for one test; gone when the tests are. */
export function temporaryFolder(): string {
  return mkdtempSync(join(temporaryRoot(), 'test-'));
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
