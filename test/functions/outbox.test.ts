import { describe, expect, test } from 'vitest';
import { type RunChange, unpublishedChanges } from '../../shared/core/run/changes.ts';
import { readableRun } from '../../shared/core/run/versions.ts';
import { SETTLED_COST } from '../core/report-samples.ts';
import { aRun, at, NOW } from '../support/runs.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const DOWN = new Error('Pub/Sub is away');
const UPLOADED = [
  {
    name: 'upload-llm-model',
    state: 'SUCCEEDED',
    metadata: { 'output:model_resource_name': 'projects/123/locations/us-central1/models/456@1' },
  },
];
const EVERY_STATE = ['RECEIVED', 'VALIDATED', 'SUBMITTED', 'RUNNING', 'SUCCEEDED'];

const statesPublished = (world: World) => world.changes.map(({ data }) => data.state);
const idsPublished = (world: World) => [...new Set(world.changes.map(({ id }) => id))];
const drop = async (world: World) => {
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
};
const become = async (world: World, state: string) => {
  const name = world.theRun().status.job?.name ?? '';
  world.backend.set(name, { state, ...(state.endsWith('SUCCEEDED') ? { tasks: UPLOADED } : {}) });
  world.pass(60);
  await world.poll();
};
const toTheEnd = async (world: World) => {
  await drop(world);
  await world.deliver();
  await become(world, 'PIPELINE_STATE_RUNNING');
  await become(world, 'PIPELINE_STATE_SUCCEEDED');
};

test('that somebody asked for the end of a run is published at once, under an id of its own, and once', async () => {
  const world = createWorld();
  await drop(world);
  await world.deliver();
  await become(world, 'PIPELINE_STATE_RUNNING');
  const { runId } = world.theRun();
  const cancel = () => world.finalized(world.upload('reviews/tune.json', '{"cancel": true}'));
  await cancel();
  const ofRun = () => world.changes.filter(({ data }) => data.runId === runId);
  expect(ofRun().at(-1)).toMatchObject({
    ...{ id: `${runId}-CancelRequested`, sequence: '05' },
    data: { state: 'RUNNING', previousState: 'RUNNING', reason: 'CancelRequested', terminal: false },
  });
  await cancel();
  await world.poll();
  expect(ofRun()).toHaveLength(5);
});

describe('a run that nothing happens to', () => {
  test('has all of its states published, each once and in order', async () => {
    const world = createWorld();
    await toTheEnd(world);
    expect(statesPublished(world)).toEqual(EVERY_STATE);
    expect(world.changes.map(({ sequence }) => sequence)).toEqual(['01', '02', '03', '04', '05']);
    const { runId, status, work } = world.theRun();
    expect(work).toMatchObject({ nextAction: null, published: 5 });
    expect(world.changes.at(-1)).toMatchObject({
      id: `${runId}-SUCCEEDED`,
      subject: `runs/${runId}`,
      data: { previousState: 'RUNNING', terminal: true, message: status.message },
    });
  });

  test('is not published again by the ticks that follow', async () => {
    const world = createWorld();
    await toTheEnd(world);
    await world.poll();
    expect(world.changes).toHaveLength(5);
  });

  test('is published once for each state while it is followed for long', async () => {
    const world = createWorld();
    await drop(world);
    await world.deliver();
    for (let tick = 0; tick < 5; tick++) await become(world, 'PIPELINE_STATE_RUNNING');
    expect(statesPublished(world)).toEqual(EVERY_STATE.slice(0, 4));
  });
});

describe('an end that no job has', () => {
  test('of a refused upload is published at once', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', '{'));
    expect(statesPublished(world)).toEqual(['RECEIVED', 'REJECTED']);
    expect(world.theRun().work).toMatchObject({ nextAction: null, nextActionAt: null, published: 2 });
  });

  test('of a cancelled run is published at once', async () => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const [waiting] = world.runs.documents.values();
    world.pass(1);
    await world.finalized(world.upload('reviews/tune.json', JSON.stringify({ cancel: true })));
    const own = world.changes.filter(({ data }) => data.runId === waiting?.runId);
    expect(own.map(({ data }) => data.state)).toEqual(['RECEIVED', 'WAITING', 'CANCELLED']);
  });
});

test('a wait for data is published at once, and not again when it is looked for', async () => {
  const world = createWorld();
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  expect(statesPublished(world)).toEqual(['RECEIVED', 'WAITING']);
  world.pass(30);
  await world.validate(world.theRun().runId);
  expect(statesPublished(world)).toEqual(['RECEIVED', 'WAITING']);
});

describe('a topic that cannot be reached', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'for the first %i tries keeps no run from its end, and all is published in the end',
    async (tries) => {
      const world = createWorld();
      world.changeFaults.push(...Array.from({ length: tries }, () => DOWN));
      await toTheEnd(world);
      expect(world.theRun().status.state).toBe('SUCCEEDED');
      for (let tick = 0; tick < 3; tick++) await world.poll();
      expect(statesPublished(world)).toEqual(EVERY_STATE);
      expect(world.theRun().work).toMatchObject({ nextAction: null, published: 5 });
    },
  );

  test.each([0, 1, 2, 3, 4])('with its answer to change %i lost, has it twice under one id', async (nth) => {
    const world = createWorld();
    const faults = [{ lost: DOWN }];
    world.changeFaults.shift = () => (world.changes.length === nth ? faults.shift() : undefined);
    await toTheEnd(world);
    await world.poll();
    expect(world.changes).toHaveLength(6);
    expect(idsPublished(world)).toHaveLength(5);
    expect(world.theRun().work).toMatchObject({ nextAction: null, published: 5 });
  });
});

