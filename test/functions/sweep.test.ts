import { describe, expect, test } from 'vitest';
import { dropSweep, endJobs, parentIn, settle, sweptIn } from '../support/sweeps.ts';
import { createWorld, INBOX, RESULTS, type World } from '../support/world.ts';

const FAILED = 'PIPELINE_STATE_FAILED';

describe('a manifest with three numbers of steps', () => {
  test('is checked once and opens three runs, each with a job of its own', async () => {
    const world = createWorld();
    await dropSweep(world);
    expect(parentIn(world)).toMatchObject({
      status: { state: 'VALIDATED', reason: 'SweepOpened' },
      spec: { manifest: { train_steps: [100, 200, 500] } },
      work: { nextAction: 'sweep' },
    });
    await settle(world, 1);
    const parent = parentIn(world);
    const runs = sweptIn(world);
    expect(runs.map(({ spec }) => spec.sweepOf?.settings)).toEqual(
      [100, 200, 500].map((train_steps) => ({ train_steps })),
    );
    expect(runs.map(({ status }) => status.state)).toEqual(['SUBMITTED', 'SUBMITTED', 'SUBMITTED']);
    expect(runs.map(({ spec }) => spec.plan)).toMatchObject(
      [100, 200, 500].map((steps) => ({
        modelDisplayName: `reviews (train_steps ${steps})`,
        training: { steps },
      })),
    );
    expect(world.backend.calls.create).toBe(3);
    expect(world.backend.jobs.size).toBe(3);
    expect(parent.status).toMatchObject({ state: 'RUNNING', message: 'Of its 3 runs 3 are SUBMITTED.' });
    expect([...world.runs.pointers.values()]).toMatchObject([{ runId: parent.runId }]);
    expect(runs.map((run) => world.statusFile(run).runId)).toEqual(runs.map(({ runId }) => runId));
  });

  test('trains each on a copy of its own of what was checked', async () => {
    const world = createWorld();
    await dropSweep(world);
    const parent = parentIn(world);
    for (const { runId, spec } of sweptIn(world)) {
      expect(spec.datasets).toEqual(parent.spec.datasets);
      expect(spec.plan).toMatchObject({
        parameters: {
          dataset_uri: `gs://results/staging/${runId}/train.jsonl`,
          evaluation_data_uri: `gs://results/staging/${runId}/evaluation.jsonl`,
        },
      });
      const copies = ['train', 'evaluation'].map((name) =>
        [runId, parent.runId].map((id) =>
          world.objects.text({ bucket: RESULTS, name: `staging/${id}/${name}.jsonl` }),
        ),
      );
      for (const [own, checked] of copies) {
        expect(own).toBeDefined();
        expect(own).toBe(checked);
      }
    }
  });

  test('ends when its runs and their evaluations have, with a table and the winner', async () => {
    const world = createWorld();
    await dropSweep(world);
    await settle(world, 1);
    endJobs(world);
    answerRight(world, { '1': 5, '2': 10, '3': 24 });
    await settle(world, 1);
    expect(parentIn(world).status.state).toBe('RUNNING');
    await settle(world);
    const { status } = parentIn(world);
    const tuned = (model: number) => `projects/123/locations/us-central1/models/${model}`;
    expect(status).toMatchObject({
      ...{ state: 'SUCCEEDED', reason: 'SweepEnded', model: tuned(3) },
      report: expect.stringContaining('report.html'),
      message: expect.stringMatching(
        / points ahead of train_steps 200\. For train_steps 500: The tuned model is better than its base by /,
      ),
    });
    expect(status.sweep?.runs).toMatchObject(
      [5, 10, 24].map((right, place) => ({
        ...{ index: place + 1, state: 'SUCCEEDED', model: tuned(place + 1) },
        answers: { measure: 'exactMatch', examples: 25, value: right / 25 },
      })),
    );
    expect(status.sweep?.winner).toMatchObject({ index: 3, by: 'answers', isSure: true });
    expect(status.sweep?.sentence).toMatch(
      /^train_steps 500 is the best of 3 runs: 96 % exact match on 25 examples, \d+ to \d+ points ahead of train_steps 200\.$/,
    );
    expect(world.statusFile(parentIn(world)).status.sweep?.winner).toEqual(status.sweep?.winner);
  });

  test('names no winner as sure that so few examples do not show', async () => {
    const world = createWorld();
    await dropSweep(world);
    await settle(world, 1);
    endJobs(world);
    answerRight(world, { '1': 19, '2': 20, '3': 18 });
    await settle(world);
    expect(parentIn(world).status.sweep).toMatchObject({
      winner: { index: 2, isSure: false },
      sentence:
        'train_steps 200 has the best answers of 3 runs, 80 % exact match on 25 examples, but so many do not show that it is better than train_steps 100, which has 76 %.',
    });
  });

  test.each([
    {
      name: 'succeeds with what has succeeded',
      states: [FAILED, 'PIPELINE_STATE_SUCCEEDED', FAILED],
      state: 'SUCCEEDED',
      message:
        'Of its 3 runs 2 are FAILED, 1 is SUCCEEDED. Only train_steps 200 succeeded: there is nothing to compare it with.',
    },
    {
      name: 'fails where nothing has',
      states: [FAILED, FAILED, FAILED],
      state: 'FAILED',
      message: /^None of its 3 runs succeeded: 3 are FAILED\. The first says: /,
    },
  ])('$name', async ({ states, state, message }) => {
    const world = createWorld();
    await dropSweep(world);
    await settle(world, 1);
    endJobs(world, states);
    await settle(world);
    expect(parentIn(world).status.state).toBe(state);
    expect(parentIn(world).status.message).toMatch(message);
  });

  test('is written only where something has become of its runs', async () => {
    const world = createWorld();
    await dropSweep(world);
    await settle(world, 2);
    const { writes } = world.runs;
    await settle(world, 3);
    expect(world.runs.writes).toBe(writes);
  });

  test('opens no second run for events that come again, and none for the same bytes', async () => {
    const world = createWorld();
    await dropSweep(world);
    const [again] = world.objects.names('inbox').filter((name) => name.endsWith('tune.json'));
    const live = await world.objects.stat({ bucket: 'inbox', name: again ?? '' });
    if (live) await world.finalized(live);
    await settle(world);
    expect(world.runs.documents.size).toBe(4);
    await dropSweep(world);
    await settle(world);
    const skipped = [...world.runs.documents.values()].filter(({ status }) => status.state === 'SKIPPED');
    expect(skipped).toMatchObject([{ status: { reason: 'SameBytes' } }]);
    expect(world.backend.jobs.size).toBe(3);
  });

  test('waits in the order of its list where only one job may be active', async () => {
    const world = createWorld({ maxActiveJobs: { pipelines: 1 } });
    await dropSweep(world);
    expect(sweptIn(world).map(({ status }) => status.queue?.place)).toEqual([1, 2, 3]);
    const order: (number | string | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      await settle(world, 2);
      const active = sweptIn(world).filter(({ status }) => status.state === 'SUBMITTED');
      order.push(...active.map(({ spec }) => spec.sweepOf?.settings.train_steps));
      for (const { status } of active) world.backend.set(status.job?.name ?? '', { state: FAILED });
    }
    expect(order).toEqual([100, 200, 500]);
    await settle(world);
    expect(parentIn(world).status.state).toBe('FAILED');
  });

  test('is planned and not run where the manifest says dry_run', async () => {
    const world = createWorld();
    await dropSweep(world, { dry_run: true });
    await settle(world);
    expect(world.runs.documents.size).toBe(1);
    expect(parentIn(world).status).toMatchObject({
      state: 'PLANNED',
      sweep: { runs: [{ state: 'PLANNED' }, { state: 'PLANNED' }, { state: 'PLANNED' }] },
    });
    expect(world.backend.jobs.size).toBe(0);
  });

  test('opens none anew where the document of its manifest’s run was deleted', async () => {
    const world = createWorld();
    await dropSweep(world);
    await settle(world, 1);
    const before = sweptIn(world);
    world.runs.documents.delete(parentIn(world).runId);
    const live = await world.objects.stat({ bucket: INBOX, name: 'reviews/tune.json' });
    if (live) await world.finalized(live);
    await world.deliver();
    expect(sweptIn(world)).toEqual(before);
    expect(world.backend.calls.create).toBe(3);
  });

  test('with one value is a run like any other', async () => {
    const world = createWorld();
    await dropSweep(world, { train_steps: [200] });
    await settle(world, 1);
    expect(world.theRun()).toMatchObject({
      spec: { manifest: { train_steps: 200 } },
      status: { state: 'SUBMITTED' },
    });
    expect(world.theRun().status.sweep).toBeUndefined();
  });
});

