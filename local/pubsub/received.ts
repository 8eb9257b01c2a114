import type { Delivery } from '../delivery/message.ts';
import { toAckId } from './ack-id.ts';
import { type Subscription, toDuration } from './resources.ts';

/** A delivery as a pull hands it out (google.pubsub.v1.ReceivedMessage). */
export function toReceived(subscription: Subscription | undefined, delivery: Delivery) {
  const { id, data, attributes, orderingKey, publishMs } = delivery.message;
  return {
    ackId: toAckId(delivery),
    message: { messageId: id, data, attributes, orderingKey, publishTime: toDuration(publishMs) },
    // 0 without a dead-letter policy (pubsub.proto, ReceivedMessage.delivery_attempt).
    deliveryAttempt: subscription?.deadLetterPolicy ? delivery.attempt : 0,
  };
}
