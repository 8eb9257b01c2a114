import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { type Run, RunSchema } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ trainer: 'stand-in', dataDir: temporaryFolder(), taskMs: 20 });
});
afterAll(() => stack.close());

const EXAMPLE = 'examples/text-bison';
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const runs = async (): Promise<Run[]> => {
  const { docs } = await stack.firestore.collection('runs').get();
  return docs.map((one) => RunSchema.parse(one.data()));
};
const endedRuns = async () => (await runs()).filter(({ status }) => isTerminal(status.state));

/** Time goes by in the document: whoever claimed the run is over, and where there were `deaths` they took a day. */
async function pass({ runId, work }: Run, deaths?: number): Promise<void> {
  const day = deaths !== undefined && { 'work.claims.tries': deaths, 'work.claims.since': ago(86_400_000) };
  const lease = { 'work.leaseUntil': ago(1000), 'work.nextActionAt': ago(1000) };
  expect(work.claims).toBeDefined();
  await stack.firestore.doc(`runs/${runId}`).update({ ...lease, ...day });
}

async function died(times: number): Promise<Run> {
  let run: Run | undefined;
  await until(`validate has died ${times} times over the run`, async () => {
    [run] = await runs();
    return (run?.work.claims?.tries ?? 0) >= times && restarts() >= times;
  });
  if (!run) throw new Error('there is no run');
  return run;
}

const restarts = () => stack.functions.find(({ name }) => name === 'validate')?.restarts ?? 0;

test('an upload that kills the validate function every time ends after a day, and is checked when it is uploaded again', async () => {
  const { faults } = stack.cloud;
  const cure = faults.storage.whenever('storage.objects.rewrite', { kind: 'kill' }, { caller: 'validate' });
  await stack.drop(EXAMPLE, 'poison');
  await pass(await died(1));
  await pass(await died(2), 9);
  const before = restarts();
  await until('it has died once more', () => restarts() > before);
  await until('the run has ended', async () => {
    const [run] = await runs();
    if (run?.work.leaseUntil && (run.work.claims?.tries ?? 0) >= 10) await pass(run);
    return (await endedRuns()).length === 1;
  });
  expect((await runs())[0]?.status).toMatchObject({ state: 'DEAD_LETTERED', reason: 'FunctionDied' });
  cure();
  await stack.drop(EXAMPLE, 'poison');
  await until('the second run has ended', async () => (await endedRuns()).length === 2);
  const states = (await runs()).map(({ status }) => status.state);
  expect(states.toSorted()).toEqual(['DEAD_LETTERED', 'SUCCEEDED']);
  expect(stack.cloud.vertex.jobs()).toHaveLength(1);
});
