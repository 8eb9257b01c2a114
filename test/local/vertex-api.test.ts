import { describe, expect, it } from 'vitest';
import {
  aJob,
  anEmbeddingJob,
  CHAT_TEMPLATE,
  type JobBody,
  jobOf,
  PARENT,
  PROJECT_NUMBER,
  passages,
  startHarness,
  TASK_MS,
  WHOLE_JOB_MS,
} from './vertex-harness.ts';

describe('pipelineJobs.create', () => {
  it('takes snake_case as well as camelCase and keeps the names of parameters and labels', async () => {
    const { send, get } = await startHarness();
    const { runtimeConfig, templateUri } = aJob();
    const body = {
      display_name: 'snake',
      template_uri: templateUri,
      labels: { run_id: 'a' },
      runtime_config: {
        gcs_output_directory: 'gs://results/out',
        parameter_values: runtimeConfig.parameterValues,
      },
    };
    const created = await send('POST', 'pipelineJobs?pipeline_job_id=snake', body);
    expect(created.status).toBe(200);
    expect((await get('pipelineJobs/snake')).body).toMatchObject({
      displayName: 'snake',
      labels: { run_id: 'a' },
      runtimeConfig: {
        gcsOutputDirectory: 'gs://results/out',
        parameterValues: { model_display_name: 'my model' },
      },
      pipelineSpec: { pipelineInfo: { name: 'tune-large-model' } },
    });
  });

  it('makes an id of pipeline name and time when none is given, a new one each time', async () => {
    const { send } = await startHarness();
    const names = [];
    for (let count = 0; count < 2; count += 1) {
      names.push(
        jobOf(await send('POST', 'pipelineJobs', aJob()))
          .name.split('/')
          .at(-1),
      );
    }
    expect(names).toEqual(['tune-large-model-20260101000000', 'tune-large-model-20260101000000-2']);
  });

  it('answers 409 for an id that is taken and leaves the first job as it is', async () => {
    const { create, get } = await startHarness();
    await create('job-1');
    const again = await create('job-1', aJob({}, { displayName: 'another' }));
    expect(again).toEqual({
      status: 409,
      body: {
        error: {
          code: 409,
          message: 'Pipeline job with the specified ID already exists.',
          status: 'ALREADY_EXISTS',
        },
      },
    });
    expect((await get('pipelineJobs/job-1')).body.displayName).toBe('a job');
  });

  it('keeps the same id in two regions apart', async () => {
    const { create, send, get } = await startHarness();
    await create('job-1');
    const other = '/v1/projects/demo/locations/us-central1/pipelineJobs';
    expect((await send('POST', `${other}?pipelineJobId=job-1`, aJob())).status).toBe(200);
    expect((await get(other)).body.pipelineJobs).toMatchObject([
      { name: expect.stringContaining('us-central1') },
    ]);
  });

  it('adds the billing label over whatever was there', async () => {
    const { create } = await startHarness();
    const label = 'vertex-ai-pipelines-run-billing-id';
    const job = jobOf(await create('job-1', aJob({}, { labels: { [label]: 'mine' } })));
    expect(job.labels[label]).toMatch(/^\d+$/);
  });

  const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, 'v']));
  const refused: [name: string, id: string, body: object, message: string][] = [
    ['an id that starts with a digit', '1job', aJob(), 'pipeline_job_id'],
    ['an id in capitals', 'Job', aJob(), 'pipeline_job_id'],
    ['an id of 128 characters', 'j'.repeat(128), aJob(), 'pipeline_job_id'],
    ['an empty id', '', aJob(), 'pipeline_job_id'],
    ['an unknown template', 'job', aJob({}, { templateUri: 'https://x/v9' }), 'https://x/v9'],
    ['no template', 'job', { ...aJob(), templateUri: undefined }, 'template_uri'],
    ['a misspelt parameter', 'job', aJob({ 'accelerator_type:': 'GPU' }), 'accelerator_type:'],
    ['a parameter of another family', 'job', aJob({ default_context: 'x' }), 'default_context'],
    [
      'evaluation for chat',
      'job',
      aJob({ evaluation_data_uri: 'gs://b/o' }, { templateUri: CHAT_TEMPLATE }),
      'evaluation_data_uri',
    ],
    ['a missing parameter', 'job', aJob({ location: undefined }), 'required parameters: location'],
    ['a number for text', 'job', aJob({ model_display_name: 5 }), 'must be STRING, but is 5'],
    ['a fraction for an integer', 'job', aJob({ train_steps: 1.5 }), 'must be NUMBER_INTEGER'],
    ['words for a number', 'job', aJob({ learning_rate_multiplier: 'fast' }), 'must be NUMBER_DOUBLE'],
    ['text for a boolean', 'job', aJob({ enable_early_stopping: 'yes' }), 'must be BOOLEAN'],
    ['a null parameter', 'job', aJob({ train_steps: null }), 'train_steps'],
    ['an unknown field', 'job', aJob({}, { templatUri: 'x' }), 'Unknown name "templatUri"'],
    [
      'a local output directory',
      'job',
      aJob({}, { runtimeConfig: { gcsOutputDirectory: '/x' } }),
      'gcs_output_directory',
    ],
    ['no runtime config', 'job', { ...aJob(), runtimeConfig: undefined }, 'runtime_config'],
    ['a label value with @', 'job', aJob({}, { labels: { model: 'text-bison@002' } }), 'text-bison@002'],
    ['a label key in capitals', 'job', aJob({}, { labels: { Team: 'a' } }), 'Team'],
    ['a label value of 65 characters', 'job', aJob({}, { labels: { a: 'x'.repeat(65) } }), 'label "a"'],
    ['65 labels', 'job', aJob({}, { labels: many }), '64 labels'],
    ['a display name of 129 characters', 'job', aJob({}, { displayName: 'x'.repeat(129) }), 'display_name'],
  ];
  it.each(refused)('refuses %s with 400 and makes nothing', async (_name, id, body, message) => {
    const { create, service } = await startHarness();
    const answer = await create(id, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) } },
    });
    expect(service.jobs()).toEqual([]);
  });

  const taken: [name: string, parameters: object][] = [
    ['numbers that are written as text', { train_steps: '300', learning_rate_multiplier: '1.5' }],
    ['a whole number with a fraction of zero', { train_steps: 300.0 }],
    ['the SDK’s boolean for checkpoint selection', { enable_checkpoint_selection: true }],
    ['the guide’s text for checkpoint selection', { enable_checkpoint_selection: 'default' }],
  ];
  it.each(taken)('takes %s', async (_name, parameters) => {
    const { create } = await startHarness();
    expect((await create('job', aJob(parameters))).status).toBe(200);
  });

  it('answers 429 while the quota of active jobs is used up', async () => {
    const { create, clock } = await startHarness({ quota: { activeJobs: 1 } });
    await create('job-1');
    expect(await create('job-2')).toMatchObject({
      status: 429,
      body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('quota') } },
    });
    await clock.advance(WHOLE_JOB_MS);
    expect((await create('job-2')).status).toBe(200);
  });
});

