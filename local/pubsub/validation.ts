import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';
import { filterOf } from './filter.ts';
import { durationMs, type Subscription } from './resources.ts';

/** 3 to 255 characters: a letter first, then letters, digits and `-_.~+%`; not starting with "goog" (pubsub.proto). */
const RESOURCE_NAME = /^projects\/[^/]+\/(topics|subscriptions)\/(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;

/** What Google has and this service has not: better refused than silently ignored. */
const NOT_SERVED = [
  'enableExactlyOnceDelivery',
  'retainAckedMessages',
  'bigqueryConfig',
  'cloudStorageConfig',
  'bigtableConfig',
];

interface Range {
  what: string;
  value: number | undefined;
  low: number;
  high: number;
}

export function checkName(name: string, collection: 'topics' | 'subscriptions'): void {
  if (RESOURCE_NAME.exec(name)?.[1] === collection) return;
  throw grpcError(status.INVALID_ARGUMENT, `Invalid [${collection}] name: (name=${name})`);
}

/** Answers the request with the defaults of pubsub.proto filled in; throws INVALID_ARGUMENT and the like. */
export function completeSubscription(asked: Subscription): Subscription {
  checkName(asked.name, 'subscriptions');
  const notServed = NOT_SERVED.find((field) => Boolean(asked[field as keyof Subscription]));
  if (notServed) throw grpcError(status.UNIMPLEMENTED, `${notServed} is not served by the local Pub/Sub`);
  filterOf(asked.filter);
  const complete: Subscription = {
    ...asked,
    pushConfig: asked.pushConfig ?? {},
    ackDeadlineSeconds: asked.ackDeadlineSeconds || 10,
    messageRetentionDuration: asked.messageRetentionDuration ?? { seconds: '604800', nanos: 0 },
  };
  if (asked.deadLetterPolicy) {
    const maxDeliveryAttempts = asked.deadLetterPolicy.maxDeliveryAttempts || 5;
    complete.deadLetterPolicy = { ...asked.deadLetterPolicy, maxDeliveryAttempts };
  }
  if (asked.retryPolicy) {
    const { minimumBackoff = { seconds: '10' }, maximumBackoff = { seconds: '600' } } = asked.retryPolicy;
    complete.retryPolicy = { minimumBackoff, maximumBackoff };
  }
  for (const range of rangesOf(complete)) checkRange(range);
  return complete;
}

function rangesOf({
  ackDeadlineSeconds,
  messageRetentionDuration,
  retryPolicy,
  ...others
}: Subscription): Range[] {
  const seconds = (duration: Parameters<typeof durationMs>[0] | undefined) =>
    duration && durationMs(duration) / 1000;
  const attempts = others.deadLetterPolicy?.maxDeliveryAttempts;
  return [
    { what: 'ack_deadline_seconds', value: ackDeadlineSeconds, low: 10, high: 600 },
    { what: 'max_delivery_attempts', value: attempts, low: 5, high: 100 },
    { what: 'minimum_backoff', value: seconds(retryPolicy?.minimumBackoff), low: 0, high: 600 },
    { what: 'maximum_backoff', value: seconds(retryPolicy?.maximumBackoff), low: 0, high: 600 },
    {
      what: 'message_retention_duration',
      value: seconds(messageRetentionDuration),
      low: 600,
      high: 31 * 86_400,
    },
  ];
}

function checkRange({ what, value, low, high }: Range): void {
  if (value === undefined || (value >= low && value <= high)) return;
  throw grpcError(
    status.OUT_OF_RANGE,
    `The value for ${what} is out of range. You passed ${value} in the request, but it must be from ${low} to ${high}.`,
  );
}
