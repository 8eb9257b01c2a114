import * as z from 'zod';
import type { SharedInstruction } from '../dataset/statistics.ts';
import { openObject } from '../json/open-object.ts';
import { findModel, type Model } from '../models/models.ts';
import type { PipelineModel } from '../models/pipeline-models.ts';
import { LOCATIONS } from '../models/regions.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import { curlGenerate, pythonGenerate, servingOf, typescriptGenerate } from './calls/generate.ts';
import { curlPredict, pythonPredict } from './calls/predict.ts';
import { pythonServe } from './calls/serve.ts';
import { type CallText, callText } from './calls/text.ts';
import { curlWeights, deployWeights } from './calls/weights.ts';
import type { TuningResult } from './results.ts';

/** `status.howToCall`: the tuned model, ready to be asked by copy and paste. */
export const HowToCallSchema = openObject({
  first: z.string().optional().describe('What has to be done before, such as deploying the model.'),
  curl: z.string().describe('For a shell with gcloud.'),
  python: z.string().optional().describe('For Google’s SDK for Python.'),
  typescript: z.string().optional().describe('For Google’s SDK for JavaScript and TypeScript.'),
  bestCheckpoint: z
    .string()
    .optional()
    .describe(
      'The endpoint of the checkpoint with the least evaluation loss, where that is another: it is asked the same way, under this name.',
    ),
  serveCheckpoint: z
    .string()
    .optional()
    .describe(
      'Makes another checkpoint the one that the endpoint of the model serves, with Google’s SDK for Python; where the one with the least evaluation loss is served, the id is yours to fill in.',
    ),
});
export type HowToCall = z.infer<typeof HowToCallSchema>;

/** Stands where the reader has to put the endpoint that does not exist yet. */
const NO_ENDPOINT = 'ENDPOINT';
/** The same for the id of a checkpoint. */
const NO_CHECKPOINT = 'CHECKPOINT_ID';

export interface CallOptions {
  baseModel: string;
  project: string;
  /** Where the job ran; an open model that nobody has registered says no place itself. */
  region?: string | undefined;
  /** In place of Google's host: the embedded cloud, whose tokens nobody checks. */
  origin?: string | undefined;
  /** What the examples of the training data have in common. */
  sharedInstruction?: SharedInstruction | undefined;
}

/** A tuned model, and what its call is made of. */
interface TunedCall {
  result: TuningResult;
  model: string;
  project: string;
  region: string;
  endpoint: string;
  text: CallText;
  origin: string | undefined;
}

/**
 * How to ask the model of a result with a prompt that looks like the training data; undefined for a base model that the table does
 * not have, and where the embedded cloud has not deployed it, because there is nobody to create an endpoint there.
 */
export function howToCall(
  result: TuningResult,
  { baseModel, project, origin, sharedInstruction, region: jobRegion = '' }: CallOptions,
): HowToCall | undefined {
  const base: Model | undefined = findModel(baseModel);
  const { model = '' } = result;
  const region = model.split('/')[3] ?? jobRegion;
  const isPlaceKnown = (LOCATIONS as readonly string[]).includes(region);
  if (base === undefined || !isPlaceKnown || (origin && !result.endpoint)) return undefined;
  const endpoint = result.endpoint ?? `projects/${project}/locations/${region}/endpoints/${NO_ENDPOINT}`;
  const call = { result, model, project, region, endpoint, origin, text: callText(sharedInstruction) };
  if (base.backend === 'pipelineJobs') return howToPredict(call, base);
  return base.serving === 'none' ? howToServe(call) : howToGenerate(call, base);
}

function howToPredict(call: TunedCall, { kind }: PipelineModel): HowToCall {
  const { result, model, origin } = call;
  // Which machine serves an embedding model is the reader's to choose, and to pay.
  const deploy = () => deployCommands(model, ' --machine-type=MACHINE_TYPE');
  return {
    first: result.endpoint ? undefined : deploy(),
    curl: curlPredict(kind, call, origin),
    python: origin ? undefined : pythonPredict(kind, call),
  };
}

/** An open model leaves weights, and is served by whoever deploys them. */
function howToServe({ result: { weights }, ...call }: TunedCall): HowToCall | undefined {
  if (weights === undefined || call.origin) return undefined;
  return { first: deployWeights({ ...call, weights }), curl: curlWeights({ ...call, weights }) };
}

function howToGenerate(call: TunedCall, base: TuningModel): HowToCall {
  const { result, model, project, origin } = call;
  const asked = { ...call, model: base };
  return {
    first: result.endpoint ? undefined : deployCommands(model),
    curl: curlGenerate(asked, origin),
    python: origin ? undefined : pythonGenerate(asked, project),
    typescript: origin ? undefined : typescriptGenerate(asked, project),
    bestCheckpoint: bestCheckpointOf(call, base),
    serveCheckpoint: origin ? undefined : serveCheckpointOf(call),
  };
}

/** Undefined where the job left no other checkpoint. */
function serveCheckpointOf({ result, model, project, region }: TunedCall): string | undefined {
  const { checkpoints = [], bestCheckpoint, endpoint: served } = result;
  const others = checkpoints.filter(({ endpoint }) => endpoint !== undefined && endpoint !== served);
  if (others.length === 0) return undefined;
  const best = others.find(({ id }) => id === bestCheckpoint)?.id;
  return pythonServe({ model, checkpoint: best ?? NO_CHECKPOINT, project, region });
}

function bestCheckpointOf({ result }: TunedCall, model: TuningModel): string | undefined {
  const { checkpoints, bestCheckpoint, endpoint } = result;
  const best = checkpoints?.find(({ id }) => id === bestCheckpoint)?.endpoint;
  if (best === undefined || best === endpoint) return undefined;
  return servingOf(best, model).endpoint;
}

/** What deploys a tuned model; the endpoint of a tuned Gemini model is shared and costs nothing by the hour. */
export function deployCommands(model: string, machine = ''): string {
  const [name = model, region = ''] = [model.split('/').at(-1), model.split('/')[3]];
  return [
    `gcloud ai endpoints create --region=${region} --display-name=tuned-model`,
    `gcloud ai endpoints deploy-model ${NO_ENDPOINT} --region=${region} --model=${name.split('@')[0]} --display-name=tuned-model${machine}`,
  ].join(' && ');
}
