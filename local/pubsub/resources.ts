/** Topics and subscriptions as they travel over gRPC: the fields of google/pubsub/v1/pubsub.proto that are served here. */

export interface Duration {
  seconds?: string | number;
  nanos?: number;
}

export interface Topic {
  name: string;
  labels?: Record<string, string>;
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
  messageRetentionDuration?: Duration;
  labels?: Record<string, string>;
  enableMessageOrdering?: boolean;
  /** What is delivered; the rest counts as acknowledged. */
  filter?: string;
  deadLetterPolicy?: { deadLetterTopic: string; maxDeliveryAttempts?: number };
  retryPolicy?: { minimumBackoff?: Duration; maximumBackoff?: Duration };
  /** Not part of Google's resource: declared by the host, which says again at every start where it is pushed to. */
  declared?: boolean;
}

/** What a subscription shows once its topic is deleted (pubsub.proto, Subscription.topic). */
export const DELETED_TOPIC = '_deleted-topic_';

export function durationMs({ seconds = 0, nanos = 0 }: Duration): number {
  return Number(seconds) * 1000 + nanos / 1e6;
}

export function toDuration(ms: number): Duration {
  return { seconds: String(Math.floor(ms / 1000)), nanos: Math.round((ms % 1000) * 1e6) };
}

/** The last part of a resource name: `projects/p/subscriptions/s` gives `s`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

export function projectOf(name: string): string {
  return name.split('/')[1] ?? '';
}
