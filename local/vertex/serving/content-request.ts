/** The body of `generateContent` and `countTokens`. */

import type { GenerateOptions } from '../../small-model/predictor.ts';
import type { Segment } from '../../small-model/text/sequence.ts';
import { invalid } from '../http/api-error.ts';
import { isJsonObject, type JsonObject } from '../http/json.ts';
import { type MessageType, readMessage } from '../http/message.ts';
import type { ApiRequest } from '../http/routes.ts';
import { readContents, readSystemInstruction } from '../training/contents.ts';
import { conversationPrompt } from '../training/prompts.ts';

export interface ContentRequest {
  segments: Segment[];
  /** For each of the candidates. */
  options: GenerateOptions[];
  stopSequences: string[];
  /** All that counts as prompt. */
  texts: string[];
}

/** What shapes an answer here; the other settings are taken and have no effect on the small model. */
const GENERATION_CONFIG: MessageType = {
  fields: {
    temperature: 'double',
    maxOutputTokens: 'int32',
    candidateCount: 'int32',
    stopSequences: { list: 'string' },
    seed: 'int32',
    ...{ topP: 'double', topK: 'double', presencePenalty: 'double', frequencyPenalty: 'double' },
    ...{ responseMimeType: 'string', responseSchema: 'message', responseJsonSchema: 'map' },
    ...{ responseModalities: { list: 'string' }, mediaResolution: 'string', thinkingConfig: 'message' },
    ...{ responseLogprobs: 'bool', logprobs: 'int32', audioTimestamp: 'bool', speechConfig: 'message' },
    ...{ routingConfig: 'message', modelConfig: 'message', enableAffectiveDialog: 'bool' },
    ...{ imageConfig: 'message', modelSelectionConfig: 'message' },
  },
};

const REQUEST: MessageType = {
  fields: {
    model: 'string',
    contents: { list: 'map' },
    systemInstruction: 'map',
    generationConfig: GENERATION_CONFIG,
    ...{ tools: { list: 'map' }, toolConfig: 'message', safetySettings: { list: 'message' } },
    ...{ labels: 'map', cachedContent: 'string', modelArmorConfig: 'message' },
    // Of countTokens alone; a body of PaLM's kind.
    instances: { list: 'map' },
  },
};

const MAX_CANDIDATES = 8;
const [MIN_TEMPERATURE, MAX_TEMPERATURE] = [0, 2];

export function readContentRequest({ body, version }: ApiRequest): ContentRequest {
  const request = readMessage(REQUEST, body, {
    path: 'generate_content_request',
    package: `google.cloud.aiplatform.${version}`,
  });
  const { contents, tools } = request;
  if (!Array.isArray(contents) || contents.length === 0)
    throw invalid('Unable to submit request because it must have contents.');
  const { turns } = readContents(contents, ['user', 'model', 'function'], invalid);
  const system = readSystemInstruction(request.systemInstruction);
  const config = isJsonObject(request.generationConfig) ? request.generationConfig : {};
  const declared = tools === undefined ? [] : [JSON.stringify(tools)];
  return {
    segments: conversationPrompt(system, turns),
    options: optionsOf(config),
    stopSequences: Array.isArray(config.stopSequences) ? config.stopSequences.map(String) : [],
    texts: [system, ...declared, ...turns.map(({ content }) => content)].filter((text) => text !== ''),
  };
}

function optionsOf(config: JsonObject): GenerateOptions[] {
  const temperature = numberIn(config, 'temperature', [MIN_TEMPERATURE, MAX_TEMPERATURE]);
  const maxOutputTokens = numberIn(config, 'maxOutputTokens', [1, Number.MAX_SAFE_INTEGER]);
  const count = numberIn(config, 'candidateCount', [1, MAX_CANDIDATES]) ?? 1;
  const seed = typeof config.seed === 'number' ? String(config.seed) : crypto.randomUUID();
  return Array.from({ length: count }, (_, index) => ({
    temperature,
    maxOutputTokens,
    seed: `${seed}/${index}`,
  }));
}

function numberIn(config: JsonObject, name: string, [min, max]: [number, number]): number | undefined {
  const value = config[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw invalid(`Unable to submit request because ${name} must be from ${min} to ${max}, but is ${value}.`);
}
