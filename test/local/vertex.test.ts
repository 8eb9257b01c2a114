import { describe, expect, it } from 'vitest';
import type { Trainer } from '../../local/vertex/training/trainer.ts';
import {
  aJob,
  anEmbeddingJob,
  CHAT_TEMPLATE,
  conversations,
  examples,
  jobOf,
  PROJECT_NUMBER,
  passages,
  startHarness,
  TASK_MS,
  taskNamed,
  taskStates,
  WHOLE_JOB_MS,
} from './vertex-harness.ts';

describe('the life of a job', () => {
  it('starts pending, runs task after task and ends succeeded', async () => {
    const { create, get, clock } = await startHarness();
    const created = await create('job-1');
    expect(created.status).toBe(200);
    expect(jobOf(created)).toMatchObject({
      name: `projects/${PROJECT_NUMBER}/locations/europe-west4/pipelineJobs/job-1`,
      state: 'PIPELINE_STATE_PENDING',
      createTime: '2026-01-01T00:00:00.000Z',
      serviceAccount: `${PROJECT_NUMBER}-compute@developer.gserviceaccount.com`,
    });

    const seen: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      await clock.advance(TASK_MS);
      const job = jobOf(await get('pipelineJobs/job-1'));
      seen.push(`${job.state.slice('PIPELINE_STATE_'.length)} ${taskStates(job).at(-1)}`);
    }
    expect(seen).toEqual([
      'RUNNING vertex-pipelines-prompt-validation: RUNNING',
      'RUNNING large-language-model-tuner: RUNNING',
      'RUNNING upload-llm-model: RUNNING',
      'RUNNING deployment-graph: RUNNING',
      'SUCCEEDED deployment-graph: SUCCEEDED',
    ]);
    const job = jobOf(await get('pipelineJobs/job-1'));
    expect(job).toMatchObject({
      startTime: '2026-01-01T00:00:00.400Z',
      endTime: '2026-01-01T00:00:02.000Z',
      updateTime: '2026-01-01T00:00:02.000Z',
    });
    expect(job.error).toBeUndefined();
  });

  it('leaves a model with the job’s labels in the upload region, deployed at an endpoint of the same name', async () => {
    const { create, get, clock } = await startHarness();
    await create('job-1');
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/job-1'));
    const root = job.jobDetail.taskDetails[0];
    const uploaded =
      taskNamed(job, 'upload-llm-model')?.execution?.metadata['output:model_resource_name'] ?? '';
    const endpointName = root?.execution?.metadata['output:endpoint_resource_name'] ?? '';
    expect(uploaded).toMatch(new RegExp(`^projects/${PROJECT_NUMBER}/locations/us-central1/models/\\d+@1$`));
    expect(root).toMatchObject({ taskName: 'job-1', state: 'SUCCEEDED' });
    expect(root?.execution).toMatchObject({
      schemaTitle: 'system.Run',
      state: 'COMPLETE',
      metadata: { 'output:model_resource_name': uploaded, 'input:dataset_uri': 'gs://data/train.jsonl' },
    });

    const model = (await get(`/v1/${uploaded}`)).body;
    expect(model).toMatchObject({
      name: uploaded.replace('@1', ''),
      displayName: 'my model',
      versionId: '1',
      pipelineJob: job.name,
      modelSourceInfo: { sourceType: 'GENIE' },
      labels: {
        team: 'search',
        'google-vertex-llm-tuning-base-model-id': 'text-bison-002',
        'tune-type': 'supervised',
      },
      deployedModels: [{ endpoint: endpointName }],
    });
    const endpoint = (await get(`/v1/${endpointName}`)).body;
    expect(endpoint).toMatchObject({ displayName: 'my model', deployedModels: [{ model: model.name }] });
  });

  it('says at every place that nothing was trained', async () => {
    const { create, get, send, service, clock } = await startHarness();
    await create('job-1');
    await clock.advance(WHOLE_JOB_MS);
    const [model] = (await get('/v1/projects/demo/locations/us-central1/models')).body.models as object[];
    const [endpoint] = (await get('/v1/projects/demo/locations/us-central1/endpoints')).body.endpoints as {
      name: string;
    }[];
    const standIn = expect.stringContaining('no model was trained');
    expect(model).toMatchObject({
      description: standIn,
      versionDescription: standIn,
      labels: { 'stand-in': 'no-model-was-trained' },
    });
    expect(endpoint).toMatchObject({ description: standIn, labels: { 'stand-in': 'no-model-was-trained' } });
    const [job] = service.jobs();
    expect(taskNamed(jobOf(job ?? {}), 'large-language-model-tuner')?.execution?.metadata).toMatchObject({
      'output:tuned_by': standIn,
    });
    const predicted = await send('POST', `/v1/${endpoint?.name}:predict`, {
      instances: [{ prompt: 'hello' }],
    });
    expect(predicted).toMatchObject({ status: 501, body: { error: { code: 501, status: 'UNIMPLEMENTED' } } });
    expect(predicted.body.error).toMatchObject({ message: standIn });
  });

  it('writes task ids as decimal strings of signed 64-bit numbers, children below the root', async () => {
    const { create, service, clock } = await startHarness();
    for (const id of ['a', 'b', 'c', 'd']) await create(id);
    await clock.advance(WHOLE_JOB_MS);
    const details = service.jobs().flatMap((job) => {
      const [root, ...children] = jobOf(job).jobDetail.taskDetails;
      for (const child of children) expect(child.parentTaskId).toBe(root?.taskId);
      return [root, ...children].map((task) => task?.taskId ?? '');
    });
    expect(new Set(details).size).toBe(details.length);
    for (const id of details) expect(BigInt.asIntN(64, BigInt(id)).toString()).toBe(id);
  });

  it('uploads an embedding model where the job runs and does not deploy it', async () => {
    const { create, get, objects, clock } = await startHarness();
    objects.set('gs://data/queries.jsonl', passages(9));
    objects.set('gs://data/corpus.jsonl', passages(9));
    objects.set('gs://data/train.tsv', 'query-id\tcorpus-id\tscore\np1\tp2\t1');
    await create('embed', anEmbeddingJob());
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/embed'));
    expect(taskStates(job)).toEqual([
      'text-embedding-trainer: SUCCEEDED',
      'text-embedding-evaluator: SUCCEEDED',
      'text-embedding-model-uploader: SUCCEEDED',
    ]);
    const { models } = (await get('models')).body;
    expect(models).toMatchObject([
      { displayName: 'tuned-text-embedding-model', modelSourceInfo: { sourceType: 'CUSTOM_TEXT_EMBEDDING' } },
    ]);
    expect((await get('endpoints')).body).toEqual({});
  });
});

