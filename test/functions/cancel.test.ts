import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { deployBadly, unknownAnswer } from '../support/faults.ts';
import { aManifest, createWorld, examples } from '../support/world.ts';

describe('a manifest that says cancel', () => {
  const CANCEL = JSON.stringify({ cancel: true });

  test('ends a run that waits for its data at once', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const [waiting] = world.runs.documents.keys();
    await world.finalized(world.upload('reviews/tune.json', CANCEL));
    const [, cancel] = world.runs.documents.values();
    expect(world.runs.documents.get(waiting ?? '')?.status).toMatchObject({
      state: 'CANCELLED',
      cancelRequested: { by: cancel?.spec.source.generation, time: expect.any(String) },
    });
  });

  test('asks Vertex AI to stop a job that runs, and starts none', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    const [runId] = world.runs.documents.keys();
    await world.finalized(world.upload('reviews/tune.json', CANCEL));
    await world.poll();
    const run = world.runs.documents.get(runId ?? '');
    expect(run?.status).toMatchObject({ state: 'SUBMITTED', reason: 'CancelRequested' });
    expect(world.backend.cancelled).toEqual([run?.status.job?.name]);
    expect(world.backend.jobs.size).toBe(1);
  });

  /** A run whose job runs when it is asked to cancel. */
  async function asked() {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    const [runId = ''] = world.runs.documents.keys();
    const statusOf = () => world.runs.documents.get(runId)?.status;
    const job = statusOf()?.job?.name ?? '';
    const become = async (state: string) => {
      world.backend.set(job, { state: `PIPELINE_STATE_${state}` });
      await world.poll();
    };
    await become('RUNNING');
    await world.finalized(world.upload('reviews/tune.json', CANCEL));
    return { world, job, become, statusOf };
  }

  test.each([
    ['answers with 503', new TuneError('ambiguous', 'Vertex AI is away', { reason: 'VertexUnavailable' })],
    ['answers in a shape that nobody knows', unknownAnswer()],
  ])('reaches Vertex AI also while every look at the job %s', async (_name, error) => {
    const { world, job } = await asked();
    deployBadly(world.backend, {
      observe: async () => async () => {
        throw error;
      },
    });
    world.pass(60);
    await world.poll();
    expect(world.backend.cancelled).toEqual([job]);
  });

  test('is seen in the document from asked over cancelling to cancelled', async () => {
    const { become, statusOf } = await asked();
    expect(statusOf()).toMatchObject({ state: 'RUNNING', reason: 'CancelRequested' });
    await become('CANCELLING');
    expect(statusOf()).toMatchObject({ state: 'RUNNING', reason: 'JobCancelling' });
    await become('CANCELLED');
    expect(statusOf()).toMatchObject({ state: 'CANCELLED', reason: 'JobCancelled' });
    expect(statusOf()?.message).toBe('Vertex AI cancelled the job, as the manifest asked.');
    const last = statusOf()?.history.slice(-3) ?? [];
    expect(last.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ['SUBMITTED', 'RUNNING', 'JobRunning'],
      ['RUNNING', 'RUNNING', 'CancelRequested'],
      ['RUNNING', 'CANCELLED', 'JobCancelled'],
    ]);
  });

  test('comes too late for a job that succeeds first, and the document says so', async () => {
    const { become, statusOf } = await asked();
    await become('CANCELLING');
    await become('SUCCEEDED');
    expect(statusOf()).toMatchObject({
      ...{ state: 'SUCCEEDED', reason: 'SucceededBeforeCancel' },
      cancelRequested: { time: expect.any(String) },
    });
    expect(statusOf()?.message).toMatch(/^The run was asked to cancel, but the job succeeded first\. /);
  });

  test('before the job was made: none is made, and a slow function that made one is found out', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const [runId = ''] = world.runs.documents.keys();
    const stale = world.published.splice(0);
    await world.finalized(world.upload('reviews/tune.json', CANCEL));
    await world.deliver();
    expect(world.runs.documents.get(runId)?.status.state).toBe('CANCELLED');
    for (const { runId: late } of stale) await world.submit(late);
    expect(world.backend.jobs.size).toBe(0);
    world.pass(700);
    await world.poll();
    expect(world.runs.documents.get(runId)?.work.nextAction).toBeNull();
  });

  test('with nothing to cancel says so', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', CANCEL));
    expect(world.theRun().status).toMatchObject({ state: 'SKIPPED', reason: 'NothingToCancel' });
  });
});
