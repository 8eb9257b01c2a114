import { status } from '@grpc/grpc-js';
import { grpcError } from '../grpc.ts';
import { filterOf } from './filter.ts';
import {
  DEFAULT_RETENTION,
  type Duration,
  durationMs,
  type PushConfig,
  type Subscription,
  type Topic,
} from './resources.ts';
import { notServedHere, refuseNotServed } from './updates.ts';

/** 3 to 255 characters: a letter first, then letters, digits and `-_.~+%`; not starting with "goog" (pubsub.proto). */
const RESOURCE_NAME =
  /^projects\/[^/]+\/(topics|subscriptions|snapshots)\/(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;

/** 10 minutes to 31 days (pubsub.proto, message_retention_duration). */
const RETENTION_SECONDS = { low: 600, high: 31 * 86_400 };

/** Of a push subscription's settings; what is pushed has no identity here. */
const PUSH_NOT_SERVED = ['oidcToken', 'noWrapper'];

interface Range {
  what: string;
  value: number | undefined;
  low: number;
  high: number;
}

export function checkName(name: string, collection: 'topics' | 'subscriptions' | 'snapshots'): void {
  if (RESOURCE_NAME.exec(name)?.[1] === collection) return;
  throw grpcError(status.INVALID_ARGUMENT, `Invalid [${collection}] name: (name=${name})`);
}

/** Throws INVALID_ARGUMENT and the like. */
export function checkTopic(topic: Topic): void {
  checkName(topic.name, 'topics');
  refuseNotServed('Topic', topic);
  checkRange({
    what: 'message_retention_duration',
    value: secondsOf(topic.messageRetentionDuration),
    ...RETENTION_SECONDS,
  });
}

/** Answers the request with the defaults of pubsub.proto filled in; throws INVALID_ARGUMENT and the like. */
export function completeSubscription(asked: Subscription): Subscription {
  checkName(asked.name, 'subscriptions');
  refuseNotServed('Subscription', asked);
  checkPushConfig(asked.pushConfig);
  filterOf(asked.filter);
  const complete: Subscription = {
    ...asked,
    pushConfig: asked.pushConfig ?? {},
    ackDeadlineSeconds: asked.ackDeadlineSeconds || 10,
    messageRetentionDuration: asked.messageRetentionDuration ?? DEFAULT_RETENTION,
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

export function checkPushConfig(pushConfig: PushConfig = {}): void {
  const found = PUSH_NOT_SERVED.find((field) => field in pushConfig && pushConfig[field as keyof PushConfig]);
  if (found) throw notServedHere(`pushConfig.${found}`);
}

function rangesOf({
  ackDeadlineSeconds,
  messageRetentionDuration,
  retryPolicy,
  ...others
}: Subscription): Range[] {
  return [
    { what: 'ack_deadline_seconds', value: ackDeadlineSeconds, low: 10, high: 600 },
    { what: 'max_delivery_attempts', value: others.deadLetterPolicy?.maxDeliveryAttempts, low: 5, high: 100 },
    { what: 'minimum_backoff', value: secondsOf(retryPolicy?.minimumBackoff), low: 0, high: 600 },
    { what: 'maximum_backoff', value: secondsOf(retryPolicy?.maximumBackoff), low: 0, high: 600 },
    {
      what: 'message_retention_duration',
      value: secondsOf(messageRetentionDuration),
      ...RETENTION_SECONDS,
    },
  ];
}

function secondsOf(duration: Duration | undefined): number | undefined {
  return duration && durationMs(duration) / 1000;
}

function checkRange({ what, value, low, high }: Range): void {
  if (value === undefined || (value >= low && value <= high)) return;
  throw grpcError(
    status.OUT_OF_RANGE,
    `The value for ${what} is out of range. You passed ${value} in the request, but it must be from ${low} to ${high}.`,
  );
}
