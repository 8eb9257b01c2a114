/** An embedded Cloud Storage for a test: its own folder, its own state, finalized events that can be awaited. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@google-cloud/storage';
import { createCallHistory } from '../../local/call-history.ts';
import { type Clock, systemClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { type ObjectResource, type StorageService, startStorage } from '../../local/storage/server.ts';

export interface FinalizedEvent {
  resource: ObjectResource;
  eventId: string;
}

export interface HarnessOptions {
  clock?: Clock;
  quietMs?: number;
  watch?: boolean;
  /** Called before an event is noted; throwing refuses it. */
  onEvent?: (event: FinalizedEvent) => void;
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;

/** The bucket `inbox` is the folder `folder`; `results` is a second one beside it. */
export async function startHarness(options: HarnessOptions = {}) {
  const root = mkdtempSync(join(tmpdir(), 'storage-'));
  const folder = join(root, 'inbox');
  mkdirSync(folder);
  const history = createCallHistory(options.clock ?? systemClock);
  const faults = createFaultScript({ history });
  const events: FinalizedEvent[] = [];
  const lines: string[] = [];
  let waiting: { name: string; resolve: (event: FinalizedEvent) => void }[] = [];

  const onFinalized = (resource: ObjectResource, eventId: string) => {
    options.onEvent?.({ resource, eventId });
    events.push({ resource, eventId });
    const met = waiting.filter(({ name }) => name === resource.name);
    waiting = waiting.filter((waiter) => !met.includes(waiter));
    for (const waiter of met) waiter.resolve({ resource, eventId });
  };

  const start = () =>
    startStorage({
      port: 0,
      dataDir: join(root, 'state'),
      clock: options.clock ?? systemClock,
      faults,
      log: (line) => void lines.push(line),
      buckets: [
        { name: 'inbox', folder },
        { name: 'results', folder: join(root, 'results') },
      ],
      onFinalized,
      quietMs: options.quietMs,
      watch: options.watch,
    });

  let service: StorageService = await start();
  return {
    root,
    folder,
    faults,
    history,
    events,
    lines,
    get service() {
      return service;
    },
    get url() {
      return `http://${service.address}`;
    },
    /** Names of the finalized events so far, sorted. */
    names: () => events.map(({ resource }) => resource.name).sort(),
    /** The next finalized event of this name. */
    finalized: (name: string) =>
      new Promise<FinalizedEvent>((resolve) => {
        waiting.push({ name, resolve });
      }),
    client: () => connectByEndpoint(service.address),
    async restart(whileDown: () => void = () => undefined) {
      await service.close();
      whileDown();
      service = await start();
    },
    async close() {
      await service.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Short delays between the client's own tries. */
const FAST_RETRY = { retryDelayMultiplier: 0.01, maxRetries: 4 };

export function connectByEndpoint(address: string): Storage {
  return new Storage({ apiEndpoint: `http://${address}`, projectId: 'local', retryOptions: FAST_RETRY });
}

/** The client reads the variable when it is made. */
export function connectByVariable(address: string): Storage {
  process.env.STORAGE_EMULATOR_HOST = `http://${address}`;
  try {
    return new Storage({ projectId: 'local', retryOptions: FAST_RETRY });
  } finally {
    delete process.env.STORAGE_EMULATOR_HOST;
  }
}
