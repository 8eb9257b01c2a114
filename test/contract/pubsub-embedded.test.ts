import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { startPubSub } from '../../local/pubsub/server.ts';
import { pubsubContract } from './pubsub-contract.ts';

pubsubContract('embedded Pub/Sub', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pubsub-'));
  const service = await startPubSub({
    port: 0,
    dataDir,
    clock: systemClock,
    faults: createFaultScript(),
    log: () => {},
  });
  return {
    address: service.address,
    async close() {
      await service.close();
      rmSync(dataDir, { recursive: true });
    },
  };
});
