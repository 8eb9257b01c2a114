import { createDatasetCheck, type DatasetCheckOptions, type DatasetResult } from '../core/dataset/check.ts';
import type { DatasetRole } from '../core/dataset/limits.ts';
import { createEvaluationChooser, type EvaluationChooser } from '../core/dataset/split/choose-evaluation.ts';
import { type ExampleSplit, splitExamples } from '../core/dataset/split/split-examples.ts';
import type { DatasetStatistics } from '../core/dataset/statistics.ts';
import { type DatasetIssue, datasetIssue } from '../core/issues/dataset.ts';
import type { Manifest } from '../core/manifest/manifest.ts';
import { evaluationLimits, MAX_SPLIT_SHARE } from '../core/models/evaluation-limits.ts';
import type { Model } from '../core/models/models.ts';

/** A training file of which a part is kept for the evaluation: what each part holds. */
export interface SplitFile {
  split: ExampleSplit;
  statistics: { dataset_uri: DatasetStatistics; evaluation_data_uri: DatasetStatistics };
}

interface ReadFile {
  result: DatasetResult;
  uri: string;
  /** Reads the file once more. */
  again: () => AsyncIterable<Uint8Array>;
  optionsFor: (role: DatasetRole) => Omit<DatasetCheckOptions, 'onIssue'>;
}

export interface SplitPreparation {
  /** What the check of the file is told besides. */
  options: { onIssue: (issue: DatasetIssue) => void; chooser: EvaluationChooser };
  /** After the check: undefined, and an issue, where the file cannot be split. One with errors is not split at all. */
  split(file: ReadFile): Promise<SplitFile | undefined>;
}

/** What is said of the number of examples: it is said of those that are left to train on. */
const OF_NUMBERS: ReadonlySet<DatasetIssue['code']> = new Set([
  'dataset_too_few_examples',
  'dataset_too_many_examples',
  'dataset_few_examples',
  'dataset_too_large',
]);

/** Prepares the check of a training file of which the manifest wants a part to be kept; undefined where it does not, or the model takes none. */
export function prepareSplit(
  { evaluation_split: asked }: Partial<Manifest>,
  { model, onIssue }: { model: Model | undefined; onIssue: (issue: DatasetIssue) => void },
): SplitPreparation | undefined {
  const limits = evaluationLimits(model);
  if (asked === undefined || limits === undefined) return undefined;
  const chooser = createEvaluationChooser();
  const held: DatasetIssue[] = [];
  let hasErrors = false;

  return {
    options: {
      chooser,
      onIssue(issue) {
        if (OF_NUMBERS.has(issue.code)) return void held.push(issue);
        hasErrors ||= issue.severity === 'error';
        onIssue(issue);
      },
    },
    async split(file) {
      const outcome = hasErrors ? undefined : splitExamples(chooser, asked, limits);
      if (outcome === undefined || 'problem' in outcome) {
        // Who has too few examples to split them is told how many they have to be.
        const isTold = (code: DatasetIssue['code']) =>
          outcome !== undefined && code === 'dataset_too_few_examples';
        for (const issue of held) if (!isTold(issue.code)) onIssue(issue);
        if (outcome) onIssue(datasetIssue('evaluation_split_impossible', { uri: file.uri }, outcome.problem));
        return undefined;
      }
      onIssue(splitIssue(outcome, file.uri));
      return { split: outcome, statistics: await statisticsOfParts(file, outcome, onIssue) };
    },
  };
}

/** What was asked for in vain is a warning: half of the training data may be gone by a number that was mistyped. */
function splitIssue(
  { asked, examples, evaluation, isByLabel, cutFrom, most }: ExampleSplit,
  uri: string,
): DatasetIssue {
  const fields = {
    evaluation: evaluation.length,
    training: examples - evaluation.length,
    isByLabel,
    cutFrom,
    isHalf: cutFrom === undefined ? undefined : most === Math.floor(examples * MAX_SPLIT_SHARE),
    asked: asked >= 1 && cutFrom === undefined && asked !== evaluation.length ? asked : undefined,
  };
  return datasetIssue('dataset_split', { uri }, fields, cutFrom === undefined ? 'advice' : 'warning');
}

/** Checks each part as if it had been uploaded by itself, for what it holds and for whether the training part is of a right size. */
async function statisticsOfParts(
  { result: { statistics: whole }, again, optionsFor }: ReadFile,
  { evaluation }: ExampleSplit,
  onIssue: (issue: DatasetIssue) => void,
): Promise<SplitFile['statistics']> {
  const kept = new Set(evaluation.map(({ example }) => example));
  const ofNumbers = (issue: DatasetIssue) => void (OF_NUMBERS.has(issue.code) && onIssue(issue));
  const training = createDatasetCheck({
    ...optionsFor('training'),
    ...{ onIssue: ofNumbers, maxCompared: 0, isTaken: (example: number) => !kept.has(example) },
  });
  const evaluationCheck = createDatasetCheck({
    ...optionsFor('evaluation'),
    ...{ onIssue: () => {}, isTaken: (example: number) => kept.has(example) },
  });
  for await (const chunk of again()) {
    training.push(chunk);
    evaluationCheck.push(chunk);
  }
  const { statistics } = training.finish();
  const { files } = statistics;
  const evaluated = evaluationCheck.finish().statistics;
  return {
    dataset_uri: {
      ...statistics,
      evaluationLines: evaluation.length,
      duplicates: withoutPart(whole.duplicates, evaluated.duplicates),
      files: files && { ...files, lookedAt: whole.files?.lookedAt },
    },
    // A file of its own, one line an example.
    evaluation_data_uri: { ...evaluated, lines: evaluation.length, blankLines: 0, blankLineRuns: undefined },
  };
}

/** Rows of one input are all in one part, so that what was found of the whole file is that of both parts together. */
function withoutPart(
  whole: DatasetStatistics['duplicates'],
  part: DatasetStatistics['duplicates'],
): DatasetStatistics['duplicates'] {
  return {
    exact: Math.max(0, whole.exact - part.exact),
    conflicting: Math.max(0, whole.conflicting - part.conflicting),
    comparedWith: whole.comparedWith,
  };
}
