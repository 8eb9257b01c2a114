import type { Delivery, Message } from './message.ts';

/** A delivery with its message, as `SELECT_DELIVERY` reads it. */
export interface DeliveryRow {
  subscription: string;
  seq: number;
  attempt: number;
  due_ms: number;
  state: number;
  expires_ms: number;
  /** The ordering key, where this subscription keeps the order; the message has it in any case. */
  turn: string;
  id: string;
  topic: string;
  data: Uint8Array;
  attributes: string;
  ordering_key: string;
  publish_ms: number;
}

/** CROSS JOIN keeps the deliveries in front, whose index the rest of the statement is made for. */
export const SELECT_DELIVERY = `SELECT d.subscription, d.seq, d.attempt, d.due_ms, d.state, d.expires_ms,
  d.ordering_key AS turn, m.id, m.topic, m.data, m.attributes, m.ordering_key, m.publish_ms
  FROM deliveries AS d CROSS JOIN messages AS m ON m.seq = d.seq`;

export function toDelivery(row: DeliveryRow): Delivery {
  const message: Message = {
    id: row.id,
    topic: row.topic,
    data: row.data,
    attributes: JSON.parse(row.attributes),
    orderingKey: row.ordering_key,
    publishMs: row.publish_ms,
  };
  const { subscription, seq, attempt, expires_ms: expiresMs } = row;
  return { subscription, seq, message, attempt, expiresMs };
}
