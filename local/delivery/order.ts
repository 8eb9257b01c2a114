import type { DatabaseSync } from 'node:sqlite';
import { type DeliveryRow, SELECT_DELIVERY } from './rows.ts';

/** A delivery of an ordering key, by its place in it. */
export interface PlaceInKey {
  subscription: string;
  orderingKey: string;
  seq: number;
}

/**
 * Deliveries of one ordering key, in their order. When one of them is to be tried again, those after it are too, also what was
 * acknowledged already (docs.cloud.google.com/pubsub/docs/ordering, "Message redelivery").
 */
export interface KeyOrder {
  /** What waits right behind and is due by `nowMs`, to be handed out together with it. */
  followers(place: PlaceInKey, nowMs: number): Iterable<DeliveryRow>;
  /** Puts what is out behind it back to wait until `dueMs`; returns their numbers. These attempts do not count. */
  callBack(place: PlaceInKey, dueMs: number): number[];
  /** The first of the key is gone: the next is the first. What was acknowledged in between ends with it, by a call of `end`. */
  moveUp(place: PlaceInKey, end: (seq: number) => void): void;
}

const WAITING = 0;
const ACKNOWLEDGED = 2;

export function createKeyOrder(database: DatabaseSync): KeyOrder {
  const behind = 'WHERE d.subscription = ? AND d.ordering_key = ? AND d.seq > ? ORDER BY d.seq';
  const followers = database.prepare(`${SELECT_DELIVERY} ${behind}`);
  const statesBehind = database.prepare(`SELECT d.seq, d.state FROM deliveries AS d ${behind}`);
  const putBack = database.prepare(
    `UPDATE deliveries SET state = 0, attempt = max(0, attempt - 1), due_ms = ?
     WHERE subscription = ? AND seq = ?`,
  );
  const makeFirst = database.prepare('UPDATE deliveries SET first = 1 WHERE subscription = ? AND seq = ?');
  const remove = database.prepare('DELETE FROM deliveries WHERE subscription = ? AND seq = ?');

  /** The rows behind it, as far as `goesOn`: read before anything is changed. */
  function behindWhile({ subscription, orderingKey, seq }: PlaceInKey, goesOn: (state: number) => boolean) {
    const found: { seq: number; state: number }[] = [];
    for (const row of statesBehind.iterate(subscription, orderingKey, seq)) {
      const { seq: next, state } = row as { seq: number; state: number };
      found.push({ seq: next, state });
      if (!goesOn(state)) break;
    }
    return found;
  }

  return {
    *followers({ subscription, orderingKey, seq }, nowMs) {
      for (const row of followers.iterate(subscription, orderingKey, seq)) {
        const follower = row as unknown as DeliveryRow;
        if (follower.state !== WAITING || follower.due_ms > nowMs) return;
        yield follower;
      }
    },
    callBack(place, dueMs) {
      const out = behindWhile(place, (state) => state !== WAITING).filter(({ state }) => state !== WAITING);
      for (const { seq } of out) putBack.run(dueMs, place.subscription, seq);
      return out.map(({ seq }) => seq);
    },
    moveUp(place, end) {
      for (const { seq, state } of behindWhile(place, (one) => one === ACKNOWLEDGED)) {
        if (state !== ACKNOWLEDGED) makeFirst.run(place.subscription, seq);
        else {
          end(seq);
          remove.run(place.subscription, seq);
        }
      }
    },
  };
}
