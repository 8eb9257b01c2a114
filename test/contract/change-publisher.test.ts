import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChangePublisher, createPubSub } from '../../shared/adapters/pubsub.ts';
import { type RunChange, unpublishedChanges } from '../../shared/core/run/changes.ts';
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
