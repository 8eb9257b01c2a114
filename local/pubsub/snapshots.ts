import { status } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import type { DeliveryEngine } from '../delivery/engine.ts';
import { grpcError } from '../grpc.ts';
import { createDurableMap } from './durable-map.ts';
import { durationMs, type Snapshot, type Subscription, toDuration } from './resources.ts';
import { type UpdateMask, updated } from './updates.ts';
import { checkName } from './validation.ts';

/** The snapshots that exist; one that has expired does not. Everything throws gRPC errors, worded as Google's emulator does. */
export interface Snapshots {
  create(asked: Pick<Snapshot, 'name' | 'labels'>, of: Subscription): Snapshot;
  get(name: string): Snapshot;
  list(project: string): Snapshot[];
  ofTopic(topic: string): Snapshot[];
  update(asked: Snapshot, mask: UpdateMask | undefined): Snapshot;
  delete(name: string): void;
}

/** A snapshot lives 7 days, less the age of the oldest message in it, and is refused if that is under an hour (pubsub.proto). */
const LIFETIME_MS = 7 * 86_400_000;
const SHORTEST_MS = 3_600_000;

export function createSnapshots({ database, history }: DeliveryEngine, clock: Clock): Snapshots {
  const snapshots = createDurableMap<Snapshot>(database, 'snapshots');

  function remove(name: string): void {
    snapshots.delete(name);
    history.forget(name);
  }
  function all(): Snapshot[] {
    const isOver = ({ expireTime }: Snapshot) => durationMs(expireTime) <= clock.now();
    for (const { name } of [...snapshots.values()].filter(isOver)) remove(name);
    return [...snapshots.values()];
  }
  function get(name: string): Snapshot {
    const snapshot = all().find((one) => one.name === name);
    if (!snapshot) throw grpcError(status.NOT_FOUND, 'Snapshot does not exist');
    return snapshot;
  }

  return {
    create({ name, labels = {} }, { name: subscription, topic }) {
      checkName(name, 'snapshots');
      if (all().some((one) => one.name === name)) {
        throw grpcError(status.ALREADY_EXISTS, 'Snapshot already exists');
      }
      const expireMs = (history.oldestPendingMs(subscription) ?? clock.now()) + LIFETIME_MS;
      if (expireMs < clock.now() + SHORTEST_MS) {
        const why = 'The subscription has a message so old that the snapshot would expire within an hour.';
        throw grpcError(status.FAILED_PRECONDITION, why);
      }
      history.keepPending(subscription, name, expireMs);
      return snapshots.set({ name, topic, expireTime: toDuration(expireMs), labels });
    },
    get,
    list: (project) => all().filter(({ name }) => name.startsWith(`${project}/`)),
    ofTopic: (topic) => all().filter((one) => one.topic === topic),
    update: (asked, mask) => snapshots.set(updated('Snapshot', { current: get(asked.name), asked, mask })),
    delete(name) {
      get(name);
      remove(name);
    },
  };
}
