import { systemClock } from '../../../local/clock.ts';
import { startVertex } from '../../../local/vertex/server.ts';
import { createLocalTrainer } from '../../../local/vertex/training/local-trainer.ts';
import { createFakeTuner } from '../../local/vertex-fake-tuner.ts';
import { aJob } from '../../local/vertex-harness.ts';
import { aTuningJob, geminiRows, preferenceRows, promptRows } from '../../local/vertex-tuning-harness.ts';
import { serviceOptions } from '../../support/service-options.ts';
import type { Connected } from './operation.ts';

const PROJECT = { projectId: 'operations', projectNumber: '1234' };
export const LOCATION = `projects/${PROJECT.projectNumber}/locations/us-central1`;
const TENSORBOARD = `${LOCATION}/tensorboards/7`;

const OBJECTS: Readonly<Record<string, string>> = {
  'gs://data/train.jsonl': geminiRows(20),
  'gs://data/preferences.jsonl': preferenceRows(12),
  'gs://data/prompts.jsonl': promptRows(40),
  'gs://data/guide.jsonl': Array(12).fill('{"input_text": "a", "output_text": "b"}').join('\n'),
};

/** A refusal, by the name of its status. */
export class VertexRefusal extends Error {}

type JsonBody = Record<string, unknown>;

export interface VertexClient {
  /** Calls `METHOD path`, below the location unless it starts with a version; rejects with a VertexRefusal. */
  call(method: string, path: string, body?: object): Promise<JsonBody>;
  /** A tuning job and a pipeline job that have succeeded; each is made once. */
  tuned(): Promise<TunedJob>;
  piped(): Promise<JsonBody>;
}

export interface TunedJob {
  name: string;
  experiment: string;
  tunedModel: { model: string; endpoint: string };
}

/** The REST interface by `fetch`: Google's clients for single resources have tests of their own. */
export async function connectVertex(): Promise<Connected<VertexClient>> {
  const service = await startVertex({
    ...{ ...serviceOptions(), ...PROJECT, taskMs: 2, tensorboards: [TENSORBOARD] },
    tuningJobs: { concurrentJobs: 100 },
    trainer: createLocalTrainer({ tuner: createFakeTuner() }),
    readObject: async (uri) => {
      const text = OBJECTS[uri];
      if (text === undefined) return undefined;
      const lines = async function* () {
        yield* text.split('\n');
      };
      return { size: text.length, generation: '1', lines };
    },
  });
  const call: VertexClient['call'] = async (method, path, body) => {
    const below = /^v1(?:beta1)?\//.test(path) ? path : `v1/${LOCATION}/${path}`;
    const response = await fetch(`http://${service.address}/${below}`, {
      method,
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (response.ok) return text.startsWith('data: ') ? { events: text } : JSON.parse(text);
    throw new VertexRefusal((JSON.parse(text) as { error: { status: string } }).error.status);
  };
  const succeeded = async (path: string, body: object): Promise<JsonBody> => {
    const { name } = await call('POST', path, body);
    for (;;) {
      const job = await call('GET', `v1/${name}`);
      if (String(job.state).endsWith('_SUCCEEDED')) return job;
      if (/FAILED|CANCELLED/.test(String(job.state))) throw new Error(JSON.stringify(job));
      await new Promise<void>((resolve) => systemClock.after(5, resolve));
    }
  };
  let tuned: Promise<JsonBody> | undefined;
  let piped: Promise<JsonBody> | undefined;
  const parameters = {
    dataset_uri: 'gs://data/guide.jsonl',
    tensorboard_resource_id: TENSORBOARD,
    location: 'us-central1',
  };
  const client: VertexClient = {
    call,
    tuned: async () => {
      tuned ??= succeeded('tuningJobs', aTuningJob());
      return (await tuned) as unknown as TunedJob;
    },
    piped: () => {
      piped ??= succeeded('pipelineJobs', aJob(parameters));
      return piped;
    },
  };
  return { client, close: service.close };
}
