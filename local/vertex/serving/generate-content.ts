/** `generateContent`, `streamGenerateContent` and `countTokens` of Gemini: of base models, and of tuned ones at their endpoints. */
import type { Clock } from '../../clock.ts';
import { invalid, VertexError } from '../http/api-error.ts';
import { resourceId } from '../http/ids.ts';
import { type Json, type JsonObject, present } from '../http/json.ts';
import { type ApiRequest, JsonStream, type Routes } from '../http/routes.ts';
import { isoTime } from '../http/time.ts';
import { roughTokens } from '../training/tokens.ts';
import type { GenerationTarget } from '../training/trainer.ts';
import { availableModel, findBaseModel, servingLocation } from '../tuning-jobs/base-models.ts';
import { type ContentRequest, readContentRequest } from './content-request.ts';
import { deployedAt, type ServingOptions } from './deployed.ts';
import { JUDGE_RULE, verdictByRule } from './judge-rule.ts';

export interface GenerateContentOptions extends ServingOptions {
  clock: Clock;
  isNewProject: boolean;
}

/** What is asked, and as which model. */
interface Addressed {
  target: GenerationTarget;
  baseModel: string;
}

type Address = (options: GenerateContentOptions, request: ApiRequest) => Addressed;

export function createGenerateContent(options: GenerateContentOptions): Routes {
  return {
    ...methodsOf('endpoints/*', 'endpoints', { options, address: tunedModel }),
    ...methodsOf('publishers/*/models/*', 'publishers.models', { options, address: baseModel }),
    ...methodsOf('models/*', 'models', { options, address: modelResource }),
  };
}

function methodsOf(
  path: string,
  method: string,
  { options, address }: { options: GenerateContentOptions; address: Address },
): Routes {
  return {
    [`POST ${path}:generateContent`]: {
      method: `${method}.generateContent`,
      handle: async (request) => (await generate(options, address, request)).whole,
    },
    [`POST ${path}:streamGenerateContent`]: {
      method: `${method}.streamGenerateContent`,
      handle: async (request) => new JsonStream((await generate(options, address, request)).pieces),
    },
    [`POST ${path}:countTokens`]: {
      method: `${method}.countTokens`,
      handle: (request) => {
        address(options, request);
        return countTokens(readContentRequest(request));
      },
    },
  };
}

const baseModel: Address = ({ clock, isNewProject }, { id, name, parent }) => {
  const place = name.includes('/publishers/google/') ? parent : name.split('/publishers/')[0];
  const model = availableModel(id, place ?? parent, { nowMs: clock.now(), isNewProject });
  if (model.kind === 'open') throw new VertexError('NOT_FOUND', `Publisher Model \`${name}\` not found.`);
  return { target: { name, family: 'gemini', weights: 'base' }, baseModel: id };
};

/** A tuned model is gone with its base; a tuned Gemini 3 answers in the multi-region around its region, and only there. */
const tunedModel: Address = ({ store, clock }, request) => {
  const name = endpointNameOf(store, request);
  const { target, tuned } = deployedAt(store, name);
  if (target.family !== 'gemini') throw invalid(`${request.name} is no endpoint of a Gemini model.`);
  availableModel(tuned.baseModel, request.parent, { nowMs: clock.now(), isNewProject: false });
  const region = name.split('/')[3] ?? '';
  const serving = servingLocation(findBaseModel(tuned.baseModel), region);
  if (serving !== request.location) {
    throw new VertexError(
      'FAILED_PRECONDITION',
      `A tuned ${tuned.baseModel} answers in the location ${serving}, not in ${request.location}.`,
    );
  }
  return { target, baseModel: tuned.baseModel };
};

/** The endpoint of that number, in the region or in one of the multi-region that was named. */
function endpointNameOf({ get, list }: ServingOptions['store'], { name, id, location }: ApiRequest): string {
  if (get('endpoint', name) || (location !== 'us' && location !== 'eu')) return name;
  return list('endpoint').find((endpoint) => endpoint.name.endsWith(`/endpoints/${id}`))?.name ?? name;
}

