/** What a run will cost, before it costs anything: tokens of the data set × epochs × list price, each with its interval. */
import * as z from 'zod';
import {
  type CountedPart,
  type CountedTokens,
  type TokenEstimate,
  TokenEstimateSchema,
} from '../dataset/statistics.ts';
import { dollarsText, formatCount } from '../issues/numbers.ts';
import { openObject } from '../json/open-object.ts';
import { findModel, type Model } from '../models/models.ts';
import { listPriceOf } from '../models/prices.ts';
import { ACCELERATORS, type AcceleratorType } from '../models/regions.ts';
import { factSource } from '../models/sources.ts';
import { SCRIPTS, TOKENIZERS, type TokenRatios } from '../models/tokenizers.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import type { PipelinePlan, Plan, TuningPlan } from './plan.ts';

const PriceSchema = openObject({
  usdPerMillionTokens: z.number().describe('US dollars for a million training tokens.'),
  setBy: z.enum(['list', 'deployment']).describe('Google’s list, or a price that this deployment sets.'),
  source: z.string().describe('Who says so.'),
  seenOn: z.string().optional().describe('When that was read, ISO 8601 day; none for the deployment’s own.'),
});

/** Why a cost is not known. */
const UNKNOWN_COSTS = ['price', 'acceleratorHours', 'files', 'notCounted'] as const;
export type UnknownCost = (typeof UNKNOWN_COSTS)[number];

/** `cost`, as `tunedrop plan --json` and a run's document have it. */
export const CostSchema = openObject({
  trainingTokens: TokenEstimateSchema.nullable().describe(
    'Tokens of the training data × epochs, of its texts alone where it names files; null where a model is not paid for by tokens, or nobody counted.',
  ),
  usd: openObject({
    low: z.number().describe('The least, in US dollars.'),
    high: z.number().describe('The most.'),
  })
    .nullable()
    .describe('At the price beside it; null where it is not known, which is not the same as nothing.'),
  price: PriceSchema.nullable().describe('The price that was taken; null where none is known.'),
  unknown: z
    .enum(UNKNOWN_COSTS)
    .optional()
    .describe(
      'Why the dollars are not known: no price was found, accelerators are paid for by the hour, the data names files whose tokens nobody knows, or the data was not counted.',
    ),
  madeOf: z.string().describe('What the cost is made of, in a sentence.'),
});
export type Cost = z.infer<typeof CostSchema>;

export interface CostInput {
  plan: Plan;
  /** Of the training data; undefined where nobody counted. */
  counted?: CountedTokens | undefined;
  /** Whether examples name images, documents, audio or video. */
  hasFiles?: boolean | undefined;
  /** Tokens that examples have beyond their limit at most. */
  beyondLimits?: number | undefined;
  /** Whether the data was read and has to be corrected first. */
  hasMistakes?: boolean | undefined;
  /** Prices that the deployment sets, by `base_model`: dollars a million training tokens. */
  prices?: Readonly<Record<string, number>> | undefined;
}

/** The cost of several plans with one price, taken together; it is known where each is. */
export function sumOfCosts(costs: readonly Cost[]): Cost {
  const [first] = costs;
  if (first === undefined) throw new RangeError('There is no cost to add to.');
  const tokens = costs.flatMap(({ trainingTokens }) => trainingTokens ?? []);
  const dollars = costs.flatMap(({ usd }) => usd ?? []);
  const tokensAt = (end: keyof TokenEstimate) => tokens.reduce((sum, one) => sum + one[end], 0);
  const usdAt = (end: 'low' | 'high') => cents(dollars.reduce((sum, one) => sum + one[end], 0));
  return {
    trainingTokens:
      tokens.length === costs.length
        ? { low: tokensAt('low'), estimate: tokensAt('estimate'), high: tokensAt('high') }
        : null,
    usd: dollars.length === costs.length ? { low: usdAt('low'), high: usdAt('high') } : null,
    price: first.price,
    unknown: costs.find(({ unknown }) => unknown !== undefined)?.unknown,
    madeOf: `${costs.length} runs. The first: ${first.madeOf}`,
  };
}

const cents = (usd: number) => Math.round(usd * 10_000) / 10_000;

/** The marks of a turn's beginning and end that a service may count with each text: its role, two marks, two line feeds. */
const MARKS_PER_TEXT = 5;

/** The cost of a plan. */
export function costOf(input: CostInput): Cost {
  const { plan } = input;
  return plan.backend === 'pipelineJobs' ? pipelineCost(plan) : tuningCost(plan, input);
}

function pipelineCost({ accelerator, training, parameters }: PipelinePlan): Cost {
  const type = parameters.accelerator_type;
  const known = typeof type === 'string' && Object.hasOwn(ACCELERATORS, type);
  const machines = known ? ACCELERATORS[type as AcceleratorType].description : accelerator;
  return {
    ...{ trainingTokens: null, usd: null, price: null },
    unknown: 'acceleratorHours',
    madeOf: `Hours of ${machines} for ${formatCount(training.steps)} steps; how many hours they are is not known before.`,
  };
}

