import { expect, test } from 'vitest';
import { tuningPlan } from '../support/plans.ts';
import { aRun } from '../support/runs.ts';
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

test('the document repeats what all examples begin with, and nothing else of the data', async () => {
  const instruction = 'Sort this letter into one of: [bill, offer]. Letter: ';
  const line = (index: number) =>
    JSON.stringify({
      ...{ input_text: `${instruction}canary${index}x of somebody`, output_text: `canary answer ${index}` },
      ...{ canaryField: 'canary' },
    });
  const world = createWorld();
  const rows = [...Array(40).keys()].map(line);
  // Rows that something is wrong with are spoken of, and not repeated.
  world.upload('letters/train.jsonl', [...rows, rows[0], rows[3]].join('\n\n'));
  await world.finalized(world.upload('letters/tune.json', gemini()));
  const run = world.theRun();
  expect(run.status.datasets?.dataset_uri?.sharedInstruction).toEqual({ promptBeginning: instruction });
  const told = [run, world.statusFile(run), world.log, world.changes].map((one) => JSON.stringify(one));
  expect(told.join('').replaceAll('canaryField', '')).not.toContain('canary');
  expect(told[0]?.split(instruction)).toHaveLength(2);
  expect([told[2], told[3]].join('')).not.toContain(instruction);
});

/** Conversations of the guide, none like another. */
const conversations = (count: number, word: string) =>
  [...Array(count).keys()]
    .map((index) =>
      JSON.stringify({
        messages: [
          { author: 'user', content: `${word} ${index}?` },
          { author: 'assistant', content: `answer ${index}` },
          { author: 'user', content: 'Sure?' },
          { author: 'assistant', content: 'Sure.' },
        ],
      }),
    )
    .join('\n');

test('conversations of the guide with their evaluation data are converted, whichever comes first', async () => {
  const world = createWorld();
  const manifest = { evaluation_data_uri: 'eval.jsonl', default_context: 'Be kind.' };
  await world.finalized(world.upload('chat/tune.json', gemini(manifest)));
  expect(world.theRun().status.state).toBe('WAITING');
  await world.finalized(world.upload('chat/train.jsonl', conversations(120, 'train')));
  await world.finalized(world.upload('chat/eval.jsonl', conversations(20, 'eval')));
  const run = world.theRun();
  expect(run.status.state).toBe('VALIDATED');
  const converted = run.status.issues?.filter(({ code }) => code === 'dataset_converted');
  expect(converted?.map(({ found }) => found.split(' in ')[0])).toEqual(['20 examples', '120 examples']);
  const staged = `gs://results/staging/${run.runId}`;
  expect(tuningPlan(run.spec.plan)).toMatchObject({
    trainingDatasetUri: `${staged}/train.contents.jsonl`,
    validationDatasetUri: `${staged}/evaluation.contents.jsonl`,
  });
  const copy = world.objects.text({
    bucket: 'results',
    name: `staging/${run.runId}/evaluation.contents.jsonl`,
  });
  expect(JSON.parse(copy?.split('\n')[0] ?? '')).toMatchObject({
    systemInstruction: { parts: [{ text: 'Be kind.' }] },
    contents: [{ role: 'user' }, { role: 'model' }, { role: 'user' }, { role: 'model' }],
  });
  expect(world.objects.text({ bucket: 'inbox', name: 'chat/eval.jsonl' })).toBe(conversations(20, 'eval'));
});

test('a default context that reaches no example is named', async () => {
  const world = createWorld();
  const row = {
    contents: [
      { role: 'user', parts: [{ text: 'a' }] },
      { role: 'model', parts: [{ text: 'b' }] },
    ],
  };
  world.upload('chat/train.jsonl', JSON.stringify(row));
  await world.finalized(world.upload('chat/tune.json', gemini({ default_context: 'Be kind.' })));
  expect(world.theRun().status.issues?.map(({ code }) => code)).toContain('default_context_not_used');
});

test('a copy that is larger than a training file may be is refused', async () => {
  const world = createWorld();
  const { stat } = world.objects;
  world.objects.stat = async (object) => {
    const found = await stat(object);
    return found && object.name.endsWith('contents.jsonl') ? { ...found, sizeBytes: 1_000_000_001 } : found;
  };
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', gemini()));
  const { status } = world.theRun();
  expect(status.state).toBe('REJECTED');
  expect(status.issues).toMatchObject([{ code: 'dataset_too_large' }, { code: 'dataset_converted' }]);
});

