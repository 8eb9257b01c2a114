import { readFileSync } from 'node:fs';
import { type Message, PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { type FirestoreService, startFirestore } from '../../local/firestore/server.ts';
import { startPubSub } from '../../local/pubsub/server.ts';
import { SUBSCRIBE } from '../../scripts/docs/run-events.ts';
import {
  messageOf,
  RUN_CHANGE_TYPE,
  RUN_EVALUATED_TYPE,
  type RunChange,
  unpublishedChanges,
} from '../../shared/core/run/changes.ts';
import { isWhollyOver } from '../../shared/core/run/evaluation-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import { until } from '../support/condition.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';

const PROJECT = 'tunedrop-local';
const STATES = ['RECEIVED', 'VALIDATED', 'SUBMITTED', 'RUNNING', 'SUCCEEDED'];

let stack: Stack;
let firestore: FirestoreService;
let pubsub: PubSub;
let run: Run;
const heard: Message[] = [];
/** What the subscription of docs/run-events.md hears. */
const heardOfEnds: RunState[] = [];
/** What the first run cost. */
let writes: [name: string, count: number][];
const closers: (() => Promise<unknown>)[] = [];

/** A change that comes again, as it may on a busy machine, has the same id. */
const changes = () =>
  [...Map.groupBy(heard.map(changeIn), ({ id }) => id).values()].flatMap(([first]) => first ?? []);
/** The end of the evaluation comes last. */
const isAllHeard = () => changes().some(({ type }) => type === RUN_EVALUATED_TYPE);
const changeIn = ({ data }: Message) => JSON.parse(data.toString()) as RunChange;

beforeAll(async () => {
  firestore = await startFirestore(serviceOptions());
  const service = await startPubSub(serviceOptions());
  process.env.METADATA_SERVER_DETECTION = 'none';
  pubsub = new PubSub({ projectId: PROJECT, apiEndpoint: service.address, emulatorMode: true });
  await pubsub.createTopic('run-events');
  const [subscription] = await pubsub
    .topic('run-events')
    .createSubscription('listener', { enableMessageOrdering: true });
  subscription.on('message', (message) => {
    heard.push(message);
    message.ack();
  });
  const [, filter = ''] = /--message-filter='(.*)'/.exec(SUBSCRIBE) ?? [];
  const [ends] = await pubsub
    .topic('run-events')
    .createSubscription('tuning-ends', { filter, enableMessageOrdering: true });
  ends.on('message', (message) => {
    heardOfEnds.push((JSON.parse(message.data.toString()) as RunChange).data.state);
    message.ack();
  });
  stack = await startStack({
    ...{ dataDir: temporaryFolder(), scheduleMs: 150, taskMs: 250, trainer: 'stand-in' },
    // Patient enough that nothing is asked for twice on a machine that is busy.
    environment: { RETRY_SCALE: '0.1' },
    emulators: { FIRESTORE_EMULATOR_HOST: firestore.address, PUBSUB_EMULATOR_HOST: service.address },
  });
  closers.push(
    () => stack.close(),
    () => subscription.close(),
    () => ends.close(),
    () => pubsub.close(),
    () => service.close(),
    () => firestore.close(),
  );
  const dropped = await stack.drop('examples/text-bison', 'run-events');
  await stack.follow(dropped);
  writes = [...firestore.writes()];
  run = await stack.follow(dropped, { isOver: isWhollyOver });
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe('somebody who listens', () => {
  test('hears every state of a run in order', async () => {
    await until('the end is heard', isAllHeard);
    const ofStates = changes().filter(({ type }) => type === RUN_CHANGE_TYPE);
    expect(ofStates.map(({ data }) => data.state)).toEqual(STATES);
    expect(new Set(heard.map(({ orderingKey }) => orderingKey))).toEqual(new Set([run.runId]));
  });

  test('hears what the document says, so that nobody has to read it', async () => {
    await until('the end is heard', isAllHeard);
    const database = { project: PROJECT, database: '(default)' };
    expect(changes()).toEqual(unpublishedChanges({ ...run, work: { ...run.work, published: 0 } }, database));
    const last = changes().at(-1);
    expect(heard.at(-1)?.attributes).toEqual(last && messageOf(last).attributes);
    // Nothing was trained here, so that nothing can be asked.
    expect(heard.at(-1)?.attributes).toMatchObject({ evaluation: 'FAILED' });
    const end = changes().findLast(({ type }) => type === RUN_CHANGE_TYPE);
    expect(end && messageOf(end).attributes).toMatchObject({ state: 'SUCCEEDED', terminal: 'true' });
  });
});

test('the subscription of docs/run-events.md hears of the end, and of nothing else', async () => {
  await until('the end is heard', () => heardOfEnds.length > 0);
  expect(heardOfEnds).toEqual(['SUCCEEDED']);
});

test('a run that succeeds costs seven document writes, at most ten, and its progress is counted apart', async () => {
  expect(run.status.state).toBe('SUCCEEDED');
  const counts = writes.map(([name, count]) => {
    const path = name.slice(name.indexOf('/documents/') + '/documents/'.length);
    return { collection: path.split('/').length > 2 ? path.split('/')[2] : path.split('/')[0], path, count };
  });
  const of = (collection: string) =>
    counts.filter((one) => one.collection === collection).reduce((sum, { count }) => sum + count, 0);
  const total = of('runs') + of('manifests') + of('models');
  expect([of('manifests'), of('models')]).toEqual([1, 1]);
  expect(total).toBeGreaterThanOrEqual(7);
  expect(total).toBeLessThanOrEqual(10);
  expect(of('progress')).toBeGreaterThan(0);
});

test('kill -9 of each function leaves no change unpublished', async () => {
  const victims: Partial<Record<RunState, string>> = {
    ...{ RECEIVED: 'validate', VALIDATED: 'submit', RUNNING: 'poll' },
  };
  const ended = await stack.follow(await stack.drop('examples/text-bison', 'killed'), {
    // A listener may hear of a state when the next is there.
    onChange: ({ status: { history } }) => {
      for (const { to } of history) {
        const pid = stack.functions.find(({ name }) => name === victims[to])?.pid;
        if (pid === undefined) continue;
        delete victims[to];
        process.kill(pid, 'SIGKILL');
      }
    },
  });
  expect(victims).toEqual({});
  const own = () =>
    changes().filter(({ type, data }) => type === RUN_CHANGE_TYPE && data.runId === ended.runId);
  await until('the end is heard', () => own().some(({ data }) => data.terminal));
  const states = ended.status.history.map(({ to }) => to);
  expect(own().map(({ data }) => data.state)).toEqual(states);
});

test('docs/run-events.md shows a message as it comes', () => {
  const page = readFileSync('docs/run-events.md', 'utf8');
  const [event, attributes] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) =>
    JSON.parse(text ?? ''),
  );
  const last = heard.findLast((message) => changeIn(message).type === RUN_CHANGE_TYPE);
  const shapeOf = (value: object) => Object.entries(value).map(([key, field]) => [key, typeof field]);
  const real = JSON.parse(String(last?.data)) as RunChange;
  expect(shapeOf(event)).toEqual(shapeOf(real));
  expect(shapeOf(event.data)).toEqual(shapeOf(real.data));
  expect(shapeOf(attributes)).toEqual(shapeOf(last?.attributes ?? {}));
});
