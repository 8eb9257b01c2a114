import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../local/clock.ts';
import { createFaultScript } from '../local/faults.ts';
import { startPubSub } from '../local/pubsub/server.ts';

/** The embedded Pub/Sub alone, with its state in the folder that is named. Tells its parent where it is, and how busy it was. */
const [dataDir = ''] = process.argv.slice(2);
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
const options = { port: 0, dataDir, clock: systemClock, faults: createFaultScript(), log: () => {} };
const service = await startPubSub(options);
process.on('message', () => {
  process.send?.(delays.max / 1e6);
  delays.reset();
});
process.send?.(service.address);
