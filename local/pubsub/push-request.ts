import type { Delivery } from '../delivery/message.ts';
import type { PushRequest } from '../delivery/push.ts';
import type { Subscription } from './resources.ts';

/** As in Google's own recordings of pushed requests (googleapis/google-cloudevents, examples). */
const HEADERS = {
  accept: 'application/json',
  'content-type': 'application/json',
  from: 'noreply@google.com',
  'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
};

/** A push as Pub/Sub sends it: the message in both spellings, data in base64; deliveryAttempt only with a dead-letter policy. */
export function encodePush(subscription: Subscription, { message, attempt }: Delivery): PushRequest {
  const publishTime = new Date(message.publishMs).toISOString();
  const body = {
    message: {
      attributes: message.attributes,
      data: Buffer.from(message.data).toString('base64'),
      messageId: message.id,
      message_id: message.id,
      publishTime,
      publish_time: publishTime,
      // JSON leaves out what is undefined.
      orderingKey: message.orderingKey || undefined,
    },
    subscription: subscription.name,
    deliveryAttempt: subscription.deadLetterPolicy && attempt,
  };
  const url = subscription.pushConfig?.pushEndpoint ?? '';
  return { url, headers: HEADERS, body: Buffer.from(JSON.stringify(body)) };
}
