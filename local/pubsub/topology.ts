import type { DatabaseSync } from 'node:sqlite';
import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';
import { inTransaction } from '../sqlite.ts';
import { DELETED_TOPIC, type PushConfig, type Subscription, type Topic } from './resources.ts';
import { checkName, completeSubscription } from './validation.ts';

/** The topics and subscriptions that exist, kept in the database. Everything throws gRPC errors, worded as Google's emulator does. */
export interface Topology {
  createTopic(topic: Topic): Topic;
  getTopic(name: string): Topic;
  findTopic(name: string): Topic | undefined;
  listTopics(project: string): Topic[];
  deleteTopic(name: string): void;
  createSubscription(subscription: Subscription): Subscription;
  /** Creates it or replaces its settings; pending deliveries stay. */
  putSubscription(subscription: Subscription): Subscription;
  getSubscription(name: string): Subscription;
  findSubscription(name: string): Subscription | undefined;
  listSubscriptions(project: string): Subscription[];
  allSubscriptions(): Subscription[];
  subscriptionsOf(topic: string): Subscription[];
  setPushConfig(name: string, pushConfig: PushConfig): Subscription;
  deleteSubscription(name: string): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS topics (name TEXT PRIMARY KEY, resource TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS subscriptions (name TEXT PRIMARY KEY, resource TEXT NOT NULL);
`;

/** Both tables are small: they live in memory and are written through. */
export function createTopology(database: DatabaseSync): Topology {
  database.exec(SCHEMA);
  const topics = durableMap<Topic>(database, 'topics');
  const subscriptions = durableMap<Subscription>(database, 'subscriptions');
  const ofProject = <T extends { name: string }>(all: Iterable<T>, project: string) =>
    [...all].filter(({ name }) => name.startsWith(`${project}/`));
  const subscriptionsOf = (topic: string) => [...subscriptions.values()].filter((one) => one.topic === topic);

  function getTopic(name: string): Topic {
    const topic = topics.get(name);
    if (!topic) throw grpcError(status.NOT_FOUND, 'Topic not found');
    return topic;
  }
  function getSubscription(name: string): Subscription {
    const subscription = subscriptions.get(name);
    if (!subscription) throw grpcError(status.NOT_FOUND, 'Subscription does not exist');
    return subscription;
  }
  function putSubscription(asked: Subscription): Subscription {
    const complete = completeSubscription(asked);
    if (!topics.get(complete.topic)) throw grpcError(status.NOT_FOUND, 'Subscription topic does not exist');
    const deadLetterTopic = complete.deadLetterPolicy?.deadLetterTopic;
    if (deadLetterTopic !== undefined && !topics.get(deadLetterTopic)) {
      throw grpcError(status.NOT_FOUND, 'Dead letter topic not found');
    }
    return subscriptions.set(complete);
  }

  return {
    createTopic(topic) {
      checkName(topic.name, 'topics');
      if (topics.get(topic.name)) throw grpcError(status.ALREADY_EXISTS, 'Topic already exists');
      return topics.set(topic);
    },
    getTopic,
    findTopic: (name) => topics.get(name),
    listTopics: (project) => ofProject(topics.values(), project),
    deleteTopic(name) {
      getTopic(name);
      inTransaction(database, () => {
        for (const one of subscriptionsOf(name)) subscriptions.set({ ...one, topic: DELETED_TOPIC });
        topics.delete(name);
      });
    },
    createSubscription(asked) {
      if (subscriptions.get(asked.name))
        throw grpcError(status.ALREADY_EXISTS, 'Subscription already exists');
      return putSubscription(asked);
    },
    putSubscription,
    getSubscription,
    findSubscription: (name) => subscriptions.get(name),
    listSubscriptions: (project) => ofProject(subscriptions.values(), project),
    allSubscriptions: () => [...subscriptions.values()],
    subscriptionsOf(topic) {
      getTopic(topic);
      return subscriptionsOf(topic);
    },
    setPushConfig: (name, pushConfig) => subscriptions.set({ ...getSubscription(name), pushConfig }),
    deleteSubscription(name) {
      getSubscription(name);
      subscriptions.delete(name);
    },
  };
}

function durableMap<T extends { name: string }>(database: DatabaseSync, table: string) {
  const rows = database.prepare(`SELECT resource FROM ${table} ORDER BY name`).all() as {
    resource: string;
  }[];
  const put = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?)`);
  const remove = database.prepare(`DELETE FROM ${table} WHERE name = ?`);
  const all = new Map<string, T>();
  for (const { resource } of rows) {
    const value = JSON.parse(resource) as T;
    all.set(value.name, value);
  }
  return {
    get: (name: string) => all.get(name),
    values: () => all.values(),
    set(value: T): T {
      put.run(value.name, JSON.stringify(value));
      all.set(value.name, value);
      return value;
    },
    delete(name: string) {
      remove.run(name);
      all.delete(name);
    },
  };
}
