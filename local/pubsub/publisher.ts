import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { FaultScript } from '../faults.ts';
import { grpcError } from '../grpc.ts';
import type { Broker } from './broker.ts';
import type { Topic } from './resources.ts';
import { page, unaryMethods } from './rpc.ts';
import { type UpdateMask, updated } from './updates.ts';

interface PubsubMessage {
  data?: Uint8Array;
  attributes?: Record<string, string>;
  orderingKey?: string;
}

interface Paged {
  pageSize?: number;
  pageToken?: string;
}

/** Limits of one publish request, and of a message in it (docs.cloud.google.com/pubsub/quotas). */
const MAX_REQUEST_BYTES = 10_000_000;
const MAX_MESSAGES = 1000;
const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_BYTES = { key: 256, value: 1024 };
const MAX_ORDERING_KEY_BYTES = 1024;

/** google.pubsub.v1.Publisher */
export function publisherMethods(broker: Broker, faults: FaultScript) {
  return unaryMethods(faults, {
    ...topicMethods(broker),
    Publish: ({ topic, messages = [] }: { topic: string; messages?: PubsubMessage[] }) => {
      broker.topology.getTopic(topic);
      checkMessages(messages);
      return { messageIds: broker.publish(topic, messages.map(toMessage)) };
    },
    DetachSubscription: ({ subscription: name }: { subscription: string }) => {
      const { topology, engine } = broker;
      const subscription = topology.putSubscription({ ...topology.getSubscription(name), detached: true });
      broker.applyPush(subscription);
      engine.queue.removeAll(name);
      engine.history.forget(name);
      return {};
    },
  }) satisfies UntypedServiceImplementation;
}

function topicMethods({ topology, snapshots, engine }: Broker) {
  return {
    CreateTopic: (topic: Topic) => topology.createTopic(topic),
    GetTopic: ({ topic }: { topic: string }) => topology.getTopic(topic),
    UpdateTopic: ({ topic: asked, updateMask: mask }: { topic: Topic; updateMask?: UpdateMask }) =>
      topology.putTopic(updated('Topic', { current: topology.getTopic(asked.name), asked, mask })),
    ListTopics: ({ project, ...paging }: { project: string } & Paged) => {
      const { items, nextPageToken } = page(topology.listTopics(project), paging);
      return { topics: items, nextPageToken };
    },
    ListTopicSubscriptions: ({ topic, ...paging }: { topic: string } & Paged) => {
      const names = topology.subscriptionsOf(topic).map(({ name }) => name);
      const { items, nextPageToken } = page(names, paging);
      return { subscriptions: items, nextPageToken };
    },
    ListTopicSnapshots: ({ topic, ...paging }: { topic: string } & Paged) => {
      const names = snapshots.ofTopic(topic).map(({ name }) => name);
      const { items, nextPageToken } = page(names, paging);
      return { snapshots: items, nextPageToken };
    },
    DeleteTopic: ({ topic }: { topic: string }) => {
      topology.deleteTopic(topic);
      engine.history.forget(topic);
      return {};
    },
  };
}

function checkMessages(messages: PubsubMessage[]): void {
  const refuse = (reason: string) => grpcError(status.INVALID_ARGUMENT, reason);
  if (messages.length === 0) throw refuse('No messages to publish');
  if (messages.length > MAX_MESSAGES) throw refuse(`More than ${MAX_MESSAGES} messages in one request`);
  if (messages.some(isEmpty)) throw refuse('Some messages are empty');
  const bytes = messages.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  if (bytes > MAX_REQUEST_BYTES) throw refuse(`Request is over ${MAX_REQUEST_BYTES} bytes`);
  for (const message of messages) {
    const problem = problemOf(message);
    if (problem) throw refuse(problem);
  }
}

function problemOf({ attributes = {}, orderingKey = '' }: PubsubMessage): string | undefined {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_ATTRIBUTES) return `A message has more than ${MAX_ATTRIBUTES} attributes`;
  for (const [key, value] of entries) {
    if (key === '' || /^goog/.test(key)) return `The attribute key "${key}" is empty or begins with goog`;
    const { key: keyBytes, value: valueBytes } = MAX_ATTRIBUTE_BYTES;
    if (Buffer.byteLength(key) > keyBytes) return `An attribute key has more than ${keyBytes} bytes`;
    if (Buffer.byteLength(value) > valueBytes) return `An attribute has more than ${valueBytes} bytes`;
  }
  if (Buffer.byteLength(orderingKey) <= MAX_ORDERING_KEY_BYTES) return undefined;
  return `An ordering key has more than ${MAX_ORDERING_KEY_BYTES} bytes`;
}

/** A message needs data or at least one attribute (pubsub.proto, PubsubMessage). */
function isEmpty({ data, attributes }: PubsubMessage): boolean {
  return !data?.length && Object.keys(attributes ?? {}).length === 0;
}

function toMessage({ data, attributes, orderingKey }: PubsubMessage) {
  return { data: data ?? new Uint8Array(), attributes: attributes ?? {}, orderingKey: orderingKey ?? '' };
}
