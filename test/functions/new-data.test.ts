import { describe, expect, test } from 'vitest';
import type { Run } from '../../shared/core/run/run.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const DATA = 'reviews/train.jsonl';
const BROKEN = `${examples(120)}\n{"input_text": "cut`;

/** An upload that is refused for its data. */
async function refused(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld(options);
  world.upload(DATA, BROKEN);
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  const run = world.theRun();
  expect(run.status.state).toBe('REJECTED');
  return { world, run };
}

const runOf = (world: World, id: string | undefined): Run | undefined =>
  world.runs.documents.get((id ?? '').replace('runs/', ''));

describe('new data after a rejection', () => {
  test('opens another run, linked both ways, and the end of the refused one stays', async () => {
    const { world, run } = await refused();
    world.pass(60);
    await world.finalized(world.upload(DATA, examples(120)));
    await world.deliver();
    const before = runOf(world, run.runId);
    const next = runOf(world, before?.status.continuedAs);
    expect(next).toMatchObject({
      spec: { source: run.spec.source },
      status: { state: 'SUBMITTED', continues: `runs/${run.runId}` },
    });
    expect(next?.status.folder).not.toBe(run.status.folder);
    const { continuedAs: _link, updateTime: _time, ...status } = before?.status ?? {};
    const { updateTime: _before, ...was } = run.status;
    expect(status).toEqual(was);
    expect(world.backend.jobs.size).toBe(1);
    expect(world.statusFile(run).status.continuedAs).toBe(before?.status.continuedAs);
    expect([...world.runs.pointers.values()]).toMatchObject([{ runId: next?.runId }]);
  });

  test('opens one however often its event comes', async () => {
    const { world } = await refused();
    const uploaded = world.upload(DATA, examples(120));
    await Promise.all([world.finalized(uploaded), world.finalized(uploaded)]);
    await world.finalized(uploaded);
    await world.deliver();
    expect(world.runs.documents.size).toBe(2);
    expect(world.backend.jobs.size).toBe(1);
  });

  test('is no new data where the bytes are the same', async () => {
    const { world } = await refused();
    await world.finalized(world.upload(DATA, BROKEN));
    expect(world.theRun().status.continuedAs).toBeUndefined();
  });

  test('starts nothing where another manifest is live, or none', async () => {
    const { world, run } = await refused();
    world.upload('reviews/tune.json', aManifest({ dry_run: true }));
    await world.finalized(world.upload(DATA, examples(120)));
    expect(world.runs.documents.size).toBe(1);
    world.objects.remove(run.spec.source);
    await world.finalized(world.upload(DATA, examples(130)));
    expect(world.runs.documents.size).toBe(1);
  });

  test('starts nothing where the run was not refused', async () => {
    const world = createWorld();
    world.upload(DATA, examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    await world.finalized(world.upload(DATA, examples(130)));
    expect(world.runs.documents.size).toBe(1);
  });

  test('that is refused too is gone on from in its turn', async () => {
    const { world } = await refused();
    await world.finalized(world.upload(DATA, `${BROKEN} again`));
    await world.deliver();
    await world.finalized(world.upload(DATA, examples(120)));
    await world.deliver();
    const states = [...world.runs.documents.values()].map(({ status }) => status.state);
    expect(states).toEqual(['REJECTED', 'REJECTED', 'SUBMITTED']);
    expect(world.backend.jobs.size).toBe(1);
  });

  test('in two files makes one job, whichever event comes first', async () => {
    const world = createWorld({ config: { onSameBytes: 'run' } });
    world.upload(DATA, BROKEN);
    world.upload('reviews/eval.jsonl', '{}');
    const manifest = aManifest({ evaluation_data_uri: 'eval.jsonl' });
    await world.finalized(world.upload('reviews/tune.json', manifest));
    const train = world.upload(DATA, examples(120));
    const evaluation = world.upload('reviews/eval.jsonl', examples(20, 'eval'));
    await Promise.all([world.finalized(evaluation), world.finalized(train)]);
    await world.deliver();
    expect(world.runs.documents.size).toBe(2);
    expect(world.backend.jobs.size).toBe(1);
  });

  test('that came while the upload was checked is not missed', async () => {
    const world = createWorld();
    world.upload(DATA, BROKEN);
    const { copy } = world.objects;
    world.objects.copy = async (from, to) => {
      const copied = await copy(from, to);
      world.objects.copy = copy;
      await world.finalized(world.upload(DATA, examples(120)));
      return copied;
    };
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    const states = [...world.runs.documents.values()].map(({ status }) => status.state);
    expect(states).toEqual(['REJECTED', 'SUBMITTED']);
  });

  test('that came before whoever refused the upload died is found when the event comes again', async () => {
    const world = createWorld();
    world.upload(DATA, BROKEN);
    const manifest = world.upload('reviews/tune.json', aManifest());
    const { stat } = world.objects;
    let looks = 0;
    world.objects.stat = (object) => {
      if (object.name === DATA && ++looks === 2) {
        world.upload(DATA, examples(120));
        return Promise.reject(new Error('died'));
      }
      return stat(object);
    };
    await world.finalized(manifest).catch(() => {});
    expect(world.theRun().status.state).toBe('REJECTED');
    await world.finalized(manifest);
    await world.deliver();
    expect(world.backend.jobs.size).toBe(1);
  });

  test('is named in what a refused run says to do', async () => {
    const { run } = await refused();
    expect(run.status.remedy).toContain('data or tune.json, each begins a new run');
  });

  test('is looked for by no audit of the inbox: the path of the manifest points to the new run', async () => {
    const { world } = await refused();
    await world.finalized(world.upload(DATA, examples(120)));
    await world.deliver();
    world.pass(4_000);
    await world.poll();
    world.pass(4_000);
    await world.poll();
    expect(world.runs.documents.size).toBe(2);
  });
});