describe('a job that fails', () => {
  const MISSING = 'gs://data/missing.jsonl';
  const bad: [name: string, job: object, content: string | undefined, message: string][] = [
    ['no such object', aJob({ dataset_uri: MISSING }), undefined, 'does not exist or cannot be read'],
    ['no such evaluation data', aJob({ evaluation_data_uri: MISSING }), undefined, 'evaluation_data_uri'],
    ['a doubled scheme', aJob({ dataset_uri: 'gs://gs://data/train.jsonl' }), undefined, 'not the URI'],
    ['an empty object', aJob({ dataset_uri: MISSING }), '', 'the object is empty'],
    ['a line that is no JSON', aJob({ dataset_uri: MISSING }), `${examples(11)}\n{oops`, 'line 12'],
    ['a record without a key', aJob({ dataset_uri: MISSING }), '{"input_text":"a"}', 'line 1 does not hold'],
    ['too few records', aJob({ dataset_uri: MISSING }), examples(9), 'it has 9 records'],
    ['chat data for a text model', aJob({ dataset_uri: MISSING }), conversations(12), 'line 1 does not hold'],
    ['no data set', aJob({ dataset_uri: '' }), undefined, 'dataset_uri is not set'],
    [
      'a model of another family',
      aJob({ large_model_reference: 'chat-bison@002' }),
      undefined,
      'Invalid model id: chat-bison@002 provided.',
    ],
    ['an upload region without tuning', aJob({ location: 'us-east1' }), undefined, 'us-east1'],
    [
      'a key outside us-central1',
      aJob({ location: 'us-west1', encryption_spec_key_name: 'k' }),
      undefined,
      'encryption_spec_key_name',
    ],
  ];
  it.each(bad)('fails its validation task over %s', async (_name, body, content, message) => {
    const { create, get, objects, clock } = await startHarness();
    if (content !== undefined) objects.set(MISSING, content);
    expect((await create('bad', body)).status).toBe(200);
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/bad'));
    expect(job.state).toBe('PIPELINE_STATE_FAILED');
    const task = taskNamed(job, 'vertex-pipelines-prompt-validation');
    expect(task?.error?.code).toBe(3);
    expect(task?.error?.message).toContain('code=INVALID_ARGUMENT, message=');
    expect(task?.error?.message).toContain(message);
    expect(task?.error?.message).toContain(', cause=null; Failed to create custom job.');
    expect(taskStates(job).slice(1)).toEqual([
      'large-language-model-tuner: NOT_TRIGGERED',
      'upload-llm-model: NOT_TRIGGERED',
      'deployment-graph: NOT_TRIGGERED',
    ]);
  });

  it('takes chat data for a chat model', async () => {
    const { create, get, objects, clock } = await startHarness();
    objects.set('gs://data/chat.jsonl', conversations(10));
    const parameters = { dataset_uri: 'gs://data/chat.jsonl', large_model_reference: 'chat-bison-32k@002' };
    await create(
      'chat',
      aJob({ ...parameters, default_context: 'a pirate' }, { templateUri: CHAT_TEMPLATE }),
    );
    await clock.advance(WHOLE_JOB_MS);
    expect(jobOf(await get('pipelineJobs/chat')).state).toBe('PIPELINE_STATE_SUCCEEDED');
  });

  it('has the useless summary on top and the cause in the task', async () => {
    const { create, get, service, clock } = await startHarness();
    service.failNextJob({
      task: 'large-language-model-tuner',
      code: 'RESOURCE_EXHAUSTED',
      message: 'The following quota metrics exceed quota limits: aiplatform.googleapis.com/x',
    });
    await create('job-1');
    await create('job-2');
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/job-1'));
    expect(job.state).toBe('PIPELINE_STATE_FAILED');
    expect(job.error?.code).toBe(9);
    expect(job.error?.message).toMatch(
      /^The DAG failed because some tasks failed\. The failed tasks are: \[large-language-model-tuner\]\.; Job \(project_id = demo, job_id = \d+\) is failed due to the above error\./,
    );
    const cause = taskNamed(job, 'large-language-model-tuner')?.error;
    expect(cause?.code).toBe(8);
    expect(cause?.message).toContain('code=RESOURCE_EXHAUSTED, message=The following quota metrics exceed');
    expect(job.jobDetail.taskDetails[0]?.state).toBe('FAILED');
    expect(jobOf(await get('pipelineJobs/job-2')).state).toBe('PIPELINE_STATE_SUCCEEDED');
  });

  it('refuses to script a failure of a task that no pipeline has', async () => {
    const { service } = await startHarness();
    const task = 'no-such-task' as 'upload-llm-model';
    expect(() => service.failNextJob({ task, code: 'INTERNAL', message: '' })).toThrow('no-such-task');
  });

  it('fails with INTERNAL when the storage cannot be reached', async () => {
    const { create, get, clock } = await startHarness({
      readObject: () => Promise.reject(new Error('refused')),
    });
    await create('job-1');
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/job-1'));
    expect(taskNamed(job, 'vertex-pipelines-prompt-validation')?.error).toMatchObject({ code: 13 });
  });
});

