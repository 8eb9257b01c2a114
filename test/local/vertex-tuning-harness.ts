import type { JsonObject } from '../../local/vertex/http/json.ts';
import type { VertexOptions } from '../../local/vertex/server.ts';
import { createLocalTrainer } from '../../local/vertex/training/local-trainer.ts';
import { createFakeTuner, type FakeTunerOptions } from './vertex-fake-tuner.ts';
import { type Answer, startHarness, TASK_MS } from './vertex-harness.ts';

export const LOCATION = 'projects/demo/locations/us-central1';
/** Pending, four stages, and a little more. */
export const WHOLE_TUNING_MS = TASK_MS * 6 + 1;
export const TRAIN = 'gs://data/train.jsonl';
export const VALIDATION = 'gs://data/validation.jsonl';

const jsonLines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

export const user = (text: string) => ({ role: 'user', parts: [{ text }] });
export const model = (text: string) => ({ role: 'model', parts: [{ text }] });

/** Rows of a supervised data set. */
export const geminiRows = (count: number) =>
  jsonLines(
    Array.from({ length: count }, (_, index) => ({ contents: [user(`question ${index}`), model('answer')] })),
  );

export const preferenceRows = (count: number) =>
  jsonLines(
    Array.from({ length: count }, (_, index) => ({
      contents: [user(`question ${index}`)],
      completions: [
        { score: 1, completion: model('yes') },
        { score: 0, completion: model('no') },
      ],
    })),
  );

export const promptRows = (count: number) =>
  jsonLines(
    Array.from({ length: count }, (_, index) => ({ prompt: `question ${index}`, completion: 'answer' })),
  );

/** What a job's answer is asked for in most tests. */
export interface TuningBody {
  name: string;
  state: string;
  tuningJobState?: string;
  tuningJobMetadata?: { completedEpochCount: string; completedStepCount: string };
  createTime: string;
  startTime?: string;
  endTime?: string;
  baseModel?: string;
  preTunedModel?: JsonObject;
  tunedModelDisplayName: string;
  supervisedTuningSpec?: { hyperParameters?: JsonObject };
  labels?: Record<string, string>;
  error?: { code: number; message: string };
  experiment?: string;
  tunedModel?: {
    model: string;
    endpoint: string;
    checkpoints?: { checkpointId: string; epoch: string; step: string; endpoint: string }[];
  };
  tuningDataStats?: Record<string, JsonObject>;
}

export const tuningOf = (answer: Answer | JsonObject) =>
  ('body' in answer ? answer.body : answer) as unknown as TuningBody;

export interface JobOverrides {
  hyperParameters?: object;
  spec?: object;
  fields?: object;
}

/** A supervised job of a Gemini model; the overrides are added to its parts. */
export const aTuningJob = ({ hyperParameters = {}, spec = {}, fields = {} }: JobOverrides = {}) => ({
  baseModel: 'gemini-2.5-flash',
  supervisedTuningSpec: {
    trainingDatasetUri: TRAIN,
    hyperParameters: { epochCount: '2', ...hyperParameters },
    ...spec,
  },
  ...fields,
});

export const aPreferenceJob = (fields: object = {}) => ({
  baseModel: 'gemini-2.5-flash-lite',
  preferenceOptimizationSpec: {
    trainingDatasetUri: 'gs://data/preferences.jsonl',
    hyperParameters: { epochCount: 2, beta: 0.2 },
  },
  ...fields,
});

export const anOpenJob = ({ hyperParameters = {}, spec = {}, fields = {} }: JobOverrides = {}) => ({
  baseModel: 'qwen/qwen3@qwen3-32b',
  supervisedTuningSpec: {
    trainingDatasetUri: 'gs://data/prompts.jsonl',
    hyperParameters: { epochCount: 2, ...hyperParameters },
    ...spec,
  },
  outputUri: 'gs://results/open/',
  ...fields,
});

/** The service with data sets for every kind of job, and what most tests do with it. */
export async function startTuning(options: Partial<VertexOptions> = {}) {
  const harness = await startHarness(options);
  const { objects, clock, send, get } = harness;
  objects.set(TRAIN, geminiRows(20));
  objects.set(VALIDATION, geminiRows(5));
  objects.set('gs://data/preferences.jsonl', preferenceRows(12));
  objects.set('gs://data/prompts.jsonl', promptRows(40));
  const createJob = (body: object = aTuningJob(), version = 'v1') =>
    send('POST', `/${version}/${LOCATION}/tuningJobs`, body);
  const jobNamed = async (name: string, version = 'v1') => tuningOf(await get(`/${version}/${name}`));
  return {
    ...harness,
    createJob,
    jobNamed,
    listed: async (query = '') => (await get(`/v1/${LOCATION}/tuningJobs${query}`)).body,
    /** Creates the job, takes it to its end and gives it as v1beta1 has it then. */
    finished: async (body: object = aTuningJob(), version = 'v1'): Promise<TuningBody> => {
      const { name } = tuningOf(await createJob(body, version));
      await clock.advance(WHOLE_TUNING_MS);
      return jobNamed(name, 'v1beta1');
    },
  };
}

/** `FIELD: MESSAGE` of every violation of a refusal. */
export function violationsOf({ body }: Answer): string[] {
  const { details = [] } = body.error as {
    details?: { fieldViolations?: { field: string; description: string }[] }[];
  };
  return details.flatMap(({ fieldViolations = [] }) =>
    fieldViolations.map(({ field, description }) => `${field}: ${description}`),
  );
}

/** The same with a tuner, though not a real one. */
export async function startWithTuner(
  tunerOptions: FakeTunerOptions = {},
  options: Partial<VertexOptions> = {},
) {
  const tuner = createFakeTuner(tunerOptions);
  return { tuner, ...(await startTuning({ trainer: createLocalTrainer({ tuner }), ...options })) };
}

export const ask = (text: string) => ({
  contents: [user(text)],
  generationConfig: { temperature: 0, maxOutputTokens: 9 },
});

/** What the fake tuner says of itself: with which weights it answered, and what it read. */
export const answered = ({ body }: { body: object }) => {
  const { candidates } = body as { candidates: { content: { parts: { text: string }[] } }[] };
  return JSON.parse(candidates[0]?.content.parts[0]?.text ?? '{}') as { adapter: string; read: string };
};
