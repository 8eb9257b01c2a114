/** Asks the tuned model and the base model it came from the same question, over Vertex AI's own REST. */
import { storageReader } from '../../local/vertex/storage/storage-reader.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { multiRegionOf } from '../../shared/core/models/regions.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type Question, questionOf } from './question.ts';

export interface Answers {
  question: Question;
  tuned: string;
  base: string;
}

/** Where a cloud answers: `http://HOST:PORT`. */
export interface Origins {
  storage: string;
  vertex: string;
}

/** Both answers; a string is why there are none. */
export async function askBoth(run: Run, { storage, vertex }: Origins): Promise<Answers | string> {
  try {
    const read = storageReader(storage);
    const question = await questionOf(run, async (uri) => (await read(uri))?.lines?.());
    if (typeof question === 'string') return question;
    const endpoint = servedAt(run);
    if (!endpoint) return 'The tuned model is not deployed to an endpoint.';
    const [tuned = '', base = ''] = await Promise.all(
      [endpoint, publisherModel(run, endpoint)].map((model) => ask(`${vertex}/v1/${model}`, question)),
    );
    return { question, tuned, base };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The endpoint under the name that it has where it answers. */
function servedAt({ status: { endpoint }, spec }: Run): string | undefined {
  const model = findModel(spec.manifest?.base_model ?? '');
  if (model?.backend !== 'tuningJobs' || model.serving !== 'multiRegion') return endpoint;
  return endpoint?.replace(/\/locations\/([^/]+)\//, (_, region) => `/locations/${multiRegionOf(region)}/`);
}

/** The base model, where the endpoint is: `projects/PROJECT/locations/REGION/publishers/google/models/MODEL`. */
function publisherModel({ spec }: Run, endpoint: string): string {
  const parent = endpoint.split('/').slice(0, 4).join('/');
  return `${parent}/publishers/google/models/${spec.manifest?.base_model}`;
}

/** The likeliest answer, so that asking again gives the same. A model that does not find its end writes all of the tokens. */
const SETTINGS = { temperature: 0, maxOutputTokens: 64 };

async function ask(model: string, { request }: Question): Promise<string> {
  if ('generate' in request) {
    const body = { ...request.generate, generationConfig: SETTINGS };
    const { candidates } = await post<GenerateResponse>(`${model}:generateContent`, body);
    return candidates?.[0]?.content?.parts?.map(({ text = '' }) => text).join('') ?? '';
  }
  const body = { instances: [request.instance], parameters: SETTINGS };
  const { predictions } = await post<PredictResponse>(`${model}:predict`, body);
  const [prediction] = predictions ?? [];
  return prediction?.content ?? prediction?.candidates?.[0]?.content ?? '';
}

interface PredictResponse {
  predictions?: { content?: string; candidates?: { content: string }[] }[];
}

interface GenerateResponse {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}

async function post<Answer>(url: string, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer local', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Answer & { error?: { message: string } };
  if (!response.ok) throw new Error(answer.error?.message ?? `Vertex AI answered ${response.status}.`);
  return answer;
}