describe('a job that is cancelled', () => {
  it('is first cancelling, then cancelled with error code 1 and no model', async () => {
    const { create, get, send, clock } = await startHarness();
    await create('job-1');
    await clock.advance(TASK_MS * 2 + 10);
    expect(await send('POST', 'pipelineJobs/job-1:cancel', {})).toEqual({ status: 200, body: {} });
    expect(jobOf(await get('pipelineJobs/job-1')).state).toBe('PIPELINE_STATE_CANCELLING');
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/job-1'));
    expect(job).toMatchObject({ state: 'PIPELINE_STATE_CANCELLED', error: { code: 1 } });
    expect(taskStates(job)).toEqual([
      'vertex-pipelines-prompt-validation: SUCCEEDED',
      'large-language-model-tuner: CANCELLED',
      'upload-llm-model: NOT_TRIGGERED',
      'deployment-graph: NOT_TRIGGERED',
    ]);
    expect((await get('/v1/projects/demo/locations/us-central1/models')).body).toEqual({});
  });

  it('never starts when it is cancelled while pending', async () => {
    const { create, get, send, clock } = await startHarness();
    await create('job-1');
    await clock.advance(TASK_MS - 10);
    await send('POST', 'pipelineJobs/job-1:cancel');
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/job-1'));
    expect(job.state).toBe('PIPELINE_STATE_CANCELLED');
    expect(job.startTime).toBeUndefined();
  });

  it('still succeeds when the request arrives at the end of its last task', async () => {
    const { create, get, send, clock } = await startHarness();
    await create('job-1');
    await clock.advance(TASK_MS * 5 - 10);
    await send('POST', 'pipelineJobs/job-1:cancel');
    expect(jobOf(await get('pipelineJobs/job-1')).state).toBe('PIPELINE_STATE_CANCELLING');
    await clock.advance(WHOLE_JOB_MS);
    expect(jobOf(await get('pipelineJobs/job-1')).state).toBe('PIPELINE_STATE_SUCCEEDED');
    await send('POST', 'pipelineJobs/job-1:cancel');
    expect(jobOf(await get('pipelineJobs/job-1')).state).toBe('PIPELINE_STATE_SUCCEEDED');
  });
});

