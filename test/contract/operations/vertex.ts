import { expect } from 'vitest';
import { aJob } from '../../local/vertex-harness.ts';
import { anOpenJob, aPreferenceJob, aTuningJob, user } from '../../local/vertex-tuning-harness.ts';
import { type Operation, refused, type ServiceOperations, works } from './operation.ts';
import { connectVertex, LOCATION, type VertexClient, VertexRefusal } from './vertex-client.ts';

type Row = Operation<VertexClient>;

/** A row whose call answers with something that looks like this. */
const answers = (
  name: string,
  probe: (client: VertexClient) => Promise<unknown>,
  { expected, note = '' }: { expected: object; note?: string },
): Row => works(name, async (client) => expect(await probe(client)).toMatchObject(expected), { note });

const notDone = (name: string, path: string, note = ''): Row =>
  refused([name, 'UNIMPLEMENTED'], ({ call }) => call('POST', path, {}), { note });

const absent = (name: string, [method, path]: [string, string], note = ''): Row =>
  refused([name, 'NOT_FOUND'], ({ call }) => call(method, path, method === 'GET' ? undefined : {}), { note });

const ask = { contents: [user('hello')] };

const TUNING_JOBS: readonly Row[] = [
  answers('tuningJobs.create', ({ call }) => call('POST', 'tuningJobs', aTuningJob()), {
    ...{ expected: { state: 'JOB_STATE_PENDING' }, note: 'supervised tuning of Gemini' },
  }),
  answers(
    'tuningJobs.create (preferenceOptimizationSpec)',
    ({ call }) => call('POST', 'tuningJobs', aPreferenceJob()),
    {
      expected: { preferenceOptimizationSpec: {} },
    },
  ),
  answers(
    'tuningJobs.create (preTunedModel)',
    async ({ call, tuned }) => {
      const { baseModel: _, ...job } = aTuningJob();
      return call('POST', 'tuningJobs', {
        ...job,
        preTunedModel: { tunedModelName: (await tuned()).tunedModel.model },
      });
    },
    {
      expected: { preTunedModel: { baseModel: 'gemini-2.5-flash' } },
      note: 'from a model, or one of its checkpoints',
    },
  ),
  answers(
    'tuningJobs.create (open model)',
    ({ call }) => call('POST', `v1beta1/${LOCATION}/tuningJobs`, anOpenJob()),
    {
      ...{
        expected: { outputUri: 'gs://results/open/' },
        note: 'v1beta1; only weights of the small model can be a `customBaseModel`',
      },
    },
  ),
  ...['distillationSpec', 'reinforcementTuningSpec', 'partnerModelTuningSpec', 'veoTuningSpec'].map((spec) =>
    refused<VertexClient>([`tuningJobs.create (${spec})`, 'UNIMPLEMENTED'], ({ call }) =>
      call('POST', `v1beta1/${LOCATION}/tuningJobs`, { baseModel: 'gemini-2.5-flash', [spec]: {} }),
    ),
  ),
  answers('tuningJobs.get', async ({ call, tuned }) => call('GET', `v1/${(await tuned()).name}`), {
    expected: { tunedModel: { model: expect.stringMatching(/@1$/) } },
  }),
  answers(
    'tuningJobs.get (v1beta1)',
    async ({ call, tuned }) => call('GET', `v1beta1/${(await tuned()).name}`),
    {
      ...{ expected: { tuningJobMetadata: { completedEpochCount: '2' } }, note: 'more than v1 shows' },
    },
  ),
  answers(
    'tuningJobs.list',
    async ({ call, tuned }) => (await tuned()) && call('GET', 'tuningJobs?pageSize=1'),
    {
      ...{ expected: { tuningJobs: [{}] }, note: 'pages and filters; no order, no mask' },
    },
  ),
  answers(
    'tuningJobs.cancel',
    async ({ call }) =>
      call('POST', `v1/${(await call('POST', 'tuningJobs', aTuningJob())).name}:cancel`, {}),
    { expected: {} },
  ),
  notDone('tuningJobs.rebaseTunedModel', 'tuningJobs:rebaseTunedModel'),
  notDone('tuningJobs.optimizePrompt', `v1beta1/${LOCATION}/tuningJobs:optimizePrompt`),
  notDone('tuningJobs.processData', `v1beta1/${LOCATION}/tuningJobs:processData`),
  notDone(
    'tuningJobs.validateReinforcementTuningReward',
    `v1beta1/${LOCATION}/tuningJobs:validateReinforcementTuningReward`,
  ),
];

