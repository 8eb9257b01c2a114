import { describe, expect, test } from 'vitest';
import { PIPELINE_MODELS } from '../../shared/core/models/pipeline-models.ts';
import { howToCall } from '../../shared/core/tuning/how-to-call.ts';
import type { PipelinePlan } from '../../shared/core/tuning/plan.ts';
import { type Found, modelDocument, modelId, resultOf } from '../../shared/core/tuning/results.ts';
import { aPlan } from '../support/runs.ts';
import { observed, someJob } from '../support/some-jobs.ts';

const MODEL = 'projects/123/locations/europe-west4/models/456';
const ENDPOINT = 'projects/123/locations/europe-west4/endpoints/789';

const jobWith = (metadata: Record<string, unknown>) =>
  observed(
    someJob({
      state: 'PIPELINE_STATE_SUCCEEDED',
      tasks: [{ name: 'upload-llm-model', state: 'SUCCEEDED', metadata }],
    }),
  );

describe('the result of a job', () => {
  const EVALUATIONS = [
    { step: 20, loss: 0.5 },
    { step: 40, loss: 0.4 },
    { step: 60, loss: 0.6 },
  ];
  const named = { 'output:model_resource_name': MODEL };
  const cases: {
    name: string;
    metadata: Record<string, unknown>;
    parameters?: PipelinePlan['parameters'];
    found?: Found;
    result: object | undefined;
  }[] = [
    { name: 'is none where no model is named', metadata: {}, result: undefined },
    {
      name: 'has the model with and without its version',
      metadata: { 'output:model_resource_name': ` ${MODEL}@3\n`, 'output:endpoint_resource_name': ENDPOINT },
      result: { model: MODEL, version: '3', modelVersion: `${MODEL}@3`, endpoint: ENDPOINT },
    },
    {
      name: 'takes version and endpoint from the registry where the job does not say them',
      metadata: named,
      found: { registered: { displayName: 'x', labels: {}, version: '2', endpoint: ENDPOINT } },
      result: { model: MODEL, version: '2', modelVersion: `${MODEL}@2`, endpoint: ENDPOINT },
    },
    { name: 'has no version that nobody said', metadata: named, result: { model: MODEL } },
    {
      name: 'has the last evaluation, since without selection the model is the last checkpoint',
      metadata: named,
      found: { evaluations: EVALUATIONS },
      result: { model: MODEL, evaluation: { step: 60, loss: 0.6 } },
    },
    {
      name: 'has no evaluation where a checkpoint was selected and nobody says which',
      metadata: named,
      parameters: { enable_checkpoint_selection: 'true' },
      found: { evaluations: EVALUATIONS },
      result: { model: MODEL },
    },
    {
      name: 'has the evaluation at the checkpoint that the job names, and where it stopped',
      metadata: {
        ...{ ...named, 'output:local_checkpoint_step': '40', 'output:local_early_stop_step': 60 },
        'output:local_early_stop_reason': '5 evaluations without a gain',
      },
      parameters: { enable_checkpoint_selection: true },
      found: { evaluations: EVALUATIONS },
      result: {
        ...{ model: MODEL, checkpointStep: 40, stoppedAtStep: 60 },
        stoppedBecause: '5 evaluations without a gain',
        evaluation: { step: 40, loss: 0.4 },
      },
    },
    {
      name: 'has the word of the job on what was trained',
      metadata: { ...named, 'output:tuned_by': 'No embedding model was trained.' },
      result: { model: MODEL, tunedBy: 'No embedding model was trained.' },
    },
    {
      name: 'infers from the curves that it stopped early, and says so, where the job says nothing',
      metadata: named,
      parameters: { enable_early_stopping: true, evaluation_interval: 20 },
      found: { evaluations: EVALUATIONS, lastStep: 60 },
      result: {
        ...{ model: MODEL, stoppedAtStep: 60, evaluation: { step: 60, loss: 0.6 } },
        stoppedBecause: expect.stringContaining('no evaluation at step 80'),
      },
    },
    {
      name: 'infers nothing where early stopping was off',
      metadata: named,
      parameters: { enable_early_stopping: false, evaluation_interval: 20 },
      found: { evaluations: EVALUATIONS, lastStep: 60 },
      result: { model: MODEL, evaluation: { step: 60, loss: 0.6 } },
    },
    {
      name: 'infers nothing where the training went on after the last evaluation',
      metadata: named,
      parameters: { enable_early_stopping: true, evaluation_interval: 20 },
      found: { evaluations: EVALUATIONS, lastStep: 75 },
      result: { model: MODEL, evaluation: { step: 60, loss: 0.6 } },
    },
    {
      name: 'infers nothing where no more evaluation was due',
      metadata: named,
      parameters: { enable_early_stopping: true, evaluation_interval: 20, train_steps: 75 },
      found: { evaluations: EVALUATIONS, lastStep: 60 },
      result: { model: MODEL, evaluation: { step: 60, loss: 0.6 } },
    },
    {
      name: 'takes no step that is none',
      metadata: { ...named, 'output:checkpoint_step': 'best', 'output:early_stopped_step': '' },
      result: { model: MODEL },
    },
  ];
  test.each(cases)('$name', ({ metadata, parameters = {}, found, result }) => {
    const steps = Number(parameters.train_steps ?? 300);
    const plan = aPlan({ parameters, training: { steps, batchSize: 8 } });
    expect(resultOf(jobWith(metadata), plan, found)).toEqual(result);
  });
});

