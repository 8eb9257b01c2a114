import { type AuthClient, GoogleAuth, PassThroughClient } from 'google-auth-library';
import type { ServiceTarget } from '../core/errors/service-error.ts';
import { messageOf, RUN_CHANGES_TOPIC } from '../core/run/changes.ts';
import { noticeMessageOf } from '../core/run/model-notices.ts';
import type { ChangePublisher, NoticePublisher, Publisher } from '../ports.ts';
import { callService } from './service-errors.ts';

/** Who publishes, and into which project. */
type Asking = Pick<ServiceTarget, 'project' | 'account'>;

/** A message as Pub/Sub takes it; `data` is text. */
interface PubSubMessage {
  data: string;
  attributes?: Record<string, string>;
  /** Messages of one key stay in order where the subscription asks for it, if each is sent when the one before was accepted. */
  orderingKey?: string;
}

/** Publishes one message to a topic; resolves when it is accepted. */
export type PublishMessage = (topic: string, message: PubSubMessage) => Promise<void>;

/** How long one try may take. */
const TRY_MS = 5_000;

/**
 * Tries again what Google's own client for Pub/Sub does (its `publisher_client_config.json`: ABORTED, CANCELLED, DEADLINE_EXCEEDED,
 * INTERNAL, RESOURCE_EXHAUSTED, UNAVAILABLE, UNKNOWN), and what lost its connection: a message that arrives twice does no harm.
 */
const RETRIES = {
  retry: 3,
  noResponseRetries: 3,
  httpMethodsToRetry: ['POST'],
  statusCodesToRetry: [
    [409, 409],
    [429, 429],
    [499, 599],
  ],
};

/**
 * Pub/Sub over HTTP, with the client that Vertex AI is asked with. Google's client for Pub/Sub brings a second gRPC stack, with
 * which a function is 40 % larger and takes a fifth more to load, for one call. `emulator` is an address in place of Google's.
 */
export function createPubSub(project: string, emulator?: string): PublishMessage {
  const { origin, client } = pubSubAt(emulator);
  return async (topic, { data, ...others }) => {
    await client.request({
      url: `${origin}/v1/projects/${project}/topics/${topic}:publish`,
      method: 'POST',
      data: { messages: [{ data: Buffer.from(data).toString('base64'), ...others }] },
      timeout: TRY_MS,
      retry: true,
      retryConfig: RETRIES,
      responseType: 'json',
    });
  };
}

/** Where Pub/Sub is asked, and with whose client: a token goes to Google alone. */
export function pubSubAt(emulator: string | undefined): {
  origin: string;
  client: Pick<AuthClient, 'request'>;
} {
  if (!emulator) {
    const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/pubsub' });
    return { origin: 'https://pubsub.googleapis.com', client: auth };
  }
  const host = emulator.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  return { origin: `http://${host}`, client: new PassThroughClient() };
}

/** Publishes as who asks; a refusal says what they lack. */
function sendAs(publish: PublishMessage, asking: Asking): PublishMessage {
  return (topic, message) =>
    callService({ ...asking, service: 'pubsub', resource: topic }, 'publishing', () =>
      publish(topic, message),
    );
}

/** One message, one run id, sent at once. */
export function createPubSubPublisher(publish: PublishMessage, asking: Asking): Publisher {
  const send = sendAs(publish, asking);
  return { publish: (topic, message) => send(topic, { data: JSON.stringify(message) }) };
}

/** The topic of changes. */
export function createChangePublisher(publish: PublishMessage, asking: Asking): ChangePublisher {
  const send = sendAs(publish, asking);
  return { publish: (change) => send(RUN_CHANGES_TOPIC, messageOf(change)) };
}

/** The same topic, for notices of tuned models that end. */
export function createNoticePublisher(publish: PublishMessage, asking: Asking): NoticePublisher {
  const send = sendAs(publish, asking);
  return { publish: (notice) => send(RUN_CHANGES_TOPIC, noticeMessageOf(notice)) };
}
