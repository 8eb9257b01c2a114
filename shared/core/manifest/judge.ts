import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue } from '../issues/manifest.ts';
import { answerPriceOf } from '../models/answer-prices.ts';
import { findJudge, pricedJudge } from '../models/judges.ts';
import { goesOnUntil, isRetired } from '../models/lifecycle.ts';
import { findModel, type Model } from '../models/models.ts';
import { sourceText } from '../models/sources.ts';
import { successorOf } from '../models/successor.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import type { DeploymentLimits } from './deployment-limits.ts';
import type { Manifest } from './keys.ts';

interface JudgeCheck {
  limits: Pick<DeploymentLimits, 'retiredModels'>;
  locate: Locate;
  /** ISO 8601 day. */
  today: string;
}

/** Whether the judge that a manifest names still answers, has anything to compare, and is no party. */
export function checkJudge(manifest: Partial<Manifest>, check: JudgeCheck): ManifestIssue[] {
  const judge = manifest.judge === undefined ? undefined : findJudge(manifest.judge);
  if (judge === undefined) return [];
  const idle = WITHOUT_WORK.find(({ holds }) => holds(manifest));
  const at = check.locate('judge');
  if (idle) return [manifestIssue('judge_without_work', at, { judge: judge.reference, why: idle.why })];
  const isParty = findModel(manifest.base_model ?? '') === judge;
  return [
    ...checkLife(judge, manifest.base_model, check),
    ...(isParty ? [manifestIssue('judge_is_base', at, { judge: judge.reference })] : []),
  ];
}

function checkLife(
  judge: TuningModel,
  base: string | undefined,
  { limits, locate, today }: JudgeCheck,
): ManifestIssue[] {
  if (!isRetired(judge, today)) return [];
  const { lifecycle, reference } = judge;
  const goesOn = goesOnUntil(judge, today);
  const successor = successorOf(reference, { today })?.reference;
  const hasPrice = successor === undefined || answerPriceOf(successor) !== undefined;
  const fields = {
    model: reference,
    date: lifecycle.retired?.day ?? '',
    goesOnUntil: goesOn,
    successor,
    priced: hasPrice ? undefined : pricedJudge(today, [base, successor]),
    source: sourceText(lifecycle.shutdown?.source ?? lifecycle.source),
  };
  const isRefused = goesOn === undefined && limits.retiredModels === 'error';
  return [manifestIssue('judge_retired', locate('judge'), fields, isRefused ? 'error' : 'warning')];
}

interface WithoutWork {
  holds: (manifest: Partial<Manifest>) => boolean;
  /** The end of the sentence "judge: MODEL, …". */
  why: string;
}

const isKind = (kind: Model['kind']) => (manifest: Partial<Manifest>) =>
  findModel(manifest.base_model ?? '')?.kind === kind;

/** Where a tuned model and its base are not both asked, so that there are no two answers. */
const WITHOUT_WORK: readonly WithoutWork[] = [
  {
    holds: ({ evaluate }) => evaluate === false,
    why: 'beside "evaluate": false, with which nothing is asked',
  },
  { holds: isKind('embedding'), why: 'where an embedding model answers with numbers' },
  { holds: isKind('open'), why: 'where an open model is deployed nowhere to be asked' },
  {
    holds: ({ tuning_method }) => tuning_method === 'preference',
    why: 'where preferences are tuned on, after which nothing is asked',
  },
  {
    holds: ({ evaluation_data_uri, evaluation_split }) =>
      evaluation_data_uri === undefined && evaluation_split === undefined,
    why: 'without evaluation data, so that nothing is asked',
  },
];
