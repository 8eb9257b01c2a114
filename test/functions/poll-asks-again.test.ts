import { describe, expect, test } from 'vitest';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

/** Poll asks, and what it asks for reaches nobody; gives how often it did. */
async function nobodyComes(world: World, hours: number): Promise<number> {
  let asked = 0;
  for (let minute = 0; minute < hours * 60 && world.theRun().status.state === 'VALIDATED'; minute++) {
    asked += world.published.splice(0).length;
    world.pass(60);
    await world.poll();
  }
  return asked;
}

describe('what was not done is asked for again', () => {
  test('a message to submit that got lost', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    world.published.splice(0);
    await world.poll();
    expect(world.published).toEqual([]);
    world.pass(60);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('a validate function that died: another takes over when its lease is over', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    const manifest = world.upload('reviews/tune.json', aManifest());
    const { copy } = world.objects;
    const { apply } = world.runs;
    const killed = () => Promise.reject(new Error('killed'));
    Object.assign(world.objects, { copy: killed });
    Object.assign(world.runs, { apply: killed });
    await expect(world.finalized(manifest)).rejects.toThrow('killed');
    Object.assign(world.objects, { copy });
    Object.assign(world.runs, { apply });
    world.pass(601);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('and given up, visibly, when nobody comes for the fourteen days that a run may wait', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await nobodyComes(world, 13 * 24);
    expect(world.theRun().status.state).toBe('VALIDATED');
    await nobodyComes(world, 25);
    expect(world.theRun().status).toMatchObject({ state: 'DEAD_LETTERED', reason: 'TooManyRequests' });
    expect(world.theRun().status.message).toContain('since 2026-03-01');
  });

  test('after which the same bytes, uploaded again, are a run of their own, as the document says', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await nobodyComes(world, 14 * 24 + 1);
    const first = world.theRun();
    expect(first.status).toMatchObject({
      state: 'DEAD_LETTERED',
      remedy: expect.stringContaining('upload the manifest again'),
    });
    world.published.splice(0);
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    const [, second] = [...world.runs.documents.values()];
    expect(second?.spec.fingerprint).toBe(first.spec.fingerprint);
    expect(second?.status.state).toBe('SUBMITTED');
    expect(world.runs.documents.get(first.runId)).toEqual(first);
  });

  test('less and less often, up to every quarter of an hour', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    expect(await nobodyComes(world, 1)).toBeLessThanOrEqual(8);
    expect(await nobodyComes(world, 10)).toBe(40);
  });

  test('but not after the days of a bad deployment', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await nobodyComes(world, 5 * 24);
    await world.deliver();
    world.pass(900);
    await world.poll();
    await world.deliver();
    expect(world.theRun().status.state).toBe('SUBMITTED');
  });

  test('and not while a job lives that a function made and could not note', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const { apply } = world.runs;
    Object.assign(world.runs, { apply: () => Promise.reject(new Error('killed')) });
    await expect(world.deliver()).rejects.toThrow('killed');
    Object.assign(world.runs, { apply });
    expect(world.theRun().status.state).toBe('VALIDATED');
    await nobodyComes(world, 14 * 24 + 1);
    expect(world.theRun().status).toMatchObject({ state: 'SUBMITTED', job: { attempt: 1 } });
    expect(world.backend.calls.create).toBe(1);
  });
});
