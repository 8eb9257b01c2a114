import { type Subscription, toDuration } from './resources.ts';

/** A push subscription as the host declares it; names are full (`projects/P/...`). */
export interface PushSubscription {
  name: string;
  topic: string;
  pushEndpoint: string;
  /** Replaces the path of the endpoint, such as `/projects/P/topics/T`, from which functions-framework reads the topic. */
  pushPath?: string;
  ackDeadlineSeconds: number;
  /** Before `backoffScale`. */
  minimumBackoffMs: number;
  maximumBackoffMs: number;
  deadLetterTopic?: string;
  /** 5 to 100; 5 if absent. Without a dead-letter topic it has no meaning. */
  maxDeliveryAttempts?: number;
}

export function toSubscription(asked: PushSubscription): Subscription {
  const { name, topic, pushEndpoint, pushPath, deadLetterTopic, maxDeliveryAttempts = 5 } = asked;
  const endpoint = pushPath === undefined ? pushEndpoint : new URL(pushPath, pushEndpoint).href;
  return {
    name,
    topic,
    declared: true,
    pushConfig: { pushEndpoint: endpoint },
    ackDeadlineSeconds: asked.ackDeadlineSeconds,
    retryPolicy: {
      minimumBackoff: toDuration(asked.minimumBackoffMs),
      maximumBackoff: toDuration(asked.maximumBackoffMs),
    },
    deadLetterPolicy: deadLetterTopic === undefined ? undefined : { deadLetterTopic, maxDeliveryAttempts },
  };
}
