import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { FaultScript } from '../faults.ts';
import { grpcError } from '../grpc.ts';
import type { Broker } from './broker.ts';
import type { Topic } from './resources.ts';
import { page, unaryMethods } from './rpc.ts';

interface PubsubMessage {
  data?: Uint8Array;
  attributes?: Record<string, string>;
  orderingKey?: string;
}

interface Paged {
  pageSize?: number;
  pageToken?: string;
}

/** Limits of one publish request (docs.cloud.google.com/pubsub/quotas). */
const MAX_REQUEST_BYTES = 10_000_000;
const MAX_MESSAGES = 1000;

/** google.pubsub.v1.Publisher, as far as the Node client uses it. */
export function publisherMethods({ topology, publish }: Broker, faults: FaultScript) {
  const methods = {
    CreateTopic: (topic: Topic) => topology.createTopic(topic),
    GetTopic: ({ topic }: { topic: string }) => topology.getTopic(topic),
    ListTopics: ({ project, ...paging }: { project: string } & Paged) => {
      const { items, nextPageToken } = page(topology.listTopics(project), paging);
      return { topics: items, nextPageToken };
    },
    ListTopicSubscriptions: ({ topic, ...paging }: { topic: string } & Paged) => {
      const names = topology.subscriptionsOf(topic).map(({ name }) => name);
      const { items, nextPageToken } = page(names, paging);
      return { subscriptions: items, nextPageToken };
    },
    DeleteTopic: ({ topic }: { topic: string }) => {
      topology.deleteTopic(topic);
      return {};
    },
    Publish: ({ topic, messages = [] }: { topic: string; messages?: PubsubMessage[] }) => {
      topology.getTopic(topic);
      checkMessages(messages);
      return { messageIds: publish(topic, messages.map(toMessage)) };
    },
  };
  return unaryMethods(faults, methods) satisfies UntypedServiceImplementation;
}

function checkMessages(messages: PubsubMessage[]): void {
  const refuse = (reason: string) => grpcError(status.INVALID_ARGUMENT, reason);
  if (messages.length === 0) throw refuse('No messages to publish');
  if (messages.length > MAX_MESSAGES) throw refuse(`More than ${MAX_MESSAGES} messages in one request`);
  if (messages.some(isEmpty)) throw refuse('Some messages are empty');
  const bytes = messages.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  if (bytes > MAX_REQUEST_BYTES) throw refuse(`Request is over ${MAX_REQUEST_BYTES} bytes`);
}

/** A message needs data or at least one attribute (pubsub.proto, PubsubMessage). */
function isEmpty({ data, attributes }: PubsubMessage): boolean {
  return !data?.length && Object.keys(attributes ?? {}).length === 0;
}

function toMessage({ data, attributes, orderingKey }: PubsubMessage) {
  return { data: data ?? new Uint8Array(), attributes: attributes ?? {}, orderingKey: orderingKey ?? '' };
}
