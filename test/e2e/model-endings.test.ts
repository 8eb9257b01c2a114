import { Firestore } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createModelEndingsLook } from '../../functions/poll/model-endings.ts';
import { createSteppableClock } from '../../local/clock.ts';
import { startFirestore } from '../../local/firestore/server.ts';
import { startPubSub } from '../../local/pubsub/server.ts';
import { createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createFirestoreTunedModels } from '../../shared/adapters/firestore-models.ts';
import { createNoticePublisher, createPubSub } from '../../shared/adapters/pubsub.ts';
import type { ModelNotice } from '../../shared/core/run/model-notices.ts';
import { type ModelDocument, modelId } from '../../shared/core/tuning/results.ts';
import { until } from '../support/condition.ts';
import { createLog } from '../support/log.ts';
import { aRun } from '../support/runs.ts';
import { serviceOptions } from '../support/service-options.ts';

const PROJECT = 'tunedrop-local';
const DAY_MS = 86_400_000;
/** The base of the model ends then. */
const END = '2027-01-28';
const RUN = aRun({
  spec: {
    manifest: {
      ...{ base_model: 'gemini-2.5-flash-lite', epoch_count: 4 },
      dataset_uri: 'gs://inbox/reviews/train.jsonl',
    },
  },
});
const MODEL: ModelDocument = {
  ...{ model: 'projects/1/locations/us-central1/models/456', version: '1', displayName: 'reviews' },
  ...{ baseModel: 'gemini-2.5-flash-lite', runId: RUN.runId, region: 'us-central1' },
  ...{ createTime: '2026-02-01T00:00:00Z', labels: {} },
};

const clock = createSteppableClock();
const heard: ModelNotice[] = [];
const closers: (() => Promise<unknown>)[] = [];
let firestore: Firestore;
let anInstance: () => () => Promise<void>;

beforeAll(async () => {
  const [database, topics] = await Promise.all([
    startFirestore(serviceOptions()),
    startPubSub(serviceOptions()),
  ]);
  process.env.METADATA_SERVER_DETECTION = 'none';
  const listener = new PubSub({ projectId: PROJECT, apiEndpoint: topics.address, emulatorMode: true });
  await listener.createTopic('run-events');
  const [subscription] = await listener
    .topic('run-events')
    .createSubscription('listener', { filter: 'attributes:model' });
  subscription.on('message', (message) => {
    heard.push(JSON.parse(message.data.toString()) as ModelNotice);
    message.ack();
  });
  const client = { projectId: PROJECT, host: database.address, ssl: false };
  firestore = new Firestore({ ...client, ignoreUndefinedProperties: true });
  closers.push(
    () => subscription.close(),
    () => listener.close(),
    () => firestore.terminate(),
    () => topics.close(),
    () => database.close(),
  );
  const { logger } = createLog();
  anInstance = () => {
    const look = createModelEndingsLook({
      ...{ logger, database: { project: PROJECT, database: '(default)' } },
      clock: { now: () => new Date(clock.now()) },
      tunedModels: createFirestoreTunedModels(firestore, { logger }),
      runs: createFirestoreRunStore(firestore, { logger }),
      notices: createNoticePublisher(createPubSub(PROJECT, topics.address), {
        ...{ project: PROJECT, account: 'poll@tunedrop-local' },
      }),
      models: { read: async () => ({ displayName: MODEL.displayName, labels: {} }) },
    });
    return () => look(() => false);
  };
  await firestore.doc(`runs/${RUN.runId}`).set(RUN);
  await firestore.doc(`models/${modelId(MODEL.model)}`).set(MODEL);
});
afterAll(async () => {
  for (const close of closers) await close();
});

const document = async () => (await firestore.doc(`models/${modelId(MODEL.model)}`).get()).data();
/** At noon, so many days before the end. */
const daysBefore = async (days: number) =>
  clock.advance(Date.parse(`${END}T12:00:00Z`) - days * DAY_MS - clock.now());

test('a tuned model that ends in 30 days is marked in its document, and its notice is heard once, with the manifest to upload', async () => {
  const look = anInstance();
  await daysBefore(31);
  await look();
  expect(await document()).toMatchObject({ told: { day: END, notice: 90 } });
  await daysBefore(30);
  await look();
  const retuneManifest = {
    ...{ base_model: 'gemini-3.1-flash-lite', epoch_count: 4 },
    dataset_uri: 'gs://inbox/reviews/train.jsonl',
  };
  expect(await document()).toMatchObject({
    ending: { day: END, daysLeft: 30, successor: 'gemini-3.1-flash-lite', retuneManifest },
    told: { day: END, notice: 30, time: '2026-12-29T12:00:00.000Z' },
  });
  // Later the same day, by this instance and by one that has just begun.
  await clock.advance(3_600_000);
  await look();
  await anInstance()();
  await daysBefore(7);
  await look();
  await until('the notice of the last week is heard', () => heard.some(({ data }) => data.notice === 7));
  expect(heard.map(({ data }) => data.notice)).toEqual([90, 30, 7]);
  const notice = heard.find(({ data }) => data.notice === 30);
  expect(notice).toMatchObject({
    type: 'dev.tunedrop.model.ending.v1',
    data: { model: MODEL.model, runId: RUN.runId, daysLeft: 30, retuneManifest },
  });
});