describe('a function that dies', () => {
  /** The function is gone as soon as the `nth` change is written. */
  const dieAfterWrite = (world: World, nth: number) => {
    const { apply } = world.runs;
    let writes = 0;
    world.runs.apply = async (...given) => {
      const result = await apply(...given);
      writes += 1;
      if (writes !== nth) return result;
      world.runs.apply = apply;
      throw new Error('killed');
    };
  };

  test.each([1, 2, 3, 4])('right after its write number %i leaves nothing unpublished', async (nth) => {
    const world = createWorld();
    dieAfterWrite(world, nth);
    await drop(world).catch(() => {});
    for (let tick = 0; tick < 4; tick++) {
      await world.deliver().catch(() => {});
      world.pass(120);
      await world.poll().catch(() => {});
    }
    await become(world, 'PIPELINE_STATE_RUNNING');
    await become(world, 'PIPELINE_STATE_RUNNING');
    await become(world, 'PIPELINE_STATE_SUCCEEDED');
    await world.poll();
    expect(world.theRun().status.state).toBe('SUCCEEDED');
    expect(idsPublished(world).map((id) => id.split('-')[1])).toEqual(EVERY_STATE);
    expect(world.theRun().work).toMatchObject({ nextAction: null, published: 5 });
  });

  test('after it wrote an end is followed by a tick that publishes it', async () => {
    const world = createWorld();
    dieAfterWrite(world, 1);
    await world.finalized(world.upload('reviews/tune.json', '{')).catch(() => {});
    expect(statesPublished(world)).toEqual(['RECEIVED']);
    await world.poll();
    expect(statesPublished(world)).toEqual(['RECEIVED', 'REJECTED']);
    const { writes } = world.runs;
    await world.poll();
    expect([world.changes.length, world.runs.writes]).toEqual([2, writes]);
  });

  test('after it published an end and before it wrote it publishes it again under the same id', async () => {
    const world = createWorld();
    await drop(world);
    await world.deliver();
    const { apply } = world.runs;
    world.runs.apply = () => Promise.reject(new Error('killed'));
    await become(world, 'PIPELINE_STATE_SUCCEEDED');
    expect(world.theRun().status.state).toBe('SUBMITTED');
    world.runs.apply = apply;
    await world.poll();
    const ends = world.changes.filter(({ data }) => data.terminal);
    expect(ends.map(({ id }) => id)).toEqual(Array(2).fill(`${world.theRun().runId}-SUCCEEDED`));
  });
});

test('a document of before there was a history has nothing to publish', async () => {
  const { status, work, ...run } = aRun({ state: 'SUBMITTED' });
  const { history: _none, ...oldStatus } = status;
  const { published: _neither, ...oldWork } = work;
  const old = readableRun({ ...run, schemaVersion: 1, status: oldStatus, work: oldWork });
  expect(old && unpublishedChanges(old, { project: 'my-project', database: '(default)' })).toEqual([]);
});

test('a change is a CloudEvent that names its database, its document and its place in the history', () => {
  const history = [
    { time: NOW, to: 'RECEIVED' as const, reason: 'ManifestReceived', message: 'It arrived.' },
    {
      time: at(5),
      from: 'RECEIVED' as const,
      to: 'REJECTED' as const,
      reason: 'IssuesFound',
      message: 'No.',
    },
  ];
  const run = aRun({ status: { history }, work: { published: 1 } });
  const database = { project: 'my-project', database: 'runs-db' };
  expect(unpublishedChanges(run, database)).toEqual<RunChange[]>([
    {
      specversion: '1.0',
      type: 'dev.tunedrop.run.state_changed.v1',
      source: '//firestore.googleapis.com/projects/my-project/databases/runs-db',
      subject: `runs/${run.runId}`,
      id: `${run.runId}-REJECTED`,
      time: at(5),
      sequence: '02',
      datacontenttype: 'application/json',
      data: {
        runId: run.runId,
        manifest: 'gs://inbox/reviews/tune.json',
        state: 'REJECTED',
        previousState: 'RECEIVED',
        terminal: true,
        reason: 'IssuesFound',
        message: 'No.',
        document: `projects/my-project/databases/runs-db/documents/runs/${run.runId}`,
        time: at(5),
      },
    },
  ]);
});

test('what a run is expected to cost is published with its submission, and what it did cost with its end', () => {
  const history = (['SUBMITTED', 'RUNNING', 'SUCCEEDED'] as const).map((to) => ({
    ...{ time: at(5), to, reason: 'R', message: 'M.' },
  }));
  const { actual, ...expected } = SETTLED_COST;
  const cost = { ...SETTLED_COST, actualHours: 2.3 };
  const run = aRun({ state: 'SUCCEEDED', status: { history, cost }, work: { published: 0 } });
  const changes = unpublishedChanges(run, { project: 'my-project', database: 'runs-db' });
  expect(changes.map(({ data }) => data.cost)).toEqual([expected, undefined, cost]);
  expect(actual).toBeDefined();
});