const PIPELINE_JOBS: readonly Row[] = [
  answers('pipelineJobs.create', ({ call }) => call('POST', 'pipelineJobs?pipelineJobId=one', aJob()), {
    ...{ expected: { state: 'PIPELINE_STATE_PENDING' }, note: 'the tuning templates' },
  }),
  answers('pipelineJobs.get', async ({ call, piped }) => call('GET', `v1/${(await piped()).name}`), {
    expected: { jobDetail: { taskDetails: expect.any(Array) } },
  }),
  answers(
    'pipelineJobs.list',
    async ({ call, piped }) => (await piped()) && call('GET', 'pipelineJobs?pageSize=1'),
    {
      expected: { pipelineJobs: [{}] },
    },
  ),
  answers(
    'pipelineJobs.cancel',
    async ({ call }) => call('POST', `v1/${(await call('POST', 'pipelineJobs', aJob())).name}:cancel`, {}),
    { expected: {} },
  ),
  answers(
    'pipelineJobs.delete',
    async ({ call, piped }) => {
      const { name } = await piped();
      return call('DELETE', `v1/${name}`);
    },
    { expected: { name: expect.stringContaining('/operations/') } },
  ),
  absent('pipelineJobs.batchCancel', ['POST', 'pipelineJobs:batchCancel']),
  absent('pipelineJobs.batchDelete', ['POST', 'pipelineJobs:batchDelete']),
];

const MODELS: readonly Row[] = [
  answers('models.get', async ({ call, tuned }) => call('GET', `v1/${(await tuned()).tunedModel.model}`), {
    ...{ expected: { versionId: '1' }, note: 'by version too' },
  }),
  answers('models.list', async ({ call, tuned }) => (await tuned()) && call('GET', 'models'), {
    expected: { models: expect.any(Array) },
  }),
  refused(
    ['models.delete', 'FAILED_PRECONDITION'],
    async ({ call, tuned }) => call('DELETE', `v1/${(await tuned()).tunedModel.model}`),
    { note: 'of a deployed model; others are deleted' },
  ),
  absent('models.upload', ['POST', 'models:upload']),
  absent('models.patch', ['PATCH', 'models/1']),
  answers(
    'endpoints.get',
    async ({ call, tuned }) => call('GET', `v1/${(await tuned()).tunedModel.endpoint}`),
    {
      expected: { deployedModels: [{}] },
    },
  ),
  answers('endpoints.list', async ({ call, tuned }) => (await tuned()) && call('GET', 'endpoints'), {
    expected: { endpoints: expect.any(Array) },
  }),
  absent('endpoints.create', ['POST', 'endpoints']),
  absent('endpoints.deployModel', ['POST', 'endpoints/1:deployModel']),
  absent('endpoints.delete', ['DELETE', 'endpoints/1']),
];

const SERVING: readonly Row[] = [
  ...['generateContent', 'countTokens', 'streamGenerateContent?alt=sse'].flatMap((verb) => {
    const name = verb.split('?')[0] ?? '';
    const expected =
      { countTokens: { totalTokens: 2 }, streamGenerateContent: { events: expect.stringContaining('STOP') } }[
        name
      ] ?? ({ candidates: [{ finishReason: 'STOP' }] } as object);
    return [
      answers(
        `endpoints.${name}`,
        async ({ call, tuned }) => call('POST', `v1/${(await tuned()).tunedModel.endpoint}:${verb}`, ask),
        {
          ...{ expected, note: 'tuned Gemini 3 in `us` or `eu` alone' },
        },
      ),
      answers(
        `publishers.models.${name}`,
        ({ call }) => call('POST', `publishers/google/models/gemini-3.5-flash:${verb}`, ask),
        { expected },
      ),
    ];
  }),
  answers(
    'publishers.models.predict',
    ({ call }) =>
      call('POST', 'publishers/google/models/text-bison@002:predict', { instances: [{ prompt: 'hello' }] }),
    { expected: { predictions: [{}] }, note: 'the models of PaLM' },
  ),
  refused(
    ['endpoints.predict', 'FAILED_PRECONDITION'],
    async ({ call, tuned }) =>
      call('POST', `v1/${(await tuned()).tunedModel.endpoint}:predict`, { instances: [{}] }),
    { note: 'of Gemini; tuned models of PaLM answer' },
  ),
  refused(
    ['models.generateContent', 'INVALID_ARGUMENT'],
    ({ call }) => call('POST', 'models/1:generateContent', ask),
    { note: 'a tuned model is asked at its endpoint' },
  ),
  absent('endpoints.rawPredict', ['POST', 'endpoints/1:rawPredict']),
  absent('publishers.models.embedContent', [
    'POST',
    'publishers/google/models/gemini-embedding-001:embedContent',
  ]),
];

