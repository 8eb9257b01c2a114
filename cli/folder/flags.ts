import { DEFAULT_CAPS, type DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { type OwnPrices, readOwnPrices } from '../../shared/core/manifest/own-prices.ts';
import { isRegion, REGIONS } from '../../shared/core/models/regions.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import type { Flag, Flags, FlagValues, Operand } from '../command-line/flags.ts';
import { problemOfFolder, type Upload } from './folder.ts';
import { offlineLimits, type SetLimits } from './limits.ts';

/** The arguments of every command that reads a folder. */

export const FOLDER: Operand = { value: 'DIR', noun: 'folder', problem: problemOfFolder };

export const JSON_FLAG = {
  help: 'one JSON object and nothing else',
} as const satisfies Flag;

export const ALL_FLAG = {
  help: 'every issue by its line',
  details: 'Where one fault for each cause would be shown.',
} as const satisfies Flag;

const BUCKET_FLAG = {
  value: 'gs://BUCKET/FOLDER',
  help: 'where DIR is uploaded',
  details: 'Data that the manifest names there in full is read from DIR.',
  takes: 'gs://BUCKET/FOLDER',
  read: readUpload,
  why: (uri: string) => {
    const parsed = parseGsUri(uri);
    return parsed.ok ? undefined : parsed.problem;
  },
} as const satisfies Flag<Upload>;

export const REGION_FLAG = {
  value: 'REGION',
  help: 'region of the deployment',
  details: 'For a manifest without pipeline_job_region.',
  takes: `one of ${REGIONS.join(', ')}`,
  read: (name: string) => (isRegion(name) ? name : undefined),
} as const satisfies Flag;

/** A cap that a deployment has unless it is set, or that it has set to none. */
const capFlag = (what: string, variable: string, otherwise: number) =>
  ({
    value: 'N|none',
    help: `${what} a run`,
    details: `The most that a run may have, as the deployment sets it: ${variable}.`,
    default: String(otherwise),
    takes: 'a whole number above 0, or none',
    read: (text: string): number | 'none' | undefined => {
      if (text === 'none') return text;
      return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
    },
  }) as const satisfies Flag<number | 'none'>;

/**
 * What a deployment sets about costs, teams and retired models, by the names of its variables: without them a check knows the list prices, no
 * cap in dollars and the other caps that every deployment has, and warns of a retired model, as the embedded cloud does.
 */
const LIMIT_FLAGS = {
  'max-train-steps': capFlag('training steps', 'max_train_steps', DEFAULT_CAPS.trainSteps),
  'max-training-tokens': capFlag('training tokens', 'max_training_tokens', DEFAULT_CAPS.trainingTokens),
  'max-accelerators': capFlag('accelerators', 'max_accelerators', DEFAULT_CAPS.accelerators),
  'max-cost-usd': {
    value: 'DOLLARS',
    help: 'the most that a run may cost there',
    details: 'As the deployment sets it: max_cost_usd.',
    takes: 'US dollars above 0',
    read: (text: string) => (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : undefined),
  },
  'model-prices': {
    value: 'MODEL=DOLLARS,…',
    help: 'its prices of a million tokens',
    details: 'As the deployment sets them: model_prices.',
    takes: 'MODEL=DOLLARS, with commas between them',
    read: (text: string): OwnPrices | undefined => {
      const read = readOwnPrices(text);
      return 'prices' in read ? read.prices : undefined;
    },
    why: (text: string) => {
      const read = readOwnPrices(text);
      return 'problem' in read ? `it ${read.problem}` : undefined;
    },
  },
  'unknown-prices': {
    value: 'hold|allow',
    help: 'a run without a known cost',
    details: 'What the deployment does with it under a cap: unknown_prices.',
    // What a deployment has unless it is set.
    default: 'hold',
    takes: 'hold or allow',
    read: (text: string) => (text === 'hold' || text === 'allow' ? text : undefined),
  },
  'team-folders': {
    help: 'the deployment separates teams',
    details:
      'As the deployment sets it: team_folders. Files of other top-level folders of the inbox are refused; without --bucket DIR is one.',
  },
  'retired-models': {
    value: 'error|warn',
    help: 'models that Google has retired',
    details: 'What the deployment does with them: retired_models, error there unless it is set.',
    default: 'warn',
    takes: 'error or warn',
    read: (text: string) => (text === 'error' || text === 'warn' ? text : undefined),
  },
} as const satisfies Flags;

/** What decides what a check of a folder says: every command that checks one takes all of them. */
export const CHECK_FLAGS = {
  bucket: BUCKET_FLAG,
  // What a deployment has unless it is set.
  region: { ...REGION_FLAG, default: 'us-central1' },
  ...LIMIT_FLAGS,
} as const satisfies Flags;

/** What was typed of them, as a deployment has it, of which nothing else is known. */
export function limitsOfCheck(flags: FlagValues<typeof CHECK_FLAGS>): DeploymentLimits {
  const { bucket, region } = flags;
  return offlineLimits({ inboxBucket: bucket?.bucket, region, ...setLimits(flags) });
}

/** What was typed of the limits. */
export function setLimits(flags: FlagValues<typeof LIMIT_FLAGS>): SetLimits {
  const cap = (value: number | 'none') => (value === 'none' ? undefined : value);
  return {
    maxTrainSteps: cap(flags['max-train-steps']),
    maxTrainingTokens: cap(flags['max-training-tokens']),
    maxAccelerators: cap(flags['max-accelerators']),
    maxCostUsd: flags['max-cost-usd'],
    prices: flags['model-prices'],
    unknownPrices: flags['unknown-prices'],
    retiredModels: flags['retired-models'],
    areTeamsSeparated: flags['team-folders'],
  };
}

/** With or without a slash at its end. */
function readUpload(uri: string): Upload | undefined {
  const parsed = parseGsUri(uri);
  if (!parsed.ok) return undefined;
  const { bucket, name } = parsed;
  return { bucket, prefix: name === '' || name.endsWith('/') ? name : `${name}/` };
}
