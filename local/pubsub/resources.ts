/** Topics, subscriptions and snapshots as they travel over gRPC: the fields of google/pubsub/v1/pubsub.proto that are served here. */

export interface Duration {
  seconds?: string | number;
  nanos?: number;
}

export interface Topic {
  name: string;
  labels?: Record<string, string>;
  /** Every subscription of the topic can seek back so far. */
  messageRetentionDuration?: Duration | undefined;
  /** Kept as it was given: all of it is on this machine. */
  messageStoragePolicy?: object;
}

export interface PushConfig {
  /** Empty for a pull subscription. */
  pushEndpoint?: string;
  attributes?: Record<string, string>;
}

export interface Subscription {
  name: string;
  topic: string;
  pushConfig?: PushConfig;
  ackDeadlineSeconds?: number;
  retainAckedMessages?: boolean;
  messageRetentionDuration?: Duration;
  labels?: Record<string, string>;
  enableMessageOrdering?: boolean;
  /** Kept as it was given: no subscription expires here. */
  expirationPolicy?: { ttl?: Duration };
  /** What is delivered; the rest counts as acknowledged. */
  filter?: string;
  deadLetterPolicy?: { deadLetterTopic: string; maxDeliveryAttempts?: number } | undefined;
  retryPolicy?: { minimumBackoff?: Duration; maximumBackoff?: Duration } | undefined;
  /** True once nothing is delivered to it any more, for good. */
  detached?: boolean;
  /** Not part of Google's resource: declared by the host, which says again at every start where it is pushed to. */
  declared?: boolean;
}

/** What a subscription had not acknowledged at a moment, and all that was published since. */
export interface Snapshot {
  name: string;
  topic: string;
  expireTime: Duration;
  labels?: Record<string, string>;
}

/** What a subscription shows once its topic is deleted (pubsub.proto, Subscription.topic). */
export const DELETED_TOPIC = '_deleted-topic_';

/** What a subscription keeps unacknowledged messages for, unless it says otherwise (pubsub.proto). */
export const DEFAULT_RETENTION: Duration = { seconds: '604800', nanos: 0 };

export function durationMs({ seconds = 0, nanos = 0 }: Duration): number {
  return Number(seconds) * 1000 + nanos / 1e6;
}

export function toDuration(ms: number): Duration {
  return { seconds: String(Math.floor(ms / 1000)), nanos: Math.round((ms % 1000) * 1e6) };
}

/** How long messages stay with the subscription, and with it those that it acknowledged, where it keeps them; milliseconds. */
export function retentionMs({ messageRetentionDuration }: Subscription): number {
  return durationMs(messageRetentionDuration ?? DEFAULT_RETENTION);
}

/** The last part of a resource name: `projects/p/subscriptions/s` gives `s`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

export function projectOf(name: string): string {
  return name.split('/')[1] ?? '';
}
