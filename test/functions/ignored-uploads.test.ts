import { describe, expect, test } from 'vitest';
import { aManifest, createWorld, examples } from '../support/world.ts';

describe('an upload that is almost a manifest', () => {
  test('has a document and a line in the log, however often its event comes, and starts nothing', async () => {
    const world = createWorld();
    const uploaded = world.upload('reviews/Tune.json', aManifest());
    await world.finalized(uploaded);
    await world.finalized(uploaded);
    expect([...world.ignored.values()]).toEqual([
      expect.objectContaining({ uri: 'gs://inbox/reviews/Tune.json', reason: 'NotTheName' }),
    ]);
    expect(world.log).toContainEqual(
      expect.objectContaining({
        severity: 'WARNING',
        message: 'an upload starts nothing',
        fields: expect.objectContaining({ uri: 'gs://inbox/reviews/Tune.json', reason: 'NotTheName' }),
      }),
    );
    expect(world.runs.documents.size).toBe(0);
    expect(world.objects.reads.filter((read) => !read.startsWith('stat '))).toEqual([]);
  });

  test('is no such thing where a run waits for a file of that name', async () => {
    const world = createWorld();
    const manifest = aManifest({ dataset_uri: 'fine-tune.json' });
    await world.finalized(world.upload('reviews/tune.json', manifest));
    await world.finalized(world.upload('reviews/fine-tune.json', examples(120)));
    expect(world.ignored.size).toBe(0);
    expect(world.theRun().status.state).toBe('VALIDATED');
  });

  test('in another bucket is nobody\u2019s affair', async () => {
    const world = createWorld();
    const uploaded = world.objects.put({ bucket: 'elsewhere', name: 'Tune.json' }, '{}');
    await world.finalized(uploaded);
    expect(world.ignored.size).toBe(0);
  });
});
