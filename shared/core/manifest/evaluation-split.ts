import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { evaluationLimits } from '../models/evaluation-limits.ts';
import type { Model } from '../models/models.ts';
import type { ManifestReading } from './reading.ts';

/** Checks `evaluation_split` against the keys beside it and against how many examples the model takes for an evaluation. */
export function checkEvaluationSplit(
  { content, draft, locate }: ManifestReading,
  model: Model,
): ManifestIssue[] {
  const { evaluation_split: split } = draft;
  if (split === undefined) return [];
  const refuse = (expected: string, remedy?: string) => {
    const fields = { key: 'evaluation_split', found: shown(split), expected };
    return [
      manifestIssue('invalid_value', locate('evaluation_split'), remedy ? { ...fields, remedy } : fields),
    ];
  };
  if (Object.hasOwn(content, 'evaluation_data_uri')) {
    return refuse(
      'evaluation_split or evaluation_data_uri, not both',
      'Remove evaluation_split to evaluate on the file, or evaluation_data_uri to have a part of the training data kept for it.',
    );
  }
  if (draft.dataset_name !== undefined) {
    return refuse(
      'dataset_uri beside it: a managed data set is not read, and so not split',
      'Remove evaluation_split and name a file in evaluation_data_uri, or export the data set to a file and name that in dataset_uri.',
    );
  }
  const { least = 1, most = Infinity } = evaluationLimits(model) ?? {};
  if (split < 1 || (split >= least && split <= most)) return [];
  return refuse(
    `a share such as 0.1, or ${least} to ${most.toLocaleString('en-US')} examples for ${model.reference}`,
    `Write "evaluation_split": ${split < least ? least : most}, or a share such as 0.1.`,
  );
}
