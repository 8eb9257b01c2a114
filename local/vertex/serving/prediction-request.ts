/** `:predict` of the PaLM models: what a body asks, and the shape of what it gets. */

import type { GenerateOptions } from '../../small-model/predictor.ts';
import type { Segment } from '../../small-model/text/sequence.ts';
import { invalid } from '../http/api-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../http/json.ts';
import type { Family } from '../store/models.ts';
import { chatPrompt, type Turn, textPrompt } from '../training/prompts.ts';

/** Google's greatest value of `maxOutputTokens` for these models. */
const MAX_OUTPUT_TOKENS = 8_192;

/** What the model is to read, for each of the instances. */
export function readInstances(family: Family, { instances }: JsonObject): Segment[][] {
  if (!Array.isArray(instances) || instances.length === 0) throw invalid('instances must not be empty.');
  return instances.map((instance) => {
    if (!isJsonObject(instance)) throw invalid('Each of the instances must be an object.');
    return READ[family](instance);
  });
}

const refuse = (why: string) => () => {
  throw invalid(why);
};

const READ: Record<Family, (instance: JsonObject) => Segment[]> = {
  // Google's REST reference has `prompt`, Google's SDK for Python sends `content`.
  text: (instance) => textPrompt(textOf(instance, ['prompt', 'content'])),
  // The reference's `prefix`; `prompt` is taken as well, so that text and code can be asked alike.
  code: (instance) => textPrompt(textOf(instance, ['prefix', 'prompt'])),
  chat: readConversation,
  embedding: refuse('An embedding model does not write text.'),
  gemini: refuse('Gemini is asked by generateContent.'),
  open: refuse('Open models are not deployed here.'),
};

/** The text under the first of these keys that the instance has. */
function textOf(instance: JsonObject, keys: readonly [string, ...string[]]): string {
  const text = keys.map((key) => instance[key]).find((value) => value !== undefined);
  if (typeof text !== 'string' || text === '') throw invalid(`Each of the instances needs a ${keys[0]}.`);
  return text;
}

/** `examples` of an instance are turns that were never said: they stand before the ones that were. */
function readConversation({ context, examples, messages }: JsonObject): Segment[] {
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages must not be empty.');
  const said = messages.map(readTurn);
  const shown = (Array.isArray(examples) ? examples : []).flatMap(readExample);
  return chatPrompt(typeof context === 'string' ? context : '', [...shown, ...said]);
}

function readTurn(message: Json): Turn {
  if (!isJsonObject(message)) throw invalid('Each of the messages must be an object.');
  const { author, content } = message;
  if (typeof content !== 'string' || content === '') throw invalid('Each of the messages needs a content.');
  return { author: typeof author === 'string' ? author : 'user', content };
}

function readExample(example: Json): Turn[] {
  const { input, output } = isJsonObject(example) ? example : {};
  if (!isJsonObject(input) || !isJsonObject(output)) {
    throw invalid('Each of the examples needs an input and an output.');
  }
  return [readTurn({ ...input, author: 'user' }), readTurn({ ...output, author: 'bot' })];
}

/** Of the parameters the small model knows these three; the other ones of the real models have no effect on it. */
export function readParameters({ parameters }: JsonObject): GenerateOptions {
  if (!isJsonObject(parameters)) return {};
  const maxOutputTokens = numberIn(parameters, 'maxOutputTokens', [1, MAX_OUTPUT_TOKENS]);
  const temperature = numberIn(parameters, 'temperature', [0, 1]);
  const { seed } = parameters;
  return {
    maxOutputTokens: maxOutputTokens === undefined ? undefined : Math.floor(maxOutputTokens),
    temperature,
    seed: typeof seed === 'number' ? String(seed) : crypto.randomUUID(),
  };
}

function numberIn(parameters: JsonObject, key: string, [min, max]: [number, number]): number | undefined {
  const value = parameters[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw invalid(`${key} must be from ${min} to ${max}, but is ${JSON.stringify(value)}.`);
}

/** Nothing here looks for citations or for harm, so their lists are empty, and there are no token counts. */
export function predictionOf(family: Family, content: string): JsonObject {
  const citations = { citations: [] };
  const safety = { blocked: false, categories: [], scores: [] };
  if (family !== 'chat') return { content, citationMetadata: citations, safetyAttributes: safety };
  return {
    candidates: [{ author: 'bot', content }],
    citationMetadata: [citations],
    safetyAttributes: [safety],
  };
}