describe('a cancel of the path', () => {
  test('ends the run of the manifest and all that it asked for', async () => {
    const world = createWorld();
    await dropSweep(world);
    await settle(world, 1);
    await world.finalized(world.upload('reviews/tune.json', '{"cancel": true}'));
    await settle(world, 1);
    expect(world.backend.cancelled).toHaveLength(3);
    endJobs(world, Array(3).fill('PIPELINE_STATE_CANCELLED'));
    await settle(world);
    const states = [...world.runs.documents.values()].map(({ status }) => status.state);
    expect(states).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED', 'CANCELLED', 'SKIPPED']);
  });

  test('reaches runs that were opened after it had looked for them', async () => {
    const world = createWorld();
    const { listActiveOf } = world.runs;
    let isFirst = true;
    // The look of the cancel finds the run of the manifest alone, which opens its runs right after.
    world.runs.listActiveOf = async (source) => {
      const found = await listActiveOf(source);
      const early = isFirst ? found.filter(({ spec }) => !spec.sweepOf) : found;
      isFirst = false;
      return early;
    };
    await dropSweep(world);
    await world.finalized(world.upload('reviews/tune.json', '{"cancel": true}'));
    await settle(world, 12);
    expect(world.backend.jobs.size).toBe(0);
    expect(sweptIn(world).map(({ status }) => status.state)).toEqual(Array(3).fill('CANCELLED'));
  });
});

/** So many questions are answered as expected, by the number of the model; its base answers none. */
function answerRight({ asker }: World, right: Record<string, number>): void {
  asker.ask = async ({ model, body }) => {
    const number = /held out question number (\d+)/.exec(JSON.stringify(body))?.[1] ?? '';
    const most = right[/endpoints\/(\d+)/.exec(model)?.[1] ?? ''] ?? 0;
    return { text: Number(number) < most ? `answer ${number}` : 'another', tokens: { input: 10, output: 2 } };
  };
}
