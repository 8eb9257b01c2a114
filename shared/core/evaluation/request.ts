import { findModel, type Model } from '../models/models.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import { servingOf } from '../tuning/calls/generate.ts';
import type { Question } from './question.ts';

/** A call of Vertex AI that asks a model one question. */
export interface ModelRequest {
  /** Resource name of an endpoint or of a publisher's model, in the location where it answers. */
  model: string;
  verb: 'generateContent' | 'predict';
  body: object;
}

/** The two that are compared, under the names that they have where they answer. */
export interface Contestants {
  tuned: string;
  base: string;
}

/** Where a tuned model and its base are asked. A tuned Gemini model answers in the multi-region of its own. */
export function contestantsOf(endpoint: string, base: Model): Contestants {
  const tuned = base.backend === 'tuningJobs' ? servingOf(endpoint, base).endpoint : endpoint;
  const parent = tuned.split('/').slice(0, 4).join('/');
  return { tuned, base: publisherModel(parent, base) };
}

/** Where a judge is asked beside a tuned model: in the location of that model, or in the multi-region around it where the judge answers there. */
export function judgeNameAt(endpoint: string, judge: TuningModel): string {
  const parent = servingOf(endpoint, judge).endpoint.split('/').slice(0, 4).join('/');
  return publisherModel(parent, judge);
}

/** A base model, under the name that it has in a location: `projects/PROJECT/locations/LOCATION`. */
export function publisherModel(parent: string, { reference }: Model): string {
  return `${parent}/publishers/google/models/${reference}`;
}

/** The likeliest answer, so that asking again gives the same. */
export const TEMPERATURE = 0;

/** A question as a call. Thinking is what the page of the model advises for a tuned one; its base is asked in the same way. */
export function requestOf(
  { request }: Pick<Question, 'request'>,
  { model, baseModel, maxOutputTokens }: { model: string; baseModel: string; maxOutputTokens: number },
): ModelRequest {
  const settings = { temperature: TEMPERATURE, maxOutputTokens };
  if ('instance' in request)
    return { model, verb: 'predict', body: { instances: [request.instance], parameters: settings } };
  const { thinking } = findModel(baseModel) as TuningModel;
  const generationConfig = { ...settings, thinkingConfig: thinking };
  return { model, verb: 'generateContent', body: { ...request.generate, generationConfig } };
}
