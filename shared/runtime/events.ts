import * as z from 'zod';
import { TuneError } from '../core/errors/errors.ts';
import { RunMessageSchema } from '../core/run/messages.ts';

/** The events that wake the functions, decoded. What cannot be decoded never will be: it is refused for good. */

export const STORAGE_FINALIZED = 'google.cloud.storage.object.v1.finalized';
export const MESSAGE_PUBLISHED = 'google.cloud.pubsub.topic.v1.messagePublished';

/** As functions-framework hands it over. */
export interface IncomingEvent {
  /** The same when the event is delivered again. */
  id: string;
  type: string;
  data?: unknown;
}

const count = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()]).transform(String);

const StorageObjectSchema = z.object({
  bucket: z.string().min(1),
  name: z.string().min(1).max(1024),
  generation: count,
});

/**
 * Where an event says that something was uploaded; everything else is looked up there. `name` comes from the body: the CloudEvent's
 * subject is percent-encoded.
 */
export type FinalizedObject = z.infer<typeof StorageObjectSchema>;

const PublishedSchema = z.object({ message: z.object({ data: z.string() }) });

/** The object of a `finalized` event. Throws `permanent`. */
export function decodeFinalized(event: IncomingEvent): FinalizedObject {
  return decode(StorageObjectSchema, event.data, event.type);
}

/** The run id of a Pub/Sub message. Throws `permanent`. */
export function decodeRunMessage(event: IncomingEvent): string {
  const { message } = decode(PublishedSchema, event.data, event.type);
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(message.data, 'base64').toString('utf8'));
  } catch (cause) {
    throw new TuneError('permanent', 'the message is not JSON', { reason: 'PoisonMessage', cause });
  }
  return decode(RunMessageSchema, content, event.type).runId;
}

function decode<Schema extends z.ZodType>(schema: Schema, data: unknown, type: string): z.infer<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new TuneError(
    'permanent',
    `an event of type ${type} has another shape than Google documents: ${where}`,
    {
      reason: 'PoisonEvent',
    },
  );
}