describe('a trainer', () => {
  const provenance = () => ({ labels: { trainer: 'test' }, description: 'trained by a test' });

  it('is told what to tune, and its artifact becomes the model’s', async () => {
    const tuned: unknown[] = [];
    const trainer: Trainer = {
      provenance,
      async *tune({ signal: _, plan, ...task }) {
        tuned.push({ ...task, plan: await plan() });
        yield { kind: 'finished', artifactUri: 'gs://results/out/model' };
      },
      generate: async ({ family }, segments) => ({ text: `${family} ${segments[0]?.text}`, isEnded: true }),
    };
    const { create, get, send, service, clock } = await startHarness({ trainer });
    await create('job-1', aJob({ train_steps: '30' }));
    await clock.advance(WHOLE_JOB_MS);
    expect(tuned).toMatchObject([
      {
        jobName: jobOf(service.jobs()[0] ?? {}).name,
        family: 'text',
        baseModel: 'text-bison@002',
        plan: { steps: 30, batchSize: 8, examples: { length: 12 } },
        artifactDirectory: expect.stringMatching(
          /^gs:\/\/results\/out\/123456789012\/job-1\/large-language-model-tuner_-?\d+$/,
        ),
      },
    ]);
    const { body } = await get('/v1/projects/demo/locations/us-central1/endpoints');
    const [endpoint] = body.endpoints as { name: string }[];
    const { models } = (await get('/v1/projects/demo/locations/us-central1/models')).body;
    expect(models).toMatchObject([{ artifactUri: 'gs://results/out/model', labels: { trainer: 'test' } }]);
    const [model] = models as { name: string }[];
    expect(await send('POST', `/v1/${endpoint?.name}:predict`, { instances: [{ prompt: 'hi' }] })).toEqual({
      status: 200,
      body: {
        predictions: [expect.objectContaining({ content: 'text hi' })],
        deployedModelId: expect.stringMatching(/^\d+$/),
        model: model?.name,
        modelDisplayName: 'my model',
        modelVersionId: '1',
      },
    });
  });

  it('is aborted by a cancellation that takes effect while it tunes', async () => {
    const aborted = Promise.withResolvers<void>();
    const trainer: Trainer = {
      provenance,
      async *tune({ signal }) {
        signal.addEventListener('abort', () => aborted.resolve());
        await aborted.promise;
        yield { kind: 'finished' };
      },
      generate: async () => ({ text: '', isEnded: true }),
    };
    const { create, get, send, clock } = await startHarness({ trainer });
    await create('job-1');
    await clock.advance(TASK_MS * 20);
    expect(taskStates(jobOf(await get('pipelineJobs/job-1'))).at(-1)).toBe(
      'large-language-model-tuner: RUNNING',
    );
    await send('POST', 'pipelineJobs/job-1:cancel');
    await clock.advance(TASK_MS);
    await aborted.promise;
    await clock.advance(WHOLE_JOB_MS);
    expect(jobOf(await get('pipelineJobs/job-1')).state).toBe('PIPELINE_STATE_CANCELLED');
  });
});
