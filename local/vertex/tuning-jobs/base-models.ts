/**
 * Base models as of 2026-11-29: Google's pages of supervised, preference and open-model tuning and its table of model versions.
 * A model that is in no list of tunable ones answers, and is refused for tuning.
 */
import { VertexError } from '../http/api-error.ts';

export interface GeminiModel {
  kind: 'gemini';
  id: string;
  /** Adapter sizes of supervised tuning, as ranks; empty where it cannot be tuned. */
  adapterRanks: readonly number[];
  /** Where it is tuned; `any` is every region but `global`. */
  regions: readonly string[] | 'any';
  /** Where a tuned one answers: in the region of its job, or in the multi-region around it. */
  serving: 'region' | 'multi-region';
  preferences: boolean;
  encryption: boolean;
  /** From this day on, a month before its public retirement, projects that did not use it before are refused. */
  closedToNewProjects?: string;
  /** From this day on it is gone for everybody. Of the others Google says only before which day they will not go. */
  shutdown?: string;
}

export interface OpenModel {
  kind: 'open';
  id: string;
  modes: readonly ('full' | 'adapter')[];
}

export type BaseModel = GeminiModel | OpenModel;

const RANKS = [1, 2, 4, 8, 16];

const gemini3 = (id: string): GeminiModel => ({
  ...{ kind: 'gemini', id, adapterRanks: RANKS, regions: ['us-central1', 'europe-west4'] },
  ...{ serving: 'multi-region', preferences: false, encryption: false },
});

const gemini2 = (id: string, shutdown: string): GeminiModel => ({
  ...{ kind: 'gemini', id, adapterRanks: RANKS, regions: 'any', shutdown, closedToNewProjects: '2026-09-20' },
  ...{ serving: 'region', preferences: true, encryption: true },
});

const notTunable = (id: string): GeminiModel => ({ ...gemini3(id), adapterRanks: [] });

const open = (id: string, ...modes: OpenModel['modes'][number][]): OpenModel => ({ kind: 'open', id, modes });

const MODELS: readonly BaseModel[] = [
  gemini3('gemini-3.5-flash'),
  gemini3('gemini-3.5-flash-lite'),
  gemini3('gemini-3.1-flash-lite'),
  gemini2('gemini-2.5-flash', '2027-03-31'),
  gemini2('gemini-2.5-flash-lite', '2027-01-28'),
  { ...gemini2('gemini-2.5-pro', '2027-03-31'), adapterRanks: [1, 2, 4, 8], preferences: false },
  notTunable('gemini-3.8-flash'),
  notTunable('gemini-4-argon'),
  ...['e2b', 'e4b', '26b-a4b', '31b'].map((size) => open(`google/gemma4@gemma-4-${size}-it`, 'adapter')),
  ...['1b', '4b', '12b'].map((size) => open(`google/gemma3@gemma-3-${size}-it`, 'full')),
  open('google/gemma3@gemma-3-27b-it', 'adapter', 'full'),
  open('google/medgemma@medgemma-1.5-4b-it', 'full'),
  open('qwen/qwen3-5@qwen3.5-9b', 'full'),
  ...['4b', '8b', '14b'].map((size) => open(`qwen/qwen3@qwen3-${size}`, 'full')),
  open('qwen/qwen3@qwen3-32b', 'adapter', 'full'),
  open('meta/llama3_1@llama-3.1-8b', 'adapter', 'full'),
  open('meta/llama3_1@llama-3.1-8b-instruct', 'adapter', 'full'),
  open('meta/llama3-2@llama-3.2-1b-instruct', 'full'),
  open('meta/llama3-2@llama-3.2-3b-instruct', 'full'),
  open('meta/llama3-3@llama-3.3-70b-instruct', 'adapter', 'full'),
  open('meta/llama4@llama-4-scout-17b-16e-instruct', 'adapter'),
];

/** Open models have a twin job in a region for a global one. */
export const OPEN_MODEL_REGIONS: readonly string[] = [
  ...['global', 'us-central1', 'europe-west4', 'us-west1', 'us-east5', 'asia-southeast1'],
];

export interface ModelAccess {
  nowMs: number;
  /** A project that did not use the retiring models while they were open to it. */
  isNewProject: boolean;
}

/**
 * A model that is there for this project on this day. One that is unknown or gone is 404, one that is closed to new projects is
 * 400: both in the words of the real service.
 */
export function availableModel(id: string, parent: string, { nowMs, isNewProject }: ModelAccess): BaseModel {
  const model = MODELS.find((one) => one.id === id);
  const name = `${parent}/publishers/google/models/${id}`;
  const isPast = (day: string | undefined) => day !== undefined && nowMs >= Date.parse(day);
  if (!model || (model.kind === 'gemini' && isPast(model.shutdown))) {
    throw new VertexError(
      'NOT_FOUND',
      `Publisher Model \`${name}\` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
    );
  }
  if (model.kind === 'gemini' && isNewProject && isPast(model.closedToNewProjects)) {
    const project = parent.split('/')[1];
    throw new VertexError(
      'FAILED_PRECONDITION',
      `Project \`${project}\` is not allowed to use Publisher Model \`${name}\``,
    );
  }
  return model;
}

/** Where an endpoint of a model that was tuned in this region answers. */
export function servingLocation(model: BaseModel | undefined, region: string): string {
  if (model?.kind !== 'gemini' || model.serving === 'region') return region;
  return region.startsWith('europe-') ? 'eu' : 'us';
}

export const findBaseModel = (id: string): BaseModel | undefined => MODELS.find((model) => model.id === id);