/** The experiment of a finished job in TensorBoard. */
async function experimentOf({
  call,
  tuned,
}: VertexClient): Promise<{ tensorboard: string; experiment: string }> {
  const context = (await call('GET', `v1/${(await tuned()).experiment}`)) as {
    displayName: string;
    metadata: { backing_tensorboard_resource: string };
  };
  const tensorboard = context.metadata.backing_tensorboard_resource;
  return { tensorboard, experiment: `${tensorboard}/experiments/${context.displayName}` };
}

/** The first series of that experiment. */
async function seriesOf(client: VertexClient): Promise<{ tensorboard: string; series: string }> {
  const { tensorboard, experiment } = await experimentOf(client);
  const { tensorboardRuns } = (await client.call('GET', `v1/${experiment}/runs`)) as {
    tensorboardRuns: { name: string }[];
  };
  const listed = (await client.call('GET', `v1/${tensorboardRuns[0]?.name}/timeSeries`)) as {
    tensorboardTimeSeries: { name: string }[];
  };
  return { tensorboard, series: listed.tensorboardTimeSeries[0]?.name ?? '' };
}

const METRICS: readonly Row[] = [
  answers(
    'metadataStores.contexts.get',
    async ({ call, tuned }) => call('GET', `v1/${(await tuned()).experiment}`),
    {
      ...{ expected: { schemaTitle: 'system.Experiment' }, note: 'those of experiments' },
    },
  ),
  answers(
    'metadataStores.contexts.list',
    async ({ call, tuned }) => (await tuned()) && call('GET', 'metadataStores/default/contexts'),
    { expected: { contexts: expect.any(Array) } },
  ),
  answers('tensorboards.create', ({ call }) => call('POST', 'tensorboards', { displayName: 'mine' }), {
    expected: { name: expect.stringContaining('/operations/') },
  }),
  answers('tensorboards.list', ({ call }) => call('GET', 'tensorboards'), {
    expected: { tensorboards: expect.any(Array) },
  }),
  answers(
    'tensorboards.experiments.list',
    async (client) => client.call('GET', `v1/${(await experimentOf(client)).tensorboard}/experiments`),
    {
      expected: { tensorboardExperiments: expect.any(Array) },
    },
  ),
  answers(
    'tensorboards.experiments.runs.list',
    async (client) => client.call('GET', `v1/${(await experimentOf(client)).experiment}/runs`),
    {
      expected: { tensorboardRuns: [{}] },
    },
  ),
  answers(
    'tensorboards.experiments.runs.timeSeries.read',
    async (client) => client.call('GET', `v1/${(await seriesOf(client)).series}:read`),
    {
      expected: { timeSeriesData: { values: expect.any(Array) } },
    },
  ),
  answers(
    'tensorboards.batchRead',
    async (client) => {
      const { tensorboard, series } = await seriesOf(client);
      return client.call('GET', `v1/${tensorboard}:batchRead?timeSeries=${encodeURIComponent(series)}`);
    },
    { expected: { timeSeriesData: [{}] } },
  ),
  answers(
    'operations.get',
    async ({ call }) =>
      call('GET', `v1/${(await call('POST', 'tensorboards', { displayName: 'mine' })).name}`),
    { expected: { metadata: {} } },
  ),
  absent('tensorboards.delete', ['DELETE', 'tensorboards/7']),
];

export const VERTEX_OPERATIONS: ServiceOperations<VertexClient> = {
  service: 'Vertex AI',
  about:
    'Resources below `projects.locations`, in `v1` and `v1beta1`, by REST. A method that is not in this table is 404 NOT_FOUND.',
  operations: [...TUNING_JOBS, ...PIPELINE_JOBS, ...MODELS, ...SERVING, ...METRICS],
  // The methods of tuning jobs in both discovery documents; of the other resources the ones that tuning needs have rows.
  every: [
    ...['create', 'get', 'list', 'cancel', 'rebaseTunedModel', 'optimizePrompt', 'processData'],
    'validateReinforcementTuningReward',
  ].map((method) => `tuningJobs.${method}`),
  refusalOf: (error) => (error instanceof VertexRefusal ? error.message : undefined),
  connect: connectVertex,
  emulator: undefined,
};
