import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import type { JsonObject } from '../../local/vertex/http/json.ts';
import { startVertex, type VertexOptions } from '../../local/vertex/server.ts';
import type { ObjectReader } from '../../local/vertex/storage/objects.ts';

export const TASK_MS = 400;
export const PROJECT_NUMBER = '123456789012';
export const PARENT = '/v1/projects/demo/locations/europe-west4';
/** Pending, four tasks, and a little more. */
export const WHOLE_JOB_MS = TASK_MS * 5 + 1;

const REGISTRY = 'https://us-kfp.pkg.dev/ml-pipeline';
const TEXT_TEMPLATE = `${REGISTRY}/large-language-model-pipelines/tune-large-model/v2.0.0`;
export const CHAT_TEMPLATE = `${REGISTRY}/large-language-model-pipelines/tune-large-chat-model/v3.0.0`;
const EMBEDDING_TEMPLATE = `${REGISTRY}/llm-text-embedding/tune-text-embedding-model/v1.1.4`;

const lines = (count: number, line: (index: number) => object) =>
  Array.from({ length: count }, (_, index) => JSON.stringify(line(index))).join('\n');

export const examples = (count: number) =>
  lines(count, (index) => ({ input_text: `question ${index}`, output_text: 'answer' }));

export const passages = (count: number) => lines(count, (index) => ({ _id: `p${index}`, text: 'text' }));

export const conversations = (count: number) =>
  lines(count, () => ({
    messages: [
      { author: 'user', content: 'hello' },
      { author: 'assistant', content: 'ahoy' },
    ],
  }));

/** The objects that pipelines can read, by URI. */
export type Objects = Map<string, string>;

export const readerOf =
  (objects: Objects): ObjectReader =>
  async (uri) => {
    const text = objects.get(uri);
    if (text === undefined) return undefined;
    return {
      size: text.length,
      generation: '1',
      lines: async function* () {
        yield* text.split('\n');
      },
      bytes: async () => Buffer.from(text, 'latin1'),
    };
  };

/** A folder that is gone after the test. */
export function newDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'vertex-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** A service that runs until the end of the test, with stepped time, and a caller with a token. */
export async function startHarness(options: Partial<VertexOptions> = {}) {
  const clock = createSteppableClock();
  const faults = createFaultScript();
  const objects: Objects = new Map([['gs://data/train.jsonl', examples(12)]]);
  const dataDir = options.dataDir ?? newDataDir();
  const service = await startVertex({
    port: 0,
    clock,
    faults,
    log: () => {},
    projectId: 'demo',
    projectNumber: PROJECT_NUMBER,
    readObject: readerOf(objects),
    taskMs: TASK_MS,
    ...options,
    dataDir,
  });
  onTestFinished(() => service.close());
  const call = createCaller(service.address);
  return { service, clock, faults, objects, dataDir, ...call };
}

export type Answer = { status: number; body: JsonObject };

/** Calls over the real wire; paths below `PARENT` unless they start with a slash. */
export function createCaller(address: string) {
  const send = async (method: string, path: string, body?: object): Promise<Answer> => {
    const url = `http://${address}${path.startsWith('/') ? '' : `${PARENT}/`}${path}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  };
  return {
    send,
    get: (path: string) => send('GET', path),
    create: (id: string, body: object = aJob()) => send('POST', `pipelineJobs?pipelineJobId=${id}`, body),
  };
}

/** A well-formed text job; `parameters` are added to the usual ones, `fields` to the body. */
export function aJob(parameters: object = {}, fields: object = {}) {
  return {
    displayName: 'a job',
    labels: { team: 'search' },
    templateUri: TEXT_TEMPLATE,
    runtimeConfig: {
      gcsOutputDirectory: 'gs://results/out',
      parameterValues: {
        project: 'demo',
        location: 'us-central1',
        model_display_name: 'my model',
        large_model_reference: 'text-bison@002',
        dataset_uri: 'gs://data/train.jsonl',
        ...parameters,
      },
    },
    ...fields,
  };
}

export function anEmbeddingJob() {
  return {
    templateUri: EMBEDDING_TEMPLATE,
    runtimeConfig: {
      gcsOutputDirectory: 'gs://results/out',
      parameterValues: {
        base_model_version_id: 'text-embedding-005',
        queries_path: 'gs://data/queries.jsonl',
        corpus_path: 'gs://data/corpus.jsonl',
        train_label_path: 'gs://data/train.tsv',
        batch_size: '128',
      },
    },
  };
}

/** What a job's answer is asked for in most tests. */
export interface JobBody {
  name: string;
  state: string;
  labels: Record<string, string>;
  createTime: string;
  startTime?: string;
  endTime?: string;
  error?: { code: number; message: string };
  jobDetail: { taskDetails: TaskBody[] };
}

export interface TaskBody {
  taskId: string;
  parentTaskId?: string;
  taskName: string;
  state: string;
  error?: { code: number; message: string };
  execution?: { schemaTitle: string; state: string; metadata: Record<string, string> };
}

export const jobOf = (answer: Answer | JsonObject) =>
  ('body' in answer ? answer.body : answer) as unknown as JobBody;

/** `task: STATE` of each task below the root. */
export const taskStates = (job: JobBody) =>
  job.jobDetail.taskDetails.slice(1).map((task) => `${task.taskName}: ${task.state}`);

export const taskNamed = (job: JobBody, name: string) =>
  job.jobDetail.taskDetails.find((task) => task.taskName === name);
