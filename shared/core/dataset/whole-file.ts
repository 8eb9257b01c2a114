/** The rules about a data set as a whole, asked once at its end. */
import type { DatasetCheckOptions } from './check.ts';
import type { ExampleTools } from './formats/format.ts';
import type { Progress } from './jsonl/json-lines.ts';
import { recommendedExamples } from './limits.ts';
import type { DatasetStatistics } from './statistics.ts';

export interface FileRules {
  options: DatasetCheckOptions;
  progress: Progress;
  tools: ExampleTools;
  statistics: DatasetStatistics;
}

const WHOLE_FILE = { line: 0 } as const;

/** Reports what only the whole file shows. */
export function reportFileRules({ options, progress, tools, statistics }: FileRules): void {
  const { report } = tools;
  if (progress.blankLines > 0) {
    report('dataset_blank_lines', { count: progress.blankLines }, { line: progress.firstBlankLine });
  }
  if (progress.examples === 0) {
    report('dataset_empty', { sizeBytes: statistics.bytes }, WHOLE_FILE);
    return;
  }
  reportNumbers({ options, progress, tools, statistics });
  tools.extras.reportAll();
  const withContext = statistics.chat?.examplesWithContext ?? 0;
  if (options.defaultContext !== undefined && withContext > 0) {
    report('dataset_context_overrides', { count: withContext, examples: progress.examples }, WHOLE_FILE);
  }
  if (options.role === 'evaluation') return;
  tools.instructions.reportAll(report, statistics.labels?.distinct);
  tools.labels.reportAll(report);
}

function reportNumbers({
  options,
  progress: { examples },
  tools: { report, limits },
  statistics,
}: FileRules): void {
  const authors = statistics.chat?.authors ?? 0;
  if (authors > limits.maxAuthors) {
    report('dataset_too_many_authors', { authors, max: limits.maxAuthors }, WHOLE_FILE);
  }
  if (examples > limits.maxExamples) {
    report('dataset_too_many_examples', { examples, max: limits.maxExamples }, WHOLE_FILE);
  }
  const recommended = recommendedExamples(options.format, options.task);
  if (examples < limits.minExamples) {
    report('dataset_too_few_examples', { examples, min: limits.minExamples }, WHOLE_FILE);
  } else if (options.role === 'training' && examples < recommended) {
    report('dataset_few_examples', { examples, recommended }, WHOLE_FILE);
  }
}
