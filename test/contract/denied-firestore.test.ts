import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cloudEvent } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSteppableClock, type SteppableClock } from '../../local/clock.ts';
import { createEventarc, type Eventarc } from '../../local/eventarc/dispatcher.ts';
import { createFaultScript } from '../../local/faults.ts';
import { startFirestore } from '../../local/firestore/server.ts';
import { createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { withServiceErrors } from '../../shared/adapters/service-errors.ts';
import type { ObjectInfo } from '../../shared/ports.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { STORAGE_FINALIZED } from '../../shared/runtime/events.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';
import { createLog, type LogEntry } from '../support/log.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';
import { aManifest, createWorld, examples, INBOX, type World } from '../support/world.ts';

/** Firestore denies for ten minutes what it allows afterwards, as it does until a permission has spread. */

process.env.METADATA_SERVER_DETECTION = 'none';

const DENIED_MS = 600_000;
const STEP_SECONDS = 15;
const DENIED = { kind: 'error', status: 403, message: 'Missing or insufficient permissions.' } as const;
const FOLDERS = ['first', 'second', 'third'];

/** One instance of the validate function, in functions-framework, with a log of its own. */
interface Instance {
  url: string;
  log: LogEntry[];
}

let clock: SteppableClock;
let world: World;
let eventarc: Eventarc;
let instances: Instance[];
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  clock = createSteppableClock();
  const faults = createFaultScript();
  clock.after(DENIED_MS, faults.whenever('*', DENIED));
  const service = await startFirestore(serviceOptions({ faults }));
  // By default the client asks twice more, for seven seconds, whatever the answer is; so it repeats only what may be repeated.
  const firestore = connectFirestore(service.address, {
    ...{ ignoreUndefinedProperties: true, gaxServerStreamingRetries: true },
  });
  world = createWorld();
  const target = {
    service: 'firestore',
    project: 'my-project',
    resource: 'tunedrop',
    account: 'me',
  } as const;
  const { logger } = createLog();
  Object.assign(world.runs, withServiceErrors(createFirestoreRunStore(firestore, { logger }), target));
  eventarc = createEventarc({
    dataDir: temporaryFolder(),
    clock,
    faults: createFaultScript(),
    log: () => {},
  });
  instances = await Promise.all([startInstance('validate-1'), startInstance('validate-2')]);
  closers.push(
    () => eventarc.close(),
    () => firestore.terminate(),
    () => service.close(),
  );
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startInstance(name: string): Promise<Instance> {
  const log: LogEntry[] = [];
  const logger = createLogger(name, (line) => void log.push(JSON.parse(line)));
  const boundary = withBoundary((): World['finalized'] => world.finalized, logger);
  cloudEvent<ObjectInfo>(name, (event: { data?: ObjectInfo }) => boundary(event.data as ObjectInfo));
  const server: Server = getTestServer(name);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, log };
}

function sendTo({ url }: Instance): void {
  eventarc.declareTrigger({ name: 'validate', bucket: INBOX, eventType: STORAGE_FINALIZED, url });
}

function drop(folder: string): void {
  world.upload(`${folder}/train.jsonl`, examples(120, folder));
  const object = world.upload(`${folder}/tune.json`, aManifest());
  eventarc.deliver({
    ...{ id: folder, type: STORAGE_FINALIZED, bucket: INBOX },
    object: { kind: 'storage#object', ...object },
  });
}

/** Lets time pass, while events reach now the one and now the other instance. */
async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += STEP_SECONDS) {
    sendTo(instances[(passed / STEP_SECONDS) % instances.length] as Instance);
    await clock.advance(STEP_SECONDS * 1000);
    await eventarc.idle();
    world.pass(STEP_SECONDS);
  }
}

test('a Firestore that denies for ten minutes loses no drop, is named once by each instance, and every run goes on', async () => {
  sendTo(instances[0] as Instance);
  for (const folder of FOLDERS) drop(folder);
  await pass(590);
  expect(eventarc.undelivered().map(({ messageId }) => messageId)).toEqual(FOLDERS);
  expect(world.published).toEqual([]);

  await pass(120);
  expect(eventarc.undelivered()).toEqual([]);
  const validated = world.published.map(({ runId }) => runId);
  expect(new Set(validated).size).toBe(FOLDERS.length);
  await world.deliver();
  for (const runId of validated) {
    expect(await world.runs.get(runId)).toMatchObject({ status: { state: 'SUBMITTED' } });
  }

  for (const { log } of instances) {
    expect(log).toMatchObject([
      {
        severity: 'ERROR',
        message: 'the deployment lacks something that this function needs',
        fields: {
          reason: 'FirestoreDenied',
          error: expect.stringContaining('open with PERMISSION_DENIED'),
          remedy: expect.stringContaining('roles/datastore.user'),
          stack: expect.stringContaining('at onManifest '),
        },
      },
    ]);
  }
});
