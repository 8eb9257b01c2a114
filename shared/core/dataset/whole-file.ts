/** The rules about a data set as a whole, asked once at its end. */
import type { Task } from '../models/limits.ts';
import type { ExampleChecker, ExampleTools } from './formats/example-checker.ts';
import { type DatasetLimits, recommendedExamples } from './limits.ts';
import { WHOLE_FILE } from './lines/reporter.ts';
import { type DatasetStatistics, examplesForJob } from './statistics.ts';

export interface WholeFile {
  tools: ExampleTools;
  checker: ExampleChecker;
  limits: DatasetLimits;
  task: Task | undefined;
  /** Whether what a conversion leaves out is left out: else that is refused, and how few are left follows from it. */
  isLossAccepted: boolean;
}

/** Reports what only the whole file shows. */
export function reportWholeFile(file: WholeFile, statistics: DatasetStatistics): void {
  const { report, extras } = file.tools;
  if (statistics.examples === 0) {
    report('dataset_empty', { sizeBytes: statistics.bytes }, WHOLE_FILE);
    return;
  }
  // Where most lines are something else than examples, what the others are like says nothing of the data.
  if (file.tools.progress.strange * 2 > statistics.examples) {
    reportMost(file, statistics);
    return;
  }
  reportNumbers(file, statistics);
  const { comparedWith } = statistics.duplicates;
  if (comparedWith !== undefined) report('dataset_compared_in_part', { comparedWith }, WHOLE_FILE);
  extras.reportAll();
  file.checker.reportWhole();
}

function reportNumbers(
  { tools, limits, task, isLossAccepted }: WholeFile,
  statistics: DatasetStatistics,
): void {
  const { report } = tools;
  const { format, role } = statistics;
  const examples = isLossAccepted ? examplesForJob(statistics) : statistics.examples;
  reportMost({ tools, limits }, statistics);
  const recommended = recommendedExamples(format, task);
  if (examples < limits.minExamples) {
    report('dataset_too_few_examples', { examples, min: limits.minExamples }, WHOLE_FILE);
  } else if (role === 'training' && examples < recommended) {
    report('dataset_few_examples', { examples, recommended }, WHOLE_FILE);
  }
}

/** What there is too much of, whether it can be used or not. */
function reportMost(
  { tools, limits }: Pick<WholeFile, 'tools' | 'limits'>,
  statistics: DatasetStatistics,
): void {
  const { report } = tools;
  const { chat, files } = statistics;
  const examples = examplesForJob(statistics);
  reportSize({ tools, limits }, statistics);
  const authors = chat?.authors ?? 0;
  if (authors > limits.maxAuthors) {
    report('dataset_too_many_authors', { authors, max: limits.maxAuthors }, WHOLE_FILE);
  }
  const max = (files && limits.maxMultimodalExamples) ?? limits.maxExamples;
  if (examples > max) report('dataset_too_many_examples', { examples, max }, WHOLE_FILE);
}

function reportSize(
  { tools: { report, measures }, limits }: Pick<WholeFile, 'tools' | 'limits'>,
  statistics: DatasetStatistics,
): void {
  const { bytes } = statistics;
  const examples = examplesForJob(statistics);
  const { maxBytes = Infinity, maxDroppedShare = 1 } = limits;
  const { exceeded } = measures.tokens;
  if (bytes > maxBytes) report('dataset_too_large', { bytes, max: maxBytes }, WHOLE_FILE);
  if (exceeded > examples * maxDroppedShare) {
    report('dataset_mostly_dropped', { exceeded, examples, percent: maxDroppedShare * 100 }, WHOLE_FILE);
  }
}