describe('the mirror of the registry', () => {
  const result = { model: MODEL, version: '1', endpoint: ENDPOINT };

  test('says what the registry says', () => {
    const registered = { displayName: 'theirs', createTime: '2026-03-01T13:00:00Z', labels: { team: 'a' } };
    expect(
      modelDocument(result, { runId: aPlan().runId, plan: aPlan(), job: jobWith({}), registered }),
    ).toEqual({
      model: MODEL,
      version: '1',
      displayName: 'theirs',
      baseModel: 'text-bison@002',
      runId: aPlan().runId,
      endpoint: ENDPOINT,
      region: 'europe-west4',
      createTime: '2026-03-01T13:00:00Z',
      labels: { team: 'a' },
    });
  });

  test('falls back on the plan and the job', () => {
    const job = { ...jobWith({}), endTime: '2026-03-01T14:00:00Z' };
    expect(
      modelDocument(result, { runId: 'r1', plan: aPlan({ modelDisplayName: 'ours' }), job }),
    ).toMatchObject({
      displayName: 'ours',
      createTime: '2026-03-01T14:00:00Z',
      labels: {},
    });
  });

  test.each([
    [MODEL, '456'],
    [`${MODEL}@2`, '456'],
  ])('%s has the document %s', (name, id) => {
    expect(modelId(name)).toBe(id);
  });
});

describe('how to call a tuned model', () => {
  const result = { model: MODEL, version: '1', endpoint: ENDPOINT };
  const bodyOf = (curl: string) => JSON.parse(/-d '([^']*)'/.exec(curl)?.[1] ?? '');

  test.each(PIPELINE_MODELS.map(({ reference, kind }) => ({ reference, kind })))(
    '$reference gets the body of its kind',
    ({ reference, kind }) => {
      const call = howToCall(result, { baseModel: reference, project: 'p' });
      const [instance] = bodyOf(call?.curl ?? '').instances;
      const keys = {
        text: 'content',
        code: 'prefix',
        chat: 'messages',
        codechat: 'messages',
        embedding: 'content',
      };
      expect(Object.keys(instance)).toEqual([keys[kind]]);
      expect(call?.curl).toContain(`"https://europe-west4-aiplatform.googleapis.com/v1/${ENDPOINT}:predict"`);
      expect(call?.curl).toContain('$(gcloud auth print-access-token)');
      expect(call?.python).toContain(kind === 'embedding' ? ENDPOINT : `get_tuned_model("${MODEL}")`);
      expect(call?.first).toBeUndefined();
    },
  );

  test('a model without an endpoint comes with the commands that deploy it', () => {
    const call = howToCall({ model: MODEL }, { baseModel: 'text-embedding-005', project: 'p' });
    expect(call?.first).toContain(
      'gcloud ai endpoints deploy-model ENDPOINT --region=europe-west4 --model=456',
    );
    expect(call?.curl).toContain('/v1/projects/p/locations/europe-west4/endpoints/ENDPOINT:predict');
  });

  test('on the embedded cloud the call goes there, with no token of anybody', () => {
    const call = howToCall(result, {
      baseModel: 'text-bison@002',
      project: 'p',
      origin: 'http://127.0.0.1:9104',
    });
    expect(call?.curl).toContain(`"http://127.0.0.1:9104/v1/${ENDPOINT}:predict"`);
    expect(call?.curl).not.toContain('gcloud');
    expect(call?.python).toBeUndefined();
  });

  test('on the embedded cloud a model without an endpoint has no call: nobody can create an endpoint there', () => {
    const options = { baseModel: 'text-embedding-005', project: 'p', origin: 'http://127.0.0.1:9104' };
    expect(howToCall({ model: MODEL }, options)).toBeUndefined();
  });

  test('a base model that nobody knows has no call', () => {
    expect(howToCall(result, { baseModel: 'x', project: 'p' })).toBeUndefined();
  });
});
