import { describe, expect, test } from 'vitest';
import { aManifest, createWorld, examples } from '../support/world.ts';

describe('a manifest that says cancel', () => {
  const CANCEL = JSON.stringify({ cancel: true });

  test('ends a run that waits for its data at once', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const [waiting] = world.runs.documents.keys();
    await world.finalized(world.upload('reviews/tune.json', CANCEL));
    expect(world.runs.documents.get(waiting ?? '')?.status.state).toBe('CANCELLED');
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
