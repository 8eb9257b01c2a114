import type { DatabaseSync } from 'node:sqlite';
import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';
import { inTransaction } from '../sqlite.ts';
import { createDurableMap, type DurableMap } from './durable-map.ts';
import { DELETED_TOPIC, type Subscription, type Topic } from './resources.ts';
import { checkName, checkTopic, completeSubscription } from './validation.ts';

/** The topics and subscriptions that exist, kept in the database. Everything throws gRPC errors, worded as Google's emulator does. */
export interface Topology {
  createTopic(topic: Topic): Topic;
  getTopic(name: string): Topic;
  findTopic(name: string): Topic | undefined;
  listTopics(project: string): Topic[];
  /** Replaces one that exists. */
  putTopic(topic: Topic): Topic;
  deleteTopic(name: string): void;
  createSubscription(subscription: Subscription): Subscription;
  /** Creates it or replaces its settings; pending deliveries stay. */
  putSubscription(subscription: Subscription): Subscription;
  getSubscription(name: string): Subscription;
  /** For those who want its messages: throws FAILED_PRECONDITION if it gets none any more. */
  getAttachedSubscription(name: string): Subscription;
  findSubscription(name: string): Subscription | undefined;
  listSubscriptions(project: string): Subscription[];
  allSubscriptions(): Subscription[];
  /** Those that get what is published to the topic. */
  subscriptionsOf(topic: string): Subscription[];
  deleteSubscription(name: string): void;
}

export function createTopology(database: DatabaseSync): Topology {
  const topics = createDurableMap<Topic>(database, 'topics');
  const subscriptions = createDurableMap<Subscription>(database, 'subscriptions');
  const subscriptionsOf = (topic: string) =>
    [...subscriptions.values()].filter((one) => one.topic === topic && !one.detached);

  return {
    ...topicMethods(topics),
    ...subscriptionMethods(subscriptions, topics),
    deleteTopic(name) {
      find(topics, name, 'Topic not found');
      inTransaction(database, () => {
        for (const one of subscriptionsOf(name)) subscriptions.set({ ...one, topic: DELETED_TOPIC });
        topics.delete(name);
      });
    },
    subscriptionsOf(topic) {
      find(topics, topic, 'Topic not found');
      return subscriptionsOf(topic);
    },
  };
}

type TopicMethods = 'createTopic' | 'getTopic' | 'findTopic' | 'listTopics' | 'putTopic';

function topicMethods(topics: DurableMap<Topic>): Pick<Topology, TopicMethods> {
  const put = (topic: Topic) => {
    checkTopic(topic);
    return topics.set(topic);
  };
  return {
    createTopic(topic) {
      checkName(topic.name, 'topics');
      if (topics.get(topic.name)) throw grpcError(status.ALREADY_EXISTS, 'Topic already exists');
      return put(topic);
    },
    getTopic: (name) => find(topics, name, 'Topic not found'),
    findTopic: topics.get,
    listTopics: (project) => ofProject(topics, project),
    putTopic: put,
  };
}

type SubscriptionMethods = Exclude<keyof Topology, TopicMethods | 'deleteTopic' | 'subscriptionsOf'>;

function subscriptionMethods(
  subscriptions: DurableMap<Subscription>,
  topics: DurableMap<Topic>,
): Pick<Topology, SubscriptionMethods> {
  const put = (asked: Subscription) => {
    const complete = completeSubscription(asked);
    const { topic, deadLetterPolicy } = complete;
    if (topic !== DELETED_TOPIC) find(topics, topic, 'Subscription topic does not exist');
    if (deadLetterPolicy) find(topics, deadLetterPolicy.deadLetterTopic, 'Dead letter topic not found');
    return subscriptions.set(complete);
  };
  const get = (name: string) => find(subscriptions, name, 'Subscription does not exist');
  return {
    createSubscription(asked) {
      if (subscriptions.get(asked.name)) {
        throw grpcError(status.ALREADY_EXISTS, 'Subscription already exists');
      }
      return put({ ...asked, detached: false });
    },
    putSubscription: put,
    getSubscription: get,
    getAttachedSubscription(name) {
      const subscription = get(name);
      if (!subscription.detached) return subscription;
      throw grpcError(status.FAILED_PRECONDITION, `The subscription ${name} is detached from its topic.`);
    },
    findSubscription: subscriptions.get,
    listSubscriptions: (project) => ofProject(subscriptions, project),
    allSubscriptions: () => [...subscriptions.values()],
    deleteSubscription: subscriptions.delete,
  };
}

/** Throws NOT_FOUND. */
function find<T extends { name: string }>(all: DurableMap<T>, name: string, missing: string): T {
  const found = all.get(name);
  if (!found) throw grpcError(status.NOT_FOUND, missing);
  return found;
}

function ofProject<T extends { name: string }>(all: DurableMap<T>, project: string): T[] {
  return [...all.values()].filter(({ name }) => name.startsWith(`${project}/`));
}