/** Recorded: a tuned model is asked at its endpoint, never by its own name. */
const modelResource: Address = (_options, { writtenName }) => {
  throw invalid(
    `The Model name ${writtenName} is malformed and it should be in form of projects/{project}/locations/{location}/publishers/google/models/{model}`,
  );
};

async function generate(options: GenerateContentOptions, address: Address, request: ApiRequest) {
  const asked = readContentRequest(request);
  const { target, baseModel: model } = address(options, request);
  const verdict = target.weights === 'base' ? verdictByRule(request.body) : undefined;
  const answers =
    verdict === undefined
      ? await writtenAnswers(options, target, asked)
      : [{ text: verdict, finishReason: 'STOP' as const }];
  const about = {
    modelVersion: verdict === undefined ? model : JUDGE_RULE,
    createTime: isoTime(options.clock.now()),
    responseId: resourceId(crypto.randomUUID()),
  };
  const usage = usageOf(asked, answers);
  const [whole = {}] = piecesOf(answers, { about, usage, split: (text) => [text] });
  return { whole, pieces: piecesOf(answers, { about, usage, split: (text) => text.match(PIECE) ?? [text] }) };
}

async function writtenAnswers(
  { trainer }: GenerateContentOptions,
  target: GenerationTarget,
  { segments, options, stopSequences }: ContentRequest,
): Promise<Answered[]> {
  const written = await Promise.all(options.map((one) => trainer.generate(target, segments, one)));
  return written.map(({ text, isEnded }) => cutAtStop(text, isEnded, stopSequences));
}

interface Answered {
  text: string;
  finishReason: 'STOP' | 'MAX_TOKENS';
}

function cutAtStop(text: string, isEnded: boolean, stopSequences: readonly string[]): Answered {
  const stops = stopSequences.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  if (stops.length > 0) return { text: text.slice(0, Math.min(...stops)), finishReason: 'STOP' };
  return { text, finishReason: isEnded ? 'STOP' : 'MAX_TOKENS' };
}

/** A few words at a time. The answer is written as a whole before the first piece is sent: the small model is that quick. */
const PIECE = /(?:\s*\S+){1,8}\s*/g;

/** Reason and usage come with the last piece. */
function piecesOf(
  answers: readonly Answered[],
  { about, usage, split }: { about: JsonObject; usage: JsonObject; split: (text: string) => string[] },
): JsonObject[] {
  const pieces = answers.map(({ text }) => split(text));
  const count = Math.max(1, ...pieces.map(({ length }) => length));
  const pieceAt = (at: number) => ({
    candidates: answers.flatMap((answer, index): Json[] => {
      const text = pieces[index]?.[at];
      if (text === undefined) return [];
      const isLast = at === (pieces[index]?.length ?? 0) - 1;
      return [
        present({
          index: index === 0 ? undefined : index,
          content: { role: 'model', parts: [{ text }] },
          finishReason: isLast ? answer.finishReason : undefined,
        }),
      ];
    }),
    usageMetadata: at === count - 1 ? usage : undefined,
    ...about,
  });
  return Array.from({ length: count }, (_, at) => present(pieceAt(at)));
}

function usageOf({ texts }: ContentRequest, answers: readonly Answered[]): JsonObject {
  const prompt = sumOfTokens(texts);
  const candidates = sumOfTokens(answers.map(({ text }) => text));
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + candidates,
    trafficType: 'ON_DEMAND',
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: candidates }],
  };
}

function countTokens({ texts }: ContentRequest): JsonObject {
  const totalTokens = sumOfTokens(texts);
  const characters = texts.reduce((sum, text) => sum + text.replace(/\s/g, '').length, 0);
  return {
    totalTokens,
    totalBillableCharacters: characters,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }],
  };
}

const sumOfTokens = (texts: readonly string[]) => texts.reduce((sum, text) => sum + roughTokens(text), 0);