describe('pipelineJobs.list', () => {
  async function startWithJobs() {
    const harness = await startHarness();
    for (const [id, team] of [
      ['alpha', 'search'],
      ['beta', 'ads'],
      ['gamma', 'search'],
    ] as const) {
      await harness.create(id, aJob({}, { displayName: `the ${id} job`, labels: { team } }));
      await harness.clock.advance(900);
    }
    const ids = async (query: string) => {
      const { body } = await harness.get(`pipelineJobs?${query}`);
      return ((body.pipelineJobs ?? []) as unknown as JobBody[]).map((job) => job.name.split('/').at(-1));
    };
    return { ...harness, ids };
  }

  it('comes newest first, without jobDetail and pipelineSpec', async () => {
    const { get, ids } = await startWithJobs();
    expect(await ids('')).toEqual(['gamma', 'beta', 'alpha']);
    const { pipelineJobs } = (await get('pipelineJobs')).body;
    for (const job of pipelineJobs as object[]) {
      expect(job).not.toHaveProperty('jobDetail');
      expect(job).not.toHaveProperty('pipelineSpec');
    }
  });

  it.each([
    ['a label', 'labels.team="search"', ['gamma', 'alpha']],
    ['a label key', 'labels:team', ['gamma', 'beta', 'alpha']],
    ['a state', 'state="PIPELINE_STATE_SUCCEEDED"', ['alpha']],
    ['a wildcard', 'displayName:"*eta*"', ['beta']],
    ['the user id in camelCase', 'pipelineJobUserId="beta"', ['beta']],
    ['a time', 'create_time>="2026-01-01T00:00:00.900Z"', ['gamma', 'beta']],
    ['both', 'labels.team="search" AND NOT state="PIPELINE_STATE_SUCCEEDED"', ['gamma']],
    ['the pipeline', 'pipeline_name="tune-large-model" AND end_time<"2026-01-01T00:01:00Z"', ['alpha']],
  ])('filters by %s', async (_name, filter, expected) => {
    const { ids } = await startWithJobs();
    expect(await ids(`filter=${encodeURIComponent(filter)}`)).toEqual(expected);
  });

  it('goes through pages in the order asked for, each job once', async () => {
    const { get, create } = await startWithJobs();
    await create('delta');
    const seen: (string | undefined)[] = [];
    let token = '';
    do {
      const { body } = await get(`pipelineJobs?orderBy=create_time&pageSize=1&pageToken=${token}`);
      for (const job of body.pipelineJobs as unknown as JobBody[]) seen.push(job.name.split('/').at(-1));
      token = String(body.nextPageToken ?? '');
    } while (token);
    expect(seen).toEqual(['alpha', 'beta', 'gamma', 'delta']);
  });

  it.each([
    ['a page token of another query', async (token: string) => `pageToken=${token}&filter=labels:team`],
    ['a page token that is none', async () => 'pageToken=abc'],
    ['an order by something else', async () => 'orderBy=display_name'],
    ['a filter that cannot be read', async () => 'filter=state='],
  ])('refuses %s with 400', async (_name, query) => {
    const { get } = await startWithJobs();
    const { body } = await get('pipelineJobs?pageSize=1');
    expect((await get(`pipelineJobs?${await query(String(body.nextPageToken))}`)).status).toBe(400);
  });

  it('keeps only the fields of the read mask', async () => {
    const { get } = await startWithJobs();
    const { body } = await get('pipelineJobs?readMask=name,state,create_time&pageSize=1');
    expect(Object.keys((body.pipelineJobs as object[])[0] ?? {}).sort()).toEqual([
      'createTime',
      'name',
      'state',
    ]);
  });
});

