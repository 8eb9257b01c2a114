import { Firestore } from '@google-cloud/firestore';
import { describe, expect, test } from 'vitest';
import { callService } from '../../shared/adapters/service-errors.ts';
import type { VertexCall } from '../../shared/adapters/vertex/client.ts';
import { createModelRegistry } from '../../shared/adapters/vertex/models.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { aPlan } from '../support/runs.ts';

/** What Vertex AI may answer one day: valid JSON in a shape that no page of Google's has. */

const REGION = 'projects/123/locations/us-central1';
const nameOf = (index: number) => `${REGION}/pipelineJobs/tune-large-model-${index}`;
const job = (index: number, over: object = {}) => ({
  name: nameOf(index),
  state: 'PIPELINE_STATE_RUNNING',
  ...over,
});
const answering = (answer: unknown) => async () => answer;

describe('an answer in another shape is a kind of its own, which names what was asked and the path that did not fit', () => {
  const backend = (answer: unknown) => createPipelineJobsBackend(answering(answer), 'p');

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'creating the job',
      () => backend(job(1, { state: 7 })).create(aPlan(), 1),
      'creating the job in a shape .*: state: ',
    ],
    ['reading it', () => backend({}).find(aPlan(), 1), 'reading the job in a shape .*: name: '],
    ['a text', () => backend('<html>').find(aPlan(), 1), 'reading the job in a shape .*: the whole answer: '],
    [
      'a model',
      () => createModelRegistry(answering({ labels: { team: 1 } })).read(`${REGION}/models/1`),
      'reading the model in a shape .*: labels.team: ',
    ],
    [
      'metrics',
      () =>
        createTensorboardReader(answering({ tensorboardExperiments: [{}] })).find(
          `${REGION}/tensorboards/1`,
          {
            name: nameOf(1),
          },
        ),
      'reading the metrics in a shape .*: tensorboardExperiments.0.name: ',
    ],
  ])('%s', async (_, ask, message) => {
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TuneError);
    expect(error).toMatchObject({ kind: 'unknownAnswer', reason: 'UnknownAnswer', retry: 'slowly' });
    expect((error as TuneError).message).toMatch(new RegExp(message));
  });
});

test('a document that Firestore’s client refuses is a mistake of our own', async () => {
  const target = { service: 'firestore', project: 'p', resource: 'tunedrop', account: 'me' } as const;
  const firestore = new Firestore({ projectId: 'p' });
  const write = (document: object) =>
    callService(target, 'apply', async () => firestore.doc('runs/r').set(document));
  for (const value of [() => {}, [undefined], new URL('http://x')]) {
    await expect(write({ value })).rejects.toMatchObject({ kind: 'defect', retry: 'slowly' });
  }
});

test('one job of a list that is not understood has an error of its own, and the others are seen', async () => {
  const jobs = [1, 2, 3, 4, 5].map((index) => job(index, index === 3 ? { labels: 'none' } : {}));
  const asked: VertexCall[] = [];
  const backend = createPipelineJobsBackend(async (call) => {
    asked.push(call);
    return call.doing === 'listing the jobs'
      ? { pipelineJobs: jobs }
      : jobs.find(({ name }) => call.url.endsWith(name));
  }, 'p');
  const look = await backend.observe(jobs.map(({ name }) => name));
  await expect(look(nameOf(3))).rejects.toMatchObject({ kind: 'unknownAnswer' });
  for (const index of [1, 2, 4, 5]) expect(await look(nameOf(index))).toMatchObject({ phase: 'running' });
  expect(asked).toHaveLength(2);
});

test('a mistake of our own in reading an answer keeps its stack', async () => {
  const backend = createPipelineJobsBackend(async function readNothing() {
    return (undefined as unknown as { answer: object }).answer;
  }, 'p');
  const look = await backend.observe([nameOf(1)]);
  await expect(look(nameOf(1)).catch(asTuneError)).resolves.toMatchObject({
    kind: 'defect',
    stack: expect.stringContaining('at readNothing '),
  });
});
