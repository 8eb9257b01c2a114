import type { Delivery, NewMessage } from '../delivery/message.ts';
import type { PushRequest } from '../delivery/push.ts';

/** Something that happened to an object in a bucket. */
export interface StorageEvent {
  /** Stable: the same happening has the same id, also when it is reported again after a restart. */
  id: string;
  /** Such as `google.cloud.storage.object.v1.finalized`. */
  type: string;
  bucket: string;
  /** The object resource of the JSON API; 64-bit numbers are strings in it. */
  object: Record<string, unknown>;
}

/** Keeps an event as the message that carries it: attributes for the headers, data for the body. */
export function toMessage({ id, type, bucket, object }: StorageEvent): NewMessage {
  return {
    id,
    dedupeId: id,
    topic: bucket,
    data: Buffer.from(JSON.stringify(object)),
    attributes: { type, bucket, subject: `objects/${String(object.name)}` },
    orderingKey: '',
  };
}

/** CloudEvents binary mode, headers as docs.cloud.google.com/eventarc/docs/cloudevents and Google's recorded examples have them. */
export function encodeCloudEvent(url: string, { message }: Delivery): PushRequest {
  const { type = '', bucket = '', subject = '' } = message.attributes;
  return {
    url,
    headers: {
      accept: 'application/json',
      from: 'noreply@google.com',
      'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': headerValue(message.id),
      'ce-source': headerValue(`//storage.googleapis.com/projects/_/buckets/${bucket}`),
      'ce-type': headerValue(type),
      'ce-time': new Date(message.publishMs).toISOString(),
      'ce-subject': headerValue(subject),
      'ce-bucket': headerValue(bucket),
    },
    body: message.data,
  };
}

/**
 * Percent-encodes what a header cannot carry: all but printable ASCII, and of that space, `"` and `%` (CloudEvents HTTP
 * protocol binding 1.0.2, 3.1.3.2). functions-framework does not decode it again.
 */
function headerValue(text: string): string {
  return text.toWellFormed().replace(/[^\u0021\u0023\u0024\u0026-\u007e]/gu, encodeURIComponent);
}
