import { expect, test } from 'vitest';
import { tuningPlan } from '../support/plans.ts';
import { createWorld, examples } from '../support/world.ts';

const gemini = (over: object = {}) =>
  JSON.stringify({ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', ...over });

test('data in the guide’s form is converted for a Gemini model, and the run says so', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', gemini({ train_steps: 30 })));

  const run = world.theRun();
  expect(run.status).toMatchObject({ state: 'VALIDATED', issueCount: { error: 0, warning: 0, advice: 1 } });
  expect(run.status.issues).toMatchObject([{ code: 'dataset_converted', severity: 'advice' }]);
  const converted = `gs://results/staging/${run.runId}/train.contents.jsonl`;
  expect(run.spec.datasets?.dataset_uri).toMatchObject({
    uri: 'gs://inbox/reviews/train.jsonl',
    stagedUri: `gs://results/staging/${run.runId}/train.jsonl`,
    convertedFrom: 'input_output',
    convertedUri: converted,
  });
  expect(tuningPlan(run.spec.plan)).toMatchObject({
    trainingDatasetUri: converted,
    training: { epochs: 2, examples: 120, fromTrainSteps: 30 },
  });
  const written = world.objects.text({ bucket: 'results', name: converted.slice('gs://results/'.length) });
  const lines = String(written).trim().split('\n');
  expect(lines).toHaveLength(120);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    contents: [
      { role: 'user', parts: [{ text: expect.any(String) }] },
      { role: 'model', parts: [{ text: expect.any(String) }] },
    ],
  });
});

test('data in the form of the model is trained on as it was uploaded', async () => {
  const world = createWorld();
  const line = (index: number) =>
    JSON.stringify({
      contents: [
        { role: 'user', parts: [{ text: `question ${index}` }] },
        { role: 'model', parts: [{ text: `answer ${index}` }] },
      ],
    });
  world.upload(
    'reviews/train.jsonl',
    `${Array.from({ length: 100 }, (_, index) => line(index)).join('\n')}\n`,
  );
  await world.finalized(world.upload('reviews/tune.json', gemini()));
  const run = world.theRun();
  expect(run.spec.datasets?.dataset_uri?.convertedUri).toBeUndefined();
  expect(tuningPlan(run.spec.plan).trainingDatasetUri).toBe(run.spec.datasets?.dataset_uri?.stagedUri);
});

test('nothing is converted of an upload with errors', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', `${examples(20)}{"input_text":""}\n`);
  await world.finalized(world.upload('reviews/tune.json', gemini()));
  const run = world.theRun();
  expect(run.status.state).toBe('REJECTED');
  expect(run.spec.datasets?.dataset_uri?.convertedUri).toBeUndefined();
});
