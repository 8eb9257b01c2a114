import { ANYBODY, asCaller } from '../callers.ts';
import type { Clock } from '../clock.ts';
import { FaultMet, type FaultScript } from '../faults.ts';
import type { Consumer } from './consumers.ts';
import type { Delivery } from './message.ts';
import { isConnectionRefused, post } from './post.ts';

/** Every other answer is a failure (docs.cloud.google.com/pubsub/docs/push). */
const ACKNOWLEDGING = new Set([102, 200, 201, 202, 204]);

/**
 * In front of a Cloud Run function stands Google's own server: a request that finds no instance waits for one.
 * Here nobody stands there while a function restarts, so a refused connection is tried again within the same attempt.
 */
const WAIT_FOR_INSTANCE_MS = 10_000;
const TRY_AGAIN_MS = 50;

export interface PushRequest {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface PusherOptions {
  clock: Clock;
  faults: FaultScript;
  log: (line: string) => void;
  finish(delivery: Delivery, succeeded: boolean): void;
}

export interface PushTarget {
  leaseMs: number;
  maxOutstanding: number;
  encode(delivery: Delivery): PushRequest;
}

/** Sends deliveries over HTTP. Each attempt asks the fault script for `Push` once. */
export interface Pusher {
  consumer(target: PushTarget): Consumer;
  /** Resolves once no request is in flight. */
  idle(): Promise<void>;
  close(): void;
}

export function createPusher(options: PusherOptions): Pusher {
  const { log, finish } = options;
  const inFlight = new Set<Promise<void>>();
  const closing = new AbortController();

  async function attempt(delivery: Delivery, target: PushTarget): Promise<boolean> {
    const request = target.encode(delivery);
    const limits = { deadlineMs: target.leaseMs, signal: closing.signal };
    const { subscription, message } = delivery;
    const call = { method: 'Push', target: subscription, about: () => Buffer.from(message.data).toString() };
    try {
      // Not as called by whoever published.
      return await asCaller(ANYBODY, () => options.faults.attend(call, () => send(options, request, limits)));
    } catch (error) {
      if (error instanceof FaultMet) return false;
      if (!closing.signal.aborted) log(`push to ${request.url}: ${String(error)}`);
      return false;
    }
  }

  function consumer(target: PushTarget): Consumer {
    let outstanding = 0;
    const deliver = async (delivery: Delivery) => {
      outstanding += 1;
      const succeeded = await attempt(delivery, target);
      outstanding -= 1;
      if (!closing.signal.aborted) finish(delivery, succeeded);
    };
    return {
      room: () => target.maxOutstanding - outstanding,
      // docs.cloud.google.com/pubsub/docs/ordering: one outstanding message for each key, where it is pushed.
      inRuns: false,
      leaseMs: target.leaseMs,
      take(deliveries) {
        for (const delivery of deliveries) {
          const work = deliver(delivery).finally(() => inFlight.delete(work));
          inFlight.add(work);
        }
      },
    };
  }

  return {
    consumer,
    async idle() {
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
    close: () => closing.abort(),
  };
}

/** True if the endpoint took it; rejects when there is no answer within the deadline. */
async function send(
  { clock, log }: PusherOptions,
  request: PushRequest,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
): Promise<boolean> {
  const endMs = clock.now() + deadlineMs;
  const giveUpMs = Math.min(endMs, clock.now() + WAIT_FOR_INSTANCE_MS);
  for (;;) {
    try {
      const status = await post({ ...request, deadlineMs: endMs - clock.now(), clock, signal });
      if (!ACKNOWLEDGING.has(status)) log(`push to ${request.url}: status ${status}`);
      return ACKNOWLEDGING.has(status);
    } catch (error) {
      if (!isConnectionRefused(error) || clock.now() >= giveUpMs) throw error;
      await new Promise<void>((resolve) => clock.after(TRY_AGAIN_MS, resolve));
    }
  }
}