describe('deleting', () => {
  it('removes an ended job by an operation that becomes done, and frees its id', async () => {
    const { create, get, send, clock } = await startHarness();
    await create('job-1');
    expect((await send('DELETE', 'pipelineJobs/job-1')).body.error).toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
    await clock.advance(WHOLE_JOB_MS);
    const { name, done } = (await send('DELETE', 'pipelineJobs/job-1')).body;
    expect(done).toBeUndefined();
    await clock.advance(TASK_MS);
    expect((await get(`/v1/${name}`)).body).toMatchObject({
      done: true,
      response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    });
    expect((await get('pipelineJobs/job-1')).status).toBe(404);
    expect((await create('job-1')).status).toBe(200);
    await clock.advance(WHOLE_JOB_MS);
    const { models } = (await get('/v1/projects/demo/locations/us-central1/models')).body;
    expect(models).toHaveLength(2);
  });

  it('refuses a model that is deployed, and removes one that is not', async () => {
    const { create, get, send, objects, clock } = await startHarness();
    objects.set('gs://data/queries.jsonl', passages(9));
    objects.set('gs://data/corpus.jsonl', passages(9));
    objects.set('gs://data/train.tsv', 'query-id\tcorpus-id\tscore\np1\tp2\t1');
    await create('text');
    await create('embed', anEmbeddingJob());
    await clock.advance(WHOLE_JOB_MS);
    const nameIn = async (location: string) =>
      ((await get(`/v1/projects/demo/locations/${location}/models`)).body.models as { name: string }[])[0]
        ?.name;
    const deployed = await send('DELETE', `/v1/${await nameIn('us-central1')}`);
    expect(deployed.body.error).toMatchObject({ code: 400, status: 'FAILED_PRECONDITION' });
    expect((await send('DELETE', `/v1/${await nameIn('europe-west4')}`)).status).toBe(200);
    expect((await get('models')).body).toEqual({});
  });
});