function tuningCost(plan: TuningPlan, input: CostInput): Cost {
  const { counted, hasFiles, hasMistakes, beyondLimits, prices } = input;
  const model = findModel(plan.baseModel);
  const price = model === undefined ? null : priceOf(model, prices);
  const { epochs } = plan.training;
  if (counted === undefined) {
    const why = hasMistakes ? 'data with mistakes is not counted' : 'nobody has counted the data yet';
    const madeOf = `Tokens of the training data × ${epochsText(epochs)}; ${why}.`;
    return { trainingTokens: null, usd: null, price, unknown: 'notCounted', madeOf };
  }
  const trainingTokens = trainingTokensOf(plan, counted, beyondLimits);
  const unknown: UnknownCost | undefined = hasFiles ? 'files' : price === null ? 'price' : undefined;
  return {
    trainingTokens,
    usd: unknown === undefined && price !== null ? usdOf(trainingTokens, price.usdPerMillionTokens) : null,
    price,
    unknown,
    madeOf: madeOfTokens(plan, { model, hasFiles }),
  };
}

function priceOf(model: Model, prices: CostInput['prices'] = {}): Cost['price'] {
  const own = prices[model.reference];
  if (own !== undefined) {
    return { usdPerMillionTokens: own, setBy: 'deployment', source: 'MODEL_PRICES of this deployment' };
  }
  const listed = listPriceOf(model);
  if (listed === undefined) return null;
  const { title, seenOn } = factSource(listed.source);
  return { usdPerMillionTokens: listed.usdPerMillionTokens, setBy: 'list', source: title, seenOn };
}

/** Google counts the prompt of a preference twice, once for each completion. */
function trainingTokensOf(
  plan: TuningPlan,
  { input, output, texts }: CountedTokens,
  beyondLimits = 0,
): TokenEstimate {
  const prompts = plan.method === 'preference' ? 2 : 1;
  const { kind, tokenizer } = findModel(plan.baseModel) as TuningModel;
  const { toGemma3 } = TOKENIZERS[tokenizer];
  // Open models are not trained on what is beyond the limit of an example: it is cut off.
  const cut = kind === 'open' ? beyondLimits : 0;
  const { epochs } = plan.training;
  const pass = (end: keyof TokenEstimate) =>
    prompts * tokensOfModel(input, toGemma3, end) + tokensOfModel(output, toGemma3, end);
  return {
    low: Math.floor(Math.max(0, pass('low') - cut) * epochs),
    estimate: Math.round(pass('estimate') * epochs),
    high: Math.ceil((pass('high') + MARKS_PER_TEXT * prompts * texts) * epochs),
  };
}

/** One end of the tokens by the model's own tokenizer: where it has more for a script, the more of that script the more there are. */
function tokensOfModel(counted: CountedPart, ratios: TokenRatios, end: keyof TokenEstimate): number {
  const { usual } = ratios;
  return SCRIPTS.reduce((sum, script) => {
    const ofScript = counted.byScript?.[script];
    if (ofScript === undefined) return sum;
    const more = ratios[script][end] - usual[end];
    const most = more > 0 === (end === 'high') ? ofScript.high : ofScript.low;
    return sum + more * (end === 'estimate' ? ofScript.estimate : most);
  }, counted[end] * usual[end]);
}

/** To the cent, outwards. */
function usdOf({ low, high }: TokenEstimate, usdPerMillionTokens: number): NonNullable<Cost['usd']> {
  const cents = (tokens: number) => (tokens * usdPerMillionTokens) / 10_000;
  return { low: Math.floor(cents(low)) / 100, high: Math.ceil(cents(high)) / 100 };
}

function madeOfTokens(
  { method, training }: TuningPlan,
  { model, hasFiles }: { model: Model | undefined; hasFiles: boolean | undefined },
): string {
  const tokens =
    method === 'preference' ? 'Tokens of prompts twice and of completions' : 'Tokens of the training data';
  const words = TOKENIZERS[(model as TuningModel).tokenizer].words;
  const files = hasFiles ? '; what images, documents, audio and video add is not known' : '';
  return `${tokens}, by ${words}, × ${epochsText(training.epochs)}${files}.`;
}

function epochsText(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}

/** A cost in a line with its tokens and its price: `1.20 to 1.36 USD: 420,000 training tokens (…) at 3 USD a million, list price seen on 2026-08-31`. */
export function costText({ trainingTokens, usd, price, unknown, madeOf }: Cost): string {
  const tokens = trainingTokens && tokensText(trainingTokens, unknown);
  const at = price && `${price.usdPerMillionTokens} USD a million, ${priceText(price)}`;
  if (usd === null) {
    const why = unknown === 'price' ? 'no price was found' : inSentence(madeOf);
    return ['not known', tokens, why, at].filter(Boolean).join('; ');
  }
  return `${dollarsText(usd.low)} to ${dollarsText(usd.high)} USD: ${tokens} at ${at}`;
}

/** A sentence as a part of another one. */
function inSentence(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}

/** What files add is in no number, so that there is no most. */
function tokensText({ low, estimate, high }: TokenEstimate, unknown: UnknownCost | undefined): string {
  if (unknown === 'files') return `at least ${formatCount(low)} training tokens`;
  return `${formatCount(estimate)} training tokens (${formatCount(low)} to ${formatCount(high)})`;
}

function priceText({ setBy, seenOn }: NonNullable<Cost['price']>): string {
  return setBy === 'list' ? `list price seen on ${seenOn}` : 'the price of this deployment';
}
