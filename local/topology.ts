import { readFileSync } from 'node:fs';
import type { IndexDefinition } from './firestore/queries/index-definition.ts';

/** What functions/functions.json says: the one list that the embedded cloud, the build and the deployment share. */

export interface StorageTrigger {
  kind: 'storage';
  bucket: string;
  eventType: string;
  /** Of the subscription behind the trigger, where a deployment gives it a dead-letter topic. */
  maxDeliveryAttempts: number;
}

export interface PubSubTrigger {
  kind: 'pubsub';
  topic: string;
  subscription: string;
  ackDeadlineSeconds: number;
  minimumBackoffSeconds: number;
  maximumBackoffSeconds: number;
  deadLetterTopic: string;
  maxDeliveryAttempts: number;
}

export interface ScheduleTrigger {
  kind: 'schedule';
  schedule: string;
  attemptDeadlineSeconds: number;
}

export type FunctionTrigger = StorageTrigger | PubSubTrigger | ScheduleTrigger;

/** What an instance may use, and how many there may be. */
export interface FunctionLimits {
  memory: string;
  /** Requests at a time of each instance. */
  concurrency: number;
  maxInstances: number;
}

export interface FunctionsTopology {
  buckets: Record<string, { purpose: string }>;
  topics: Record<string, { purpose: string }>;
  /** Composite indexes of Firestore; a query that needs another is refused, here as there. */
  indexes: IndexDefinition[];
  functions: Record<string, FunctionLimits & { triggers: FunctionTrigger[] }>;
}

export function readTopology(): FunctionsTopology {
  return JSON.parse(readFileSync(new URL('../functions/functions.json', import.meta.url), 'utf8'));
}
