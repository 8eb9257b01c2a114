import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSteppableClock } from '../../local/clock.ts';
import { createEventarc, type Eventarc, type StorageEvent } from '../../local/eventarc/dispatcher.ts';
import { createFaultScript } from '../../local/faults.ts';
import { createReceiver, type Receiver } from '../contract/pubsub-receiver.ts';

const FINALIZED = 'google.cloud.storage.object.v1.finalized';

let dataDir: string;
let clock: ReturnType<typeof createSteppableClock>;
let faults: ReturnType<typeof createFaultScript>;
let eventarc: Eventarc;
let receiver: Receiver;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'eventarc-'));
  clock = createSteppableClock();
  faults = createFaultScript();
  receiver = await createReceiver();
  open();
});
afterEach(async () => {
  await eventarc.close();
  await receiver.close();
  rmSync(dataDir, { recursive: true });
});

function open(): void {
  eventarc = createEventarc({ dataDir, clock, faults, log: () => {} });
}

function declare(url = receiver.url): void {
  eventarc.declareTrigger({ name: 'validate', bucket: 'inbox', eventType: FINALIZED, url });
}

function anEvent(over: Partial<StorageEvent> = {}, name = 'a/tune.json'): StorageEvent {
  const object = { kind: 'storage#object', name, bucket: 'inbox', generation: '17', size: '3' };
  return { id: 'inbox/a/1', type: FINALIZED, bucket: 'inbox', object, ...over };
}

const idsSeen = () => receiver.requests.map(({ headers }) => headers['ce-id']);

