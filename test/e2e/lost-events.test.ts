import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    ...{ trainer: 'stand-in', dataDir: temporaryFolder(), scheduleMs: 200, taskMs: 20 },
    // An hour is a second and a half.
    environment: { RETRY_SCALE: '0.0004' },
  });
});
afterAll(() => stack.close());

const lists = () => stack.cloud.faults.storage.calls()['storage.objects.list'] ?? 0;
const runs = async () => (await stack.firestore.collection('runs').get()).docs;

test('an upload all of whose events were lost is found and becomes one job', async () => {
  const { faults, vertex } = stack.cloud;
  await until('the deployment has noted since when it is there', async () => {
    return (await stack.firestore.doc('deployment/inbox').get()).exists;
  });
  faults.eventarc.script('Message', [{ kind: 'drop' }, { kind: 'drop' }, { kind: 'drop' }]);
  const run = await stack.follow(await stack.drop('examples/text-bison', 'unheard'));
  expect(faults.eventarc.remaining()).toEqual({});
  expect(run.status.state).toBe('SUCCEEDED');
  expect(run.status.history[0]?.reason).toBe('ManifestFound');
  expect(vertex.jobs()).toHaveLength(1);
});

test('and stays done when its documents are deleted, however often the inbox is looked through', async () => {
  const { docs: pointers } = await stack.firestore.collection('manifests').get();
  for (const { ref } of [...(await runs()), ...pointers]) await ref.delete();
  const before = lists();
  await until('the inbox was looked through twice more', () => lists() >= before + 3);
  expect(await runs()).toEqual([]);
  expect(stack.cloud.vertex.jobs()).toHaveLength(1);
});
