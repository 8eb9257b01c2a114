import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { inTransaction } from '../sqlite.ts';
import type { NewMessage, Recipients, Target } from './message.ts';

/** Writes messages down for their recipients, and forgets those that nobody can ask for any more. */
export interface Recorder {
  /** The message's id; undefined when its `dedupeId` is known. */
  publish(message: NewMessage, recipients: Recipients): string | undefined;
  /** Whether a message with this `dedupeId` was published before. */
  isKnown(message: NewMessage): boolean;
}

/** So many at a time, that a large backlog is forgotten in small steps. */
const FORGET_AT_ONCE = 500;

/** `rememberMs`: how long a delivered message is remembered for `dedupeId`. */
export function createRecorder(database: DatabaseSync, clock: Clock, rememberMs: number): Recorder {
  const sql = prepareStatements(database);
  let lastSeq = Number(database.prepare('SELECT max(seq) AS seq FROM messages').get()?.seq ?? 0);
  let nextForgetMs = 0;

  /** Clock-based like Google's ids, so that they do not come back after someone deletes the state folder. */
  function nextSeq(): number {
    lastSeq = Math.max(clock.now() * 1000, lastSeq + 1);
    return lastSeq;
  }

  function forgetOld(): void {
    const nowMs = clock.now();
    if (nowMs < nextForgetMs) return;
    const expired = sql.forgetKept.run(nowMs, FORGET_AT_ONCE).changes;
    const old = sql.forget.run(nowMs - rememberMs, FORGET_AT_ONCE).changes;
    const isDone = expired < FORGET_AT_ONCE && old < FORGET_AT_ONCE;
    if (isDone) nextForgetMs = nowMs + rememberMs / 24;
  }

  function addDelivery(seq: number, orderingKey: string, target: Target): void {
    const { subscription, ordered, retentionMs, delayMs = 0 } = target;
    const nowMs = clock.now();
    const turn = ordered ? orderingKey : '';
    const first = turn === '' || !sql.waitsBehind.get(subscription, turn) ? 1 : 0;
    sql.addDelivery.run(subscription, seq, turn, nowMs + delayMs, nowMs + retentionMs, first);
  }

  function record(message: NewMessage, { targets, keepers = [] }: Recipients): string {
    const seq = nextSeq();
    const id = message.id ?? String(seq);
    const { topic, data, orderingKey } = message;
    const attributes = JSON.stringify(message.attributes);
    sql.addMessage.run(seq, id, message.dedupeId ?? null, topic, data, attributes, orderingKey, clock.now());
    for (const target of targets) addDelivery(seq, orderingKey, target);
    for (const { holder, keepMs } of keepers) sql.keep.run(holder, seq, clock.now() + keepMs);
    return id;
  }

  const isKnown = ({ dedupeId }: NewMessage) => dedupeId !== undefined && !!sql.known.get(dedupeId);

  return {
    isKnown,
    publish(message, recipients) {
      forgetOld();
      if (isKnown(message)) return undefined;
      return inTransaction(database, () => record(message, recipients));
    },
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    known: database.prepare('SELECT 1 FROM messages WHERE dedupe_id = ?'),
    addMessage: database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    waitsBehind: database.prepare(
      'SELECT 1 FROM deliveries WHERE subscription = ? AND ordering_key = ? LIMIT 1',
    ),
    addDelivery: database.prepare(
      `INSERT INTO deliveries (subscription, seq, ordering_key, due_ms, expires_ms, first)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    keep: database.prepare('INSERT INTO kept VALUES (?, ?, ?)'),
    forgetKept: database.prepare(
      `DELETE FROM kept WHERE (holder, seq) IN (SELECT holder, seq FROM kept WHERE expires_ms < ? LIMIT ?)`,
    ),
    forget: database.prepare(
      `DELETE FROM messages WHERE seq IN (SELECT seq FROM messages AS m WHERE m.publish_ms < ?
         AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.seq = m.seq)
         AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.seq = m.seq) LIMIT ?)`,
    ),
  };
}
