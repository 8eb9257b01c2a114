/** Asks the tuned model and the base model it came from the same question, over Vertex AI's own REST. */
import { storageReader } from '../../local/vertex/storage/storage-reader.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type PredictInstance, type Question, questionOf } from './question.ts';

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
    const { endpoint } = run.status;
    if (!endpoint) return 'The tuned model is not deployed to an endpoint.';
    const [tuned = '', base = ''] = await Promise.all(
      [endpoint, publisherModel(run, endpoint)].map((model) =>
        predict(`${vertex}/v1/${model}:predict`, question.instance),
      ),
    );
    return { question, tuned, base };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The base model, where the endpoint is: `projects/PROJECT/locations/REGION/publishers/google/models/MODEL`. */
function publisherModel({ spec }: Run, endpoint: string): string {
  const parent = endpoint.split('/').slice(0, 4).join('/');
  return `${parent}/publishers/google/models/${spec.manifest?.base_model}`;
}

interface PredictResponse {
  predictions?: { content?: string; candidates?: { content: string }[] }[];
  error?: { message: string };
}

/** The likeliest answer, so that asking again gives the same. A model that does not find its end writes all of the tokens. */
const PARAMETERS = { temperature: 0, maxOutputTokens: 64 };

async function predict(url: string, instance: PredictInstance): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer local', 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [instance], parameters: PARAMETERS }),
  });
  const { predictions, error } = (await response.json()) as PredictResponse;
  if (!response.ok) throw new Error(error?.message ?? `Vertex AI answered ${response.status}.`);
  const [prediction] = predictions ?? [];
  return prediction?.content ?? prediction?.candidates?.[0]?.content ?? '';
}
