import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChangePublisher, createNoticePublisher, createPubSub } from '../../shared/adapters/pubsub.ts';
import { type RunChange, unpublishedChanges } from '../../shared/core/run/changes.ts';
import { modelNotice } from '../../shared/core/run/model-notices.ts';
import type { ModelDocument } from '../../shared/core/tuning/results.ts';
import type { ChangePublisher } from '../../shared/ports.ts';
import { until } from '../support/condition.ts';
import { aRun, NOW } from '../support/runs.ts';
import { createPubSubHarness, type PubSubHarness } from './pubsub-harness.ts';

let harness: PubSubHarness;
let publisher: ChangePublisher;
const heard: RunChange[] = [];

const states = ['RECEIVED', 'VALIDATED', 'SUBMITTED'] as const;
const history = states.map((to) => ({ time: NOW, to, reason: 'Reason', message: 'What happened.' }));
const changes = unpublishedChanges(aRun({ status: { history } }), { project: 'demo', database: '(default)' });

beforeAll(async () => {
  harness = await createPubSubHarness();
  const client = harness.client();
  await client.createTopic('run-events');
  const [subscription] = await client.topic('run-events').createSubscription('listener');
  subscription.on('message', (message) => {
    heard.push(JSON.parse(message.data.toString()) as RunChange);
    message.ack();
  });
  publisher = createChangePublisher(createPubSub('demo', harness.service().address), {
    project: 'demo',
    account: 'submit@demo',
  });
});
afterAll(() => harness.dispose());

test('a change that is refused is an error, and the changes after it are published all the same', async () => {
  const [first, second, third] = changes as [RunChange, RunChange, RunChange];
  await publisher.publish(first);
  harness.faults.script('Publish', [{ kind: 'error', status: 403 }]);
  await expect(publisher.publish(second)).rejects.toMatchObject({
    ...{ kind: 'misconfiguration', reason: 'PubSubDenied' },
    remedy: expect.stringContaining('gcloud pubsub topics add-iam-policy-binding run-events --project demo'),
  });
  await publisher.publish(second);
  await publisher.publish(third);
  await until('all are heard', () => heard.length === 3);
  expect(heard.map(({ id }) => id).sort()).toEqual(changes.map(({ id }) => id).sort());
  expect(harness.faults.remaining()).toEqual({});
});

test('a notice of a model that ends comes on the same topic, with attributes that no change of a run has', async () => {
  const [subscription] = await harness
    .client()
    .topic('run-events')
    .createSubscription('models', { filter: 'attributes:model' });
  const messages: { attributes: Record<string, string>; event: unknown }[] = [];
  subscription.on('message', (message) => {
    messages.push({ attributes: message.attributes, event: JSON.parse(message.data.toString()) });
    message.ack();
  });
  const model: ModelDocument = {
    ...{ model: 'projects/1/locations/us-central1/models/456', version: '1', displayName: 'reviews' },
    ...{
      baseModel: 'gemini-2.5-flash-lite',
      runId: 'r1',
      region: 'us-central1',
      createTime: NOW,
      labels: {},
    },
  };
  const ending = {
    day: '2027-01-28',
    source: 'Google',
    daysLeft: 30,
    asOf: '2026-12-29',
    message: 'It ends.',
  };
  const notice = modelNotice(
    model,
    { ending, notice: 30, time: NOW },
    { project: 'demo', database: '(default)' },
  );
  const publish = createPubSub('demo', harness.service().address);
  await createNoticePublisher(publish, { project: 'demo', account: 'poll@demo' }).publish(notice);
  await publisher.publish(changes[0] as RunChange);
  await until('the notice is heard', () => messages.length > 0);
  expect(messages).toEqual([
    {
      attributes: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        ...{ model: '456', notice: '30' },
      },
      event: JSON.parse(JSON.stringify(notice)),
    },
  ]);
});
