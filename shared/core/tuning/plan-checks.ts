import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue } from '../issues/manifest.ts';
import type { Manifest } from '../manifest/keys.ts';
import { writtenAs } from '../manifest/reading.ts';
import {
  MOST_ASKED_FOR,
  RECOMMENDED_CONFIGURATIONS,
  TEMPLATE_DEFAULTS,
  UNUSUAL_EPOCHS,
  UNUSUAL_LEARNING_RATE_MULTIPLIER,
} from '../models/limits.ts';
import type { PipelineModel } from '../models/pipeline-models.ts';
import { MANY_PAID_EPOCHS, type TuningModel } from '../models/tuning-models.ts';
import type { PipelinePlan, TuningPlan } from './plan.ts';

/** What a plan was made from. */
interface PlanSource<Row> {
  manifest: Manifest;
  model: Row;
  locate: Locate;
}

/** What is wrong or unwise about the plan of a compiled pipeline. */
export function checkPipelinePlan(plan: PipelinePlan, source: PlanSource<PipelineModel>): ManifestIssue[] {
  return [...checkTraining(plan, source), ...checkTask(plan, source)];
}

/** What is wrong or unwise about the plan of a tuning job. */
export function checkTuningPlan(
  { training: { epochs, examples } }: TuningPlan,
  { manifest, locate }: PlanSource<TuningModel>,
): ManifestIssue[] {
  if (epochs > MOST_ASKED_FOR.epochs) {
    const found = `${manifest.train_steps}, which are ${epochs} passes over ${examples} examples`;
    const expected = `steps for at most ${MOST_ASKED_FOR.epochs} passes`;
    const remedy = 'Write "epoch_count": 3 in its place, a first try: every pass is paid for.';
    return [
      manifestIssue('invalid_value', locate('train_steps'), { key: 'train_steps', found, expected, remedy }),
    ];
  }
  const key = manifest.epoch_count === undefined ? 'train_steps' : 'epoch_count';
  const at = locate(key);
  const fields = { key: writtenAs(locate, key), epochs, limit: MANY_PAID_EPOCHS, isPaidByEpoch: true };
  const many = epochs > MANY_PAID_EPOCHS ? [manifestIssue('many_epochs', at, fields)] : [];
  return [...many, ...checkLearningRate(manifest, locate)];
}

function checkLearningRate(
  { learning_rate_multiplier: rate = TEMPLATE_DEFAULTS.learningRateMultiplier }: Manifest,
  locate: Locate,
): ManifestIssue[] {
  if (rate <= UNUSUAL_LEARNING_RATE_MULTIPLIER) return [];
  const fields = { found: rate, limit: UNUSUAL_LEARNING_RATE_MULTIPLIER };
  return [manifestIssue('learning_rate_unusual', locate('learning_rate_multiplier'), fields)];
}

function checkTraining(plan: PipelinePlan, { manifest, locate }: PlanSource<PipelineModel>): ManifestIssue[] {
  const { steps, batchSize, examples, epochs, evaluations } = plan.training;
  const issues: ManifestIssue[] = [];
  const interval = manifest.evaluation_interval ?? TEMPLATE_DEFAULTS.evaluationInterval;
  if (evaluations === 0) {
    issues.push(manifestIssue('no_evaluation', locate('evaluation_interval'), { interval, steps }));
  } else if (evaluations !== undefined && evaluations <= 2) {
    const fields = { interval, steps, points: evaluations };
    issues.push(manifestIssue('few_evaluations', locate('evaluation_interval'), fields));
  }
  if (epochs !== undefined && examples !== undefined && steps * batchSize < examples) {
    const fields = { epochs, stepsForOneEpoch: Math.ceil(examples / batchSize) };
    issues.push(manifestIssue('less_than_one_epoch', locate('train_steps'), fields));
  }
  if (epochs !== undefined && epochs > UNUSUAL_EPOCHS) {
    const fields = { key: 'train_steps', epochs, limit: UNUSUAL_EPOCHS, isPaidByEpoch: false };
    issues.push(manifestIssue('many_epochs', locate('train_steps'), fields));
  }
  return [...issues, ...checkLearningRate(manifest, locate)];
}

function checkTask(
  plan: PipelinePlan,
  { manifest, model, locate }: PlanSource<PipelineModel>,
): ManifestIssue[] {
  const { task } = manifest;
  if (task === undefined || model.kind === 'embedding') return [];
  const issues: ManifestIssue[] = [];
  const { minSteps, maxSteps } = RECOMMENDED_CONFIGURATIONS[task];
  const { steps } = plan.training;
  if (steps < minSteps || steps > maxSteps) {
    const recommended = minSteps === maxSteps ? `${minSteps}` : `${minSteps} to ${maxSteps}`;
    issues.push(manifestIssue('task_steps', locate('train_steps'), { task, found: steps, recommended }));
  }
  if ((task === 'chat') !== (model.dataset === 'messages')) {
    const kind = task === 'chat' ? 'chat' : 'text or code';
    issues.push(manifestIssue('task_model', locate('task'), { task, model: model.reference, kind }));
  }
  return issues;
}
