import type { DataStatistics, DatasetStatistics } from '../dataset/statistics.ts';
import { formatCount } from '../issues/numbers.ts';
import type { Manifest } from '../manifest/keys.ts';
import { findModel, type Model } from '../models/models.ts';
import { TUNING_MODELS } from '../models/tuning-models.ts';
import type { Plan } from './plan.ts';

/** Ours: an answer of half a page is rarely the one right answer, and that of a summary sooner still. */
const LONG_CHARACTERS = { unsaid: 400, summarization: 200, chat: 200 } as const;

/** Ours: texts are of very different length where the longest has this many times the middle, or the middle this many times the shortest. */
const WIDE = 4;

/** Whose outputs are right or wrong, so that one right answer defines them. */
const DEFINED_KINDS: readonly Model['kind'][] = ['code', 'codechat', 'embedding'];

interface HintFacts {
  plan: Plan;
  /** The `task` of the manifest. */
  task: Manifest['task'];
  /** Of the training data. */
  data: DataStatistics['dataset_uri'];
}

/**
 * Points to preference tuning where outputs are hard to define by one answer each: undefined where they are not, or where the job is
 * tuned on preferences already. The guide points to tuning with human feedback (RLHF) there, of which preference tuning is what Google
 * has now.
 */
export function preferenceHint({ plan, task, data }: HintFacts): string | undefined {
  const model = findModel(plan.baseModel);
  if (data === undefined || !('outputCharacters' in data) || data.labels) return undefined;
  if (model === undefined || DEFINED_KINDS.includes(model.kind) || isPreference(plan)) return undefined;
  if (task === 'classification' || task === 'extractive_qa' || !areHardToDefine(data, task)) return undefined;
  const { min, median, max } = data.outputCharacters;
  const found = `The outputs are long texts of very different length (${formatCount(min)} to ${formatCount(max)} characters, the middle ${formatCount(median)})`;
  return `${found}, hard to define by one right answer each. Where people can say which of two answers is better, tune on such pairs: ${wayOf(model)}. Google’s guide points to human feedback (RLHF) here.`;
}

const isPreference = (plan: Plan) => plan.backend === 'tuningJobs' && plan.method === 'preference';

function areHardToDefine(
  { outputCharacters: { min, median, max } }: DatasetStatistics,
  task: 'summarization' | 'chat' | undefined,
): boolean {
  return median >= LONG_CHARACTERS[task ?? 'unsaid'] && (max >= WIDE * median || median >= WIDE * min);
}

function wayOf(model: Model): string {
  const method = '"tuning_method": "preference"';
  if (hasPreference(model)) return method;
  return `${method} with ${TUNING_MODELS.filter(hasPreference)
    .map(({ reference }) => reference)
    .join(' or ')}`;
}

function hasPreference(model: Model): boolean {
  return model.backend === 'tuningJobs' && model.methods.includes('preference');
}