test('nothing is converted of an upload with errors', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', `${examples(20)}{"input_text":""}\n`);
  await world.finalized(world.upload('reviews/tune.json', gemini()));
  const run = world.theRun();
  expect(run.status.state).toBe('REJECTED');
  expect(run.spec.datasets?.dataset_uri?.convertedUri).toBeUndefined();
});

const TUNED = 'projects/1/locations/us-central1/models/123';
const known = {
  ...{ model: TUNED, version: '1', displayName: 'first', baseModel: 'gemini-3.5-flash', runId: 'r' },
  ...{ region: 'us-central1', createTime: '', labels: {} },
};

test('a model of an earlier run is gone on from, and its base model is known', async () => {
  const world = createWorld();
  world.runs.models.set('123', known);
  world.upload('reviews/train.jsonl', examples(120));
  const manifest = { pre_tuned_model: `${TUNED}@1`, checkpoint_id: '2', dataset_uri: 'train.jsonl' };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(manifest)));
  const run = world.theRun();
  expect(run.status.state).toBe('VALIDATED');
  expect(tuningPlan(run.spec.plan)).toMatchObject({
    baseModel: 'gemini-3.5-flash',
    preTunedModel: { tunedModelName: `${TUNED}@1`, checkpointId: '2' },
  });
});

async function goingOn(manifest: object, made: object = {}, project = 'my-project') {
  const world = createWorld();
  world.runs.models.set('123', { ...known, ...made });
  world.upload('reviews/train.jsonl', examples(120));
  const content = {
    pre_tuned_model: `projects/${project}/locations/us-central1/models/123`,
    dataset_uri: 'train.jsonl',
    ...manifest,
  };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(content)));
  const { status, spec } = world.theRun();
  const errors = status.issues?.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return { state: status.state, errors, plan: spec.plan };
}

test('a model of an earlier run is known by the project’s id as by its number', async () => {
  const { state, plan } = await goingOn({});
  expect(state).toBe('VALIDATED');
  expect(tuningPlan(plan).modelDisplayName).toBeUndefined();
});

test.each([
  ['of another project with the same number', {}, {}, 'other', 'pre_tuned_model_not_allowed'],
  [
    'with a version that no run made',
    { pre_tuned_model: `${TUNED}@2` },
    {},
    '1',
    'pre_tuned_model_not_allowed',
  ],
  ['that a pipeline made', {}, { baseModel: 'text-bison@002' }, '1', 'pre_tuned_model_of_pipeline'],
  [
    'that a pipeline made, beside a Gemini model',
    { base_model: 'gemini-3.1-flash-lite', epoch_count: 3 },
    { baseModel: 'text-bison@002' },
    '1',
    'pre_tuned_model_of_pipeline',
  ],
  ['elsewhere than where it lies', { region: 'europe-west4' }, {}, '1', 'invalid_value'],
])('a model %s is refused, once', async (_name, manifest, made, project, code) => {
  expect(await goingOn(manifest, made, project)).toMatchObject({ state: 'REJECTED', errors: [code] });
});

test('a checkpoint that the run of a model does not have is refused', async () => {
  const world = createWorld();
  const result = { model: TUNED, version: '1', checkpoints: [{ id: '1' }] };
  const first = aRun({ folder: 'first', state: 'SUCCEEDED', status: { result } });
  world.runs.documents.set(first.runId, first);
  world.runs.models.set('123', { ...known, runId: first.runId });
  world.upload('reviews/train.jsonl', examples(120));
  const manifest = { pre_tuned_model: TUNED, checkpoint_id: '2', dataset_uri: 'train.jsonl' };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(manifest)));
  const run = [...world.runs.documents.values()].find(({ runId }) => runId !== first.runId);
  expect(run?.status.issues?.map(({ code }) => code).sort()).toEqual([
    'checkpoint_not_known',
    'dataset_converted',
  ]);
});

test('a model that no run made is refused, once', async () => {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  const manifest = { pre_tuned_model: TUNED, dataset_uri: 'train.jsonl' };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(manifest)));
  const errors = world.theRun().status.issues?.filter(({ severity }) => severity === 'error');
  expect(errors?.map(({ code }) => code)).toEqual(['pre_tuned_model_not_allowed']);
});
