/** The thread of one tuning: sends each event of the tuner to the one that started it, then ends. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { TunerEvent } from '../../small-model/tuner.ts';
import type { ThreadTraining } from './tuner-threads.ts';

/**
 * A training must not slow down the services beside it. On Linux a priority belongs to the thread that sets it; elsewhere it
 * would be that of the whole process, services included, so it stays as it is.
 */
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);

const { module, job } = workerData as { module: string; job: ThreadTraining };
const { tune } = (await import(module)) as { tune(job: ThreadTraining): AsyncGenerator<TunerEvent> };
for await (const event of tune(job)) parentPort?.postMessage(event);
