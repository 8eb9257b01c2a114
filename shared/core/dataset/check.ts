/** The check of one data set: bytes in, issues and statistics out. Pure, streaming, never throws, memory flat. */
import { type DatasetIssue, datasetIssue } from '../issues/dataset.ts';
import { createIssueLog, type IssueLog, type IssueLogOptions } from '../issues/issue-log.ts';
import { createChatChecker } from './formats/chat/chat.ts';
import { createExtraFields } from './formats/fields.ts';
import type { ExampleTools } from './formats/format.ts';
import { createTextChecker } from './formats/text.ts';
import { createLineReader, createProgress, type Progress } from './jsonl/json-lines.ts';
import {
  type DatasetFormat,
  type DatasetLimits,
  type DatasetRole,
  type DatasetTask,
  datasetLimits,
} from './limits.ts';
import { createReport, type Report } from './lines/reporter.ts';
import { createTextFile } from './lines/text-file.ts';
import { createSizeTally, type DatasetStatistics } from './statistics.ts';
import { createDuplicateFinder, type ExampleHashes } from './tallies/duplicates.ts';
import { createInstructionTally } from './tallies/instructions.ts';
import { createLabelTally, type KnownLabels } from './tallies/labels.ts';
import { createTextHasher } from './tallies/text-hash.ts';
import { createTokenCheck } from './tallies/token-limits.ts';
import { reportFileRules } from './whole-file.ts';

export interface DatasetCheckOptions {
  /** Where the data set is; goes into every issue. */
  uri: string;
  format: DatasetFormat;
  role: DatasetRole;
  /** What differs from `datasetLimits(format, role)`, such as `LONG_CONTEXT_LIMITS`. */
  limits?: Partial<DatasetLimits> | undefined;
  /** What a text over its token limit is; an error by default, since the service was seen to refuse such rows. */
  tokenOverflow?: 'error' | 'warning' | undefined;
  /** The text of `default_context`; counted where an example has no context of its own. */
  defaultContext?: string | undefined;
  task?: DatasetTask | undefined;
  /** How many issues are kept, and where the complete list goes. */
  log?: IssueLogOptions<DatasetIssue>;
}

export interface DatasetResult {
  issues: IssueLog<DatasetIssue>;
  statistics: DatasetStatistics;
  /** For `checkOverlap`. */
  fingerprints: ExampleHashes;
  /** For `checkLabels`. */
  labels: KnownLabels | undefined;
}

export interface DatasetCheck {
  /** Reads the next bytes; any chunking gives the same result. The chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** Ends the file; call it once. */
  finish(): DatasetResult;
}

/** Makes the check of one data set. */
export function createDatasetCheck(options: DatasetCheckOptions): DatasetCheck {
  const issues = createIssueLog<DatasetIssue>(options.log);
  const progress = createProgress();
  const report = createReport(datasetIssue, { uri: options.uri, progress, add: issues.add });
  const tools = createTools(options, report, progress);
  const checker = options.format === 'messages' ? createChatChecker(tools) : createTextChecker(tools);
  const reader = createLineReader({ report, progress, checker, expected: options.format });
  const file = createTextFile(reader, { report, progress });

  function summary(): DatasetStatistics {
    const labels = tools.labels.statistics();
    return {
      format: options.format,
      role: options.role,
      bytes: file.bytes,
      lines: progress.line,
      blankLines: progress.blankLines,
      examples: progress.examples,
      unusableExamples: progress.unusable,
      ...tools.sizes.summary(),
      duplicates: { ...tools.duplicates.counts },
      ...(labels && { labels }),
      ...(checker.chatStatistics && { chat: checker.chatStatistics() }),
    };
  }

  return {
    push: file.push,
    finish() {
      file.finish();
      const statistics = summary();
      if (!progress.isStopped) reportFileRules({ options, progress, tools, statistics });
      const labels = tools.labels.known();
      return { issues, statistics, fingerprints: tools.duplicates.hashes, labels };
    },
  };
}

/** The evaluation examples whose input is also in the training data, in the order of their lines. */
export function checkOverlap(training: DatasetResult, evaluation: DatasetResult): DatasetIssue[] {
  const known = training.fingerprints.inputs;
  const { uri, inputs } = evaluation.fingerprints;
  const shared: { line: number; trainingLine: number; sameOutput: boolean }[] = [];
  inputs.forEach((low, high, line, output) => {
    const found = known.find(low, high);
    if (found === -1) return;
    shared.push({ line, trainingLine: known.lineAt(found), sameOutput: known.tagAt(found) === output });
  });
  return shared
    .sort((a, b) => a.line - b.line)
    .map(({ line, ...fields }) => datasetIssue('evaluation_overlap', { uri, line }, fields));
}

/** The labels of the evaluation that no training example has, in the order of their lines. */
export function checkLabels(training: DatasetResult, evaluation: DatasetResult): DatasetIssue[] {
  const { labels: known, fingerprints } = training;
  if (!known || !evaluation.labels) return [];
  const { uri } = evaluation.fingerprints;
  return [...evaluation.labels]
    .filter(([label]) => !known.has(label))
    .map(([, { count, firstLine }]) =>
      datasetIssue(
        'evaluation_label_unknown',
        { uri, line: firstLine, path: 'output_text' },
        { count, training: fingerprints.uri },
      ),
    );
}

function createTools(options: DatasetCheckOptions, report: Report, progress: Progress): ExampleTools {
  const lineNow = () => progress.line;
  return {
    report,
    lineNow,
    limits: { ...datasetLimits(options.format, options.role), ...options.limits },
    hasher: createTextHasher(),
    tokens: createTokenCheck(report, options.tokenOverflow ?? 'error'),
    sizes: createSizeTally(),
    duplicates: createDuplicateFinder(options.uri, report),
    labels: createLabelTally(options.task === 'classification'),
    instructions: createInstructionTally(options.task),
    extras: createExtraFields({ lineNow, report }),
    defaultContext: options.defaultContext,
  };
}
