import { describe, expect, test } from 'vitest';
import { TOPIC_OF_ACTION } from '../../shared/core/run/messages.ts';
import { readRepoFile } from '../support/repo-files.ts';

interface Trigger {
  kind: string;
  [setting: string]: unknown;
}

interface Topology {
  buckets: Record<string, { purpose: string }>;
  topics: Record<string, { purpose: string }>;
  functions: Record<string, { triggers: Trigger[] } & Record<string, unknown>>;
}

const topology = JSON.parse(readRepoFile('functions/functions.json')) as Topology;
const { buckets, topics, functions } = topology;

const triggers = Object.entries(functions).flatMap(([name, { triggers: own, timeoutSeconds }]) =>
  own.map((trigger) => ({ name, trigger, timeoutSeconds: Number(timeoutSeconds) })),
);
const ofKind = (kind: string) => triggers.filter(({ trigger }) => trigger.kind === kind);

const between = (min: number, max: number) => ({
  asymmetricMatch: (value: unknown) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  toString: () => `a whole number from ${min} to ${max}`,
});

/** What a trigger of each kind has to say. Ranges: google/pubsub/v1/pubsub.proto, google/cloud/scheduler/v1/job.proto. */
const TRIGGER_SHAPES: Record<string, object> = {
  storage: {
    bucket: expect.any(String),
    eventType: 'google.cloud.storage.object.v1.finalized',
    maxDeliveryAttempts: between(5, 100),
  },
  pubsub: {
    topic: expect.any(String),
    subscription: expect.any(String),
    ackDeadlineSeconds: between(10, 600),
    minimumBackoffSeconds: between(0, 600),
    maximumBackoffSeconds: between(0, 600),
    deadLetterTopic: expect.any(String),
    maxDeliveryAttempts: between(5, 100),
  },
  schedule: {
    schedule: expect.stringMatching(/^\S+(?: \S+){4}$/),
    attemptDeadlineSeconds: between(15, 1800),
  },
};

/** Google's back-off between deliveries: ten seconds, doubling to ten minutes. */
function hoursOf(attempts: number): number {
  const pauses = Array.from({ length: attempts - 1 }, (_, index) => Math.min(600, 10 * 2 ** index));
  return pauses.reduce((sum, pause) => sum + pause, 0) / 3600;
}

describe('functions.json', () => {
  test('an upload that no document names yet outlasts hours of a bad deployment', () => {
    for (const { trigger } of ofKind('storage')) {
      expect(hoursOf(Number(trigger.maxDeliveryAttempts))).toBeGreaterThan(12);
    }
  });

  test('describes validate, submit, poll and evaluate', () => {
    expect(Object.keys(functions).sort()).toEqual(['evaluate', 'poll', 'submit', 'validate']);
  });

  test.each(Object.entries(functions))('%s has its size, its time and its triggers', (_name, unit) => {
    expect(unit).toMatchObject({
      triggers: expect.any(Array),
      memory: expect.stringMatching(/^\d+(?:Mi|Gi)$/),
      // 540 seconds is the most that a function with an event trigger gets.
      timeoutSeconds: between(1, 540),
      concurrency: between(1, 1000),
      maxInstances: between(1, 1000),
    });
    expect(unit.triggers.length).toBeGreaterThan(0);
  });

  test.each(triggers)('a $trigger.kind trigger of $name is complete', ({ trigger }) => {
    const { kind, ...settings } = trigger;
    expect(Object.keys(TRIGGER_SHAPES)).toContain(kind);
    expect(settings).toEqual(TRIGGER_SHAPES[kind]);
  });

  test('buckets and topics that triggers name are declared', () => {
    for (const { trigger } of ofKind('storage')) expect(buckets).toHaveProperty([String(trigger.bucket)]);
    for (const { trigger } of ofKind('pubsub')) {
      expect(topics).toHaveProperty([String(trigger.topic)]);
      expect(topics).toHaveProperty([String(trigger.deadLetterTopic)]);
    }
  });

  test('a push is not repeated while the function still works on it', () => {
    for (const { trigger, timeoutSeconds } of ofKind('pubsub')) {
      expect(Number(trigger.ackDeadlineSeconds)).toBeGreaterThanOrEqual(timeoutSeconds);
    }
  });

  test('every topic that messages.ts publishes to wakes the function of that action, and no other', () => {
    const woken = ofKind('pubsub').map(({ name, trigger }) => [name, trigger.topic]);
    expect(Object.fromEntries(woken)).toEqual(TOPIC_OF_ACTION);
    expect(woken).toHaveLength(Object.keys(TOPIC_OF_ACTION).length);
  });

  test('buckets and topics say what they are for', () => {
    for (const { purpose } of [...Object.values(buckets), ...Object.values(topics)]) {
      expect(purpose).toMatch(/\w{3,}/);
    }
  });
});