describe('a storage event', () => {
  it('arrives as a binary CloudEvent with the object resource as body', async () => {
    declare();
    eventarc.deliver(anEvent());
    const { url, headers, body } = await receiver.next();
    expect(url).toBe('/');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': 'inbox/a/1',
      'ce-source': '//storage.googleapis.com/projects/_/buckets/inbox',
      'ce-type': FINALIZED,
      'ce-time': '2026-01-01T00:00:00.000Z',
      'ce-subject': 'objects/a/tune.json',
      'ce-bucket': 'inbox',
      'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    });
    expect(JSON.parse(body)).toEqual(anEvent().object);
  });

  it('has its subject percent-encoded where a header cannot carry it', async () => {
    declare();
    eventarc.deliver(anEvent({}, '日 "q" 100%~!.json'));
    const { headers, body } = await receiver.next();
    expect(headers['ce-subject']).toBe('objects/%E6%97%A5%20%22q%22%20100%25~!.json');
    expect(JSON.parse(body).name).toBe('日 "q" 100%~!.json');
  });

  it('is understood by functions-framework', async () => {
    let handle = (_event: CloudEvent<unknown>) => {};
    const handled = new Promise<CloudEvent<unknown>>((resolve) => {
      handle = resolve;
    });
    cloudEvent('eventarc-test', async (event: CloudEvent<unknown>) => handle(event));
    const server = getTestServer('eventarc-test');
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    declare(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    eventarc.deliver(anEvent());
    const event = await handled;
    expect(event).toMatchObject({ id: 'inbox/a/1', type: FINALIZED, data: anEvent().object });
    await eventarc.idle();
    expect(eventarc.undelivered()).toEqual([]);
    server.close();
  });

  it.each([
    ['another bucket', { bucket: 'results' }],
    ['another type', { type: 'google.cloud.storage.object.v1.deleted' }],
  ])('does not concern a trigger for %s', async (_name, other) => {
    declare();
    eventarc.deliver(anEvent(other));
    expect(eventarc.undelivered()).toEqual([]);
  });

  it('reaches every trigger that asks for it', async () => {
    const second = await createReceiver();
    declare();
    eventarc.declareTrigger({ name: 'audit', bucket: 'inbox', eventType: FINALIZED, url: second.url });
    eventarc.deliver(anEvent());
    await receiver.next();
    await second.next();
    await second.close();
  });
});

describe('at least once', () => {
  it('repeats after 10 s, 20 s, 40 s until the function takes it', async () => {
    declare();
    receiver.reply(500, 500, 500);
    eventarc.deliver(anEvent());
    await receiver.next();
    for (const waitMs of [10_000, 20_000, 40_000]) {
      await eventarc.idle();
      expect(eventarc.undelivered()[0]?.nextAttemptAt).toBe(clock.now() + waitMs);
      await clock.advance(waitMs);
      await receiver.next();
    }
    await eventarc.idle();
    expect(eventarc.undelivered()).toEqual([]);
  });

  it('ignores the report of an event that it knows, delivered or not, before and after a restart', async () => {
    declare();
    eventarc.deliver(anEvent());
    eventarc.deliver(anEvent());
    await receiver.next();
    await eventarc.idle();
    eventarc.deliver(anEvent());
    await eventarc.close();
    open();
    declare();
    eventarc.deliver(anEvent());
    expect(eventarc.undelivered()).toEqual([]);
    expect(idsSeen()).toEqual(['inbox/a/1']);
  });

  it('keeps an undelivered event over a restart and sends it to the new address', async () => {
    declare();
    receiver.reply('never');
    eventarc.deliver(anEvent());
    await receiver.next();
    await eventarc.close();
    open();
    expect(eventarc.undelivered()).toMatchObject([{ subscription: 'validate', attempt: 1 }]);
    const moved = await createReceiver();
    declare(moved.url);
    expect((await moved.next()).headers['ce-id']).toBe('inbox/a/1');
    await eventarc.idle();
    expect(eventarc.undelivered()).toEqual([]);
    await moved.close();
  });

  it('waits for a function whose address is not known yet, after a restart and at the first start', async () => {
    eventarc.deliver(anEvent()); // nobody asks for it: not delivered, and not remembered either
    eventarc.declareTrigger({ name: 'validate', bucket: 'inbox', eventType: FINALIZED });
    eventarc.deliver(anEvent());
    await eventarc.close();
    open();
    eventarc.deliver(anEvent({ id: 'inbox/a/2' }));
    expect(eventarc.undelivered()).toMatchObject([{ messageId: 'inbox/a/1' }, { messageId: 'inbox/a/2' }]);
    declare();
    await receiver.next();
    await receiver.next();
    expect(idsSeen().sort()).toEqual(['inbox/a/1', 'inbox/a/2']);
  });

  it('gives up after 24 hours', async () => {
    declare();
    receiver.reply(500);
    eventarc.deliver(anEvent());
    await receiver.next();
    await eventarc.close();
    await clock.advance(86_400_000);
    open();
    declare();
    expect(eventarc.undelivered()).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
  });

  it('survives a function that dies with the request in hand', async () => {
    const dying = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => {
      dying.listen(0, '127.0.0.1', resolve);
    });
    declare(`http://127.0.0.1:${(dying.address() as AddressInfo).port}`);
    eventarc.deliver(anEvent());
    await eventarc.idle();
    dying.close();
    expect(eventarc.undelivered()).toMatchObject([{ attempt: 1 }]);
    declare();
    await clock.advance(10_000);
    await receiver.next();
  });
});

describe('scripted mishaps', () => {
  it('drops, delays and duplicates, and a repeated report uses none of them up', async () => {
    declare();
    eventarc.deliver(anEvent({ id: 'plain' }));
    faults.script('Message', [
      { kind: 'drop' },
      { kind: 'delay', byMs: 5000 },
      { kind: 'duplicate', id: 'same' },
      { kind: 'duplicate', id: 'new' },
    ]);
    eventarc.deliver(anEvent({ id: 'plain' }));
    for (const id of ['dropped', 'late', 'same', 'new']) eventarc.deliver(anEvent({ id }));
    for (let n = 0; n < 5; n += 1) await receiver.next();
    await eventarc.idle();
    await clock.advance(5000);
    await receiver.next();
    const ids = idsSeen();
    expect(ids.slice(0, 4).sort()).toEqual(['new', 'plain', 'same', 'same']);
    expect(ids[4]).toMatch(/^\d{16}$/);
    expect(ids[5]).toBe('late');
    expect(faults.remaining()).toEqual({});
  });
});