describe('models', () => {
  it('are found by base model label and by version', async () => {
    const { create, get, clock } = await startHarness();
    await create('job-1');
    await clock.advance(WHOLE_JOB_MS);
    const parent = '/v1/projects/demo/locations/us-central1';
    const filter = encodeURIComponent('labels.google-vertex-llm-tuning-base-model-id="text-bison-002"');
    const { models } = (await get(`${parent}/models?filter=${filter}`)).body;
    const [model] = models as { name: string }[];
    expect(models).toHaveLength(1);
    expect((await get(`/v1/${model?.name}%401`)).body.name).toBe(model?.name);
    expect((await get(`/v1/${model?.name}@default`)).status).toBe(200);
    expect((await get(`/v1/${model?.name}@2`)).status).toBe(404);
    expect((await get(`${parent}/models?filter=${filter.replace('002', '001')}`)).body).toEqual({});
  });
});

describe('callers and addresses', () => {
  it('answers 401 without a bearer token', async () => {
    const { service } = await startHarness();
    const response = await fetch(`http://${service.address}${PARENT}/pipelineJobs`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
  });

  it.each([
    ['the project number', `/v1/projects/${PROJECT_NUMBER}/locations/europe-west4/pipelineJobs/job-1`, 200],
    [
      'query parameters of the system',
      `${PARENT}/pipelineJobs/job-1?$.xgafv=2&$alt=json;enum-encoding=int`,
      200,
    ],
    ['another project', '/v1/projects/other/locations/europe-west4/pipelineJobs/job-1', 403],
    ['another region', '/v1/projects/demo/locations/us-central1/pipelineJobs/job-1', 404],
    ['an unknown job', `${PARENT}/pipelineJobs/job-2`, 404],
    ['an unknown collection', `${PARENT}/customJobs`, 404],
    ['an unknown operation', `${PARENT}/operations/1`, 404],
    ['an unknown endpoint', `${PARENT}/endpoints/1`, 404],
  ])('with %s', async (_name, path, status) => {
    const { create, get } = await startHarness();
    await create('job-1');
    expect((await get(path)).status).toBe(status);
  });

  it('refuses a body that is not JSON', async () => {
    const { service } = await startHarness();
    const response = await fetch(`http://${service.address}${PARENT}/pipelineJobs`, {
      method: 'POST',
      headers: { authorization: 'Bearer token' },
      body: '{oops',
    });
    expect(response.status).toBe(400);
  });
});

describe('scripted faults', () => {
  it('answer once with the ordered status, without the work', async () => {
    const { create, get, faults, service } = await startHarness();
    faults.script('pipelineJobs.create', [{ kind: 'error', status: 503, message: 'later' }]);
    expect(await create('job-1')).toEqual({
      status: 503,
      body: { error: { code: 503, message: 'later', status: 'UNAVAILABLE' } },
    });
    expect(service.jobs()).toEqual([]);
    expect((await create('job-1')).status).toBe(200);
    expect((await get('pipelineJobs/job-1')).status).toBe(200);
    expect(faults.remaining()).toEqual({});
    expect(faults.calls()).toEqual({ 'pipelineJobs.create': 2, 'pipelineJobs.get': 1 });
  });

  it.each([
    ['an error', { kind: 'error', status: 500, afterEffect: true }],
    ['a dropped connection', { kind: 'reset', afterEffect: true }],
  ] as const)('lose the answer of a job that was made, by %s', async (_name, fault) => {
    const { create, faults, service } = await startHarness();
    faults.script('pipelineJobs.create', [fault]);
    const status = await create('job-1').then(
      (answer) => answer.status,
      () => 'reset',
    );
    expect(status).toBe(fault.kind === 'reset' ? 'reset' : 500);
    expect(service.jobs()).toHaveLength(1);
    expect((await create('job-1')).status).toBe(409);
  });
});
