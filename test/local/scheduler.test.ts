import type { AddressInfo } from 'node:net';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { createScheduler, type Scheduler } from '../../local/scheduler/scheduler.ts';
import { createReceiver, type Receiver } from '../contract/pubsub-receiver.ts';

let clock: ReturnType<typeof createSteppableClock>;
let faults: ReturnType<typeof createFaultScript>;
let scheduler: Scheduler;
let receiver: Receiver;

beforeEach(async () => {
  clock = createSteppableClock(Date.UTC(2026, 0, 1) + 300);
  faults = createFaultScript();
  receiver = await createReceiver();
  scheduler = createScheduler({ clock, faults, log: () => {} });
});
afterEach(async () => {
  await scheduler.close();
  await receiver.close();
});

function declare(over: { url?: string; intervalMs?: number } = {}): void {
  scheduler.declareJob({
    name: 'poll',
    url: receiver.url,
    intervalMs: 1000,
    attemptDeadlineMs: 10_000,
    ...over,
  });
}

const scheduleTimes = () =>
  receiver.requests.map(({ headers }) => String(headers['x-cloudscheduler-scheduletime']).slice(17));

it('posts on every multiple of the interval, with the headers of Cloud Scheduler', async () => {
  declare();
  await clock.advance(699);
  expect(receiver.requests).toEqual([]);
  await clock.advance(1);
  const { url, headers, body } = await receiver.next();
  await scheduler.idle();
  await clock.advance(1000);
  await receiver.next();
  expect(url).toBe('/');
  expect(headers).toMatchObject({
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    'x-cloudscheduler-jobname': 'poll',
    'x-cloudscheduler-scheduletime': '2026-01-01T00:00:01.000Z',
    'content-type': 'application/json',
  });
  expect(body).toBe('{}');
  expect(scheduleTimes()).toEqual(['01.000Z', '02.000Z']);
});

it('calls an HTTP function of functions-framework', async () => {
  http('scheduler-test', (request, response) => {
    response.status(request.method === 'POST' ? 204 : 405).end();
  });
  const server = getTestServer('scheduler-test');
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  declare({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  expect(await scheduler.runNow('poll')).toBe(true);
  server.close();
});

it('never has two executions of a job outstanding: missed ticks become one, after the execution in hand', async () => {
  declare();
  receiver.reply('never');
  await clock.advance(700);
  await receiver.next();
  await clock.advance(9000);
  expect(receiver.requests).toHaveLength(1);
  await clock.advance(1000); // the deadline of the first attempt
  await scheduler.idle();
  await clock.advance(0);
  await receiver.next();
  await scheduler.idle();
  await clock.advance(1000);
  await receiver.next();
  expect(scheduleTimes()).toEqual(['01.000Z', '11.000Z', '12.000Z']);
});

it('does not repeat a failed execution before the next tick', async () => {
  declare();
  receiver.reply(500, 'drop');
  for (const waitMs of [700, 1000, 1000]) {
    await clock.advance(waitMs);
    await receiver.next();
    await scheduler.idle();
  }
  expect(scheduleTimes()).toEqual(['01.000Z', '02.000Z', '03.000Z']);
});

it('runs a job when asked, and says whether it went well', async () => {
  declare({ intervalMs: 60_000 });
  receiver.reply(204, 500);
  expect(await scheduler.runNow('poll')).toBe(true);
  expect(await scheduler.runNow('poll')).toBe(false);
  await expect(scheduler.runNow('pol')).rejects.toThrow('no scheduler job pol; declared: poll');
});

it('queues a run that is asked for during another', async () => {
  declare({ intervalMs: 60_000 });
  receiver.reply('never');
  const first = scheduler.runNow('poll');
  const second = scheduler.runNow('poll');
  await receiver.next();
  expect(receiver.requests).toHaveLength(1);
  await clock.advance(10_000);
  expect([await first, await second]).toEqual([false, true]);
});

it('follows a new declaration and forgets the old one', async () => {
  declare();
  const moved = await createReceiver();
  declare({ url: moved.url, intervalMs: 2000 });
  await clock.advance(1700);
  await moved.next();
  await scheduler.idle();
  expect(receiver.requests).toEqual([]);
  expect(moved.requests).toHaveLength(1);
  await moved.close();
});

it('meets scripted faults before or after the function has run', async () => {
  declare({ intervalMs: 60_000 });
  faults.script('Run', [
    { kind: 'error', status: 503 },
    { kind: 'reset', afterEffect: true },
  ]);
  expect(await scheduler.runNow('poll')).toBe(false);
  expect(receiver.requests).toHaveLength(0);
  expect(await scheduler.runNow('poll')).toBe(false);
  expect(receiver.requests).toHaveLength(1);
  expect(faults.remaining()).toEqual({});
});
