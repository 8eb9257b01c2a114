/** The evaluation data held against the training data. */
import { type DatasetIssue, datasetIssue } from '../issues/dataset.ts';
import type { TuningLimits } from '../models/tuning-models.ts';
import type { DatasetResult } from './check.ts';
import { firstOf } from './lines/progress.ts';

/** The evaluation examples whose input is also in the training data, in the order of their lines. */
export function checkOverlap(training: DatasetResult, evaluation: DatasetResult): DatasetIssue[] {
  const known = training.fingerprints.inputs;
  const { uri, areNumbered, inputs } = evaluation.fingerprints;
  const shared: { place: number; training: number; sameOutput: boolean }[] = [];
  inputs.forEach((low, high, place, output) => {
    const found = known.find(low, high);
    if (found === -1) return;
    shared.push({ place, training: known.lineAt(found), sameOutput: known.tagAt(found) === output });
  });
  const { examples } = evaluation.statistics;
  if (examples > 1 && shared.length === inputs.size && shared.every(({ sameOutput }) => sameOutput)) {
    return [datasetIssue('evaluation_is_training', { uri }, { examples })];
  }
  return shared
    .sort((a, b) => a.place - b.place)
    .map(({ place, training: first, sameOutput }) => {
      const at = areNumbered ? { uri, record: place } : { uri, line: place };
      const isRecord = training.fingerprints.areNumbered;
      return datasetIssue('evaluation_overlap', at, { ...firstOf(first, isRecord ? first : 0), sameOutput });
    });
}

/** The labels of the evaluation that no training example has, in the order of their lines. */
export function checkEvaluationLabels(training: DatasetResult, evaluation: DatasetResult): DatasetIssue[] {
  const { labels: known, fingerprints } = training;
  if (!known || !evaluation.labels) return [];
  const { uri } = evaluation.fingerprints;
  return [...evaluation.labels]
    .filter(([label]) => !known.has(label))
    .map(([, { count, firstLine, firstRecord }]) => {
      const at = { uri, line: firstLine, record: firstRecord || undefined, path: 'output_text' };
      return datasetIssue('evaluation_label_unknown', at, { count, training: fingerprints.uri });
    });
}

/**
 * Evaluation data that is too large beside the training data. Files of open models are refused for it; what Gemini's page says of
 * numbers of examples can be read in two ways, so that it is a warning.
 */
export function checkEvaluationShare(
  { statistics: training }: Pick<DatasetResult, 'statistics'>,
  { statistics: evaluation, fingerprints: { uri } }: DatasetResult,
  { alwaysExamples = 0, maxShare, shareOf }: TuningLimits['validation'],
): DatasetIssue[] {
  const most = Math.floor(training[shareOf] * maxShare);
  const found = evaluation[shareOf];
  if (found <= most || (shareOf === 'examples' && found <= alwaysExamples)) return [];
  const fields = { found, most, unit: shareOf, percent: maxShare * 100 };
  return [datasetIssue('evaluation_too_large', { uri }, fields, shareOf === 'bytes' ? 'error' : 'warning')];
}
