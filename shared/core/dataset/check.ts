/** The check of one data set: bytes in, issues and statistics out. Pure, streaming, never throws, memory flat. */
import type { LossCount } from '../issues/conversion.ts';
import { DATASET_ISSUES, type DatasetIssue } from '../issues/dataset.ts';
import type { Task } from '../models/limits.ts';
import type { GeminiTraits } from '../models/tuning-models.ts';
import { type Container, LINES } from './containers/container.ts';
import { splitterOf } from './containers/splitters.ts';
import { createHeadReader } from './faults/recognise.ts';
import { type ChatCheckerOptions, createChatChecker } from './formats/chat/chat.ts';
import type { ExampleChecker, ExampleTools } from './formats/example-checker.ts';
import { createExtraFields } from './formats/extra-fields.ts';
import { createPromptChecker, createTextChecker, type TextCheckerOptions } from './formats/text.ts';
import { createChatMessagesChecker } from './formats/turns/chat-messages.ts';
import { type ContentsOptions, createContentsChecker, type MayRead } from './formats/turns/contents.ts';
import { createPreferenceChecker } from './formats/turns/preference.ts';
import type { IsTaken } from './forms/convert-records.ts';
import { createFormChecker } from './forms/form-checker.ts';
import type { FormName } from './forms/names.ts';
import { formOfRecord, isTold, recogniseForeign } from './forms/recognise.ts';
import { FORMS } from './forms/table.ts';
import type { TargetForm } from './forms/target.ts';
import { createJsonLines } from './jsonl/json-lines.ts';
import { type DatasetLimits, type DatasetRole, datasetLimits, type ExampleFormat } from './limits.ts';
import { createFileProgress, type FileProgress, fileCounts, stopsWhereHopeless } from './lines/progress.ts';
import { createReporter, WHOLE_FILE } from './lines/reporter.ts';
import { createTextFile } from './lines/text-file.ts';
import { createProvedLines } from './scan/proved-lines.ts';
import type { EvaluationChooser } from './split/choose-evaluation.ts';
import { createPart } from './split/part.ts';
import type { DatasetStatistics } from './statistics.ts';
import { createDuplicateFinder, type DuplicateFinder, type ExampleHashes } from './tallies/duplicates.ts';
import type { KnownLabels } from './tallies/labels.ts';
import type { NamedFiles } from './tallies/named-files.ts';
import { createSizeTally } from './tallies/sizes.ts';
import { createTextHasher } from './tallies/text-hash.ts';
import { createTokenCheck } from './tallies/token-limits.ts';
import { createTokenTally } from './tallies/token-tally.ts';
import type { TokenCounter } from './tokens/token-counter.ts';
import { reportWholeFile } from './whole-file.ts';

export interface DatasetCheckOptions {
  /** Where the data set is; goes into every issue. */
  uri: string;
  format: FormName;
  role: DatasetRole;
  /** Gets every issue as it is found. */
  onIssue: (issue: DatasetIssue) => void;
  /** What differs from the guide's limits of the format and role. */
  limits?: Partial<DatasetLimits> | undefined;
  /** What a text over its token limit is; an error by default, since the service was seen to refuse such rows. */
  tokenOverflow?: 'error' | 'warning' | undefined;
  /** The text of `default_context`; counted where an example has no context of its own. */
  defaultContext?: string | undefined;
  task?: Task | undefined;
  /** What the file has around its records. */
  container?: Container | undefined;
  /** What examples in another form than the model's are written in. */
  target?: TargetForm | undefined;
  /** Whether what is lost by that may be lost; default: not. */
  isLossAccepted?: boolean | undefined;
  /** What the lines of the model's data may hold, where models differ. */
  traits?: GeminiTraits | undefined;
  /** Whether a job may read a file that an example names; without it every file. */
  mayRead?: MayRead | undefined;
  /** Counts the tokens of the texts; without it they are estimated from their sizes alone. */
  counter?: TokenCounter | undefined;
  /** Which examples are checked, where that is only a part of them. */
  isTaken?: IsTaken | undefined;
  /** Gets every example, where a part of them is to be kept for the evaluation. */
  chooser?: EvaluationChooser | undefined;
  /** How many different inputs are compared with each other, where that is fewer than are kept; 0: somebody has compared them. */
  maxCompared?: number | undefined;
  /** Whether every line is read, also where it could be proved to be sound: slower, with the same result. */
  isPlain?: boolean | undefined;
}

export interface DatasetResult {
  statistics: DatasetStatistics;
  /** For `checkOverlap`. */
  fingerprints: ExampleHashes;
  /** For `lookAtFiles`. */
  files: NamedFiles | undefined;
  /** For `checkEvaluationLabels`. */
  labels: KnownLabels | undefined;
  /** What the conversion of the examples loses. */
  losses: LossCount[];
  /** Whether the file was read to its end and every example can be used; what follows from another is no finding. */
  isSound: boolean;
}

export interface DatasetCheck {
  /** Whether nothing that follows would be read: the file is hopeless. */
  readonly isOver: boolean;
  /** Reads the next bytes; any chunking gives the same result. The chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** Ends the file; call it once. */
  finish(): DatasetResult;
}

type CheckerOptions = TextCheckerOptions & ChatCheckerOptions & ContentsOptions;

/** Who checks the examples of a format. */
const CHECKERS: Record<ExampleFormat, (tools: ExampleTools, options: CheckerOptions) => ExampleChecker> = {
  input_output: createTextChecker,
  messages: createChatChecker,
  contents: createContentsChecker,
  preference: createPreferenceChecker,
  chat_messages: createChatMessagesChecker,
  prompt_completion: createPromptChecker,
};

/** What is around records of which several may begin on one line. */
const SEVERAL_ON_LINE: ReadonlySet<Container['kind']> = new Set(['values', 'array', 'list', 'members']);

/** Makes the check of one data set. */
export function createDatasetCheck(options: DatasetCheckOptions): DatasetCheck {
  const { format, role, task, isLossAccepted = false, container = LINES } = options;
  const limits = { ...datasetLimits(options.target?.form ?? format, role), ...options.limits };
  const tools = createTools(options, limits);
  const { report, progress, measures } = tools;
  const { checker, losses } = checkerOf(tools, options);
  const reader = createJsonLines({
    ...{ report, progress, checker, expected: format },
    areCut: container.kind !== 'lines',
    areNumbered: SEVERAL_ON_LINE.has(container.kind),
    isMarked: FORMS[format].isMarked,
  });
  const readHead = createHeadReader(report, {
    expected: format,
    isCut: container.kind !== 'lines',
    container,
    isKnown: (record) =>
      isTold(record) || formOfRecord(record) === format || recogniseForeign(record, format) === 'embedding',
  });
  const part = options.isTaken && createPart(reader, { progress, isTaken: options.isTaken });
  const proved = part || options.isPlain || container.kind !== 'lines' ? undefined : checker.countProved?.();
  const split = proved ? () => createProvedLines(proved, reader, tools) : splitterOf(container);
  const file = createTextFile(part ?? reader, { report, progress, readHead }, split);

  return {
    get isOver() {
      return file.isOver;
    },
    push(chunk) {
      file.push(chunk);
      const most = Math.max(limits.maxExamples, limits.maxMultimodalExamples ?? 0);
      reportWhereHopeless(tools, Math.min(most, limits.maxAuthors));
    },
    finish() {
      file.finish();
      const { sharedInstruction, ...counted } = checker.statistics();
      const statistics: DatasetStatistics = {
        format,
        role,
        ...fileCounts(progress, part?.bytes ?? file.bytes),
        leftOutExamples: progress.leftOut || undefined,
        sharedLines: progress.blanks.isGivenUp || undefined,
        blankLineRuns: linesWithoutExample(progress),
        ...measures.sizes.summary(measures.counting?.summary()),
        duplicates: { ...measures.duplicates.counts, comparedWith: measures.duplicates.comparedWith() },
        ...counted,
        sharedInstruction: role === 'training' ? sharedInstruction : undefined,
      };
      if (!progress.isStopped) reportWholeFile({ tools, checker, limits, task, isLossAccepted }, statistics);
      const labels = checker.knownLabels?.();
      return {
        statistics,
        fingerprints: measures.duplicates.hashes,
        files: checker.files,
        labels,
        losses: losses(),
        isSound: !progress.isStopped && progress.unusable === 0 && !checker.isMistaken?.(),
      };
    },
  };
}

/** Each example has a message at least. */
function reportWhereHopeless(
  { report, progress }: Pick<ExampleTools, 'report' | 'progress'>,
  max: number,
): void {
  if (!stopsWhereHopeless(progress, max)) return;
  const { examples } = progress;
  report('dataset_too_many_examples', { examples, max, isRestUnread: true }, WHOLE_FILE);
}

/** In the form of the model, or in one that is written in it. */
function checkerOf(
  tools: ExampleTools,
  { format, task, defaultContext, mayRead, traits, target }: DatasetCheckOptions,
): { checker: ExampleChecker; losses: () => LossCount[] } {
  if (target === undefined) {
    const native = CHECKERS[format as ExampleFormat];
    return { checker: native(tools, { task, defaultContext, mayRead, traits }), losses: () => [] };
  }
  const checker = createFormChecker(tools, { form: format, target, task, defaultContext, mayRead });
  return { checker, losses: checker.losses.losses };
}

function createTools(
  {
    uri,
    role,
    tokenOverflow = 'error',
    onIssue,
    container = LINES,
    counter,
    chooser,
    maxCompared,
  }: DatasetCheckOptions,
  limits: DatasetLimits,
): ExampleTools {
  const progress = createFileProgress();
  const report = createReporter<DatasetIssue>({ uri, progress, catalog: DATASET_ISSUES, onIssue });
  const areNumbered = SEVERAL_ON_LINE.has(container.kind);
  const duplicates = createDuplicateFinder(uri, report, { areNumbered, maxCompared });
  const measures = {
    hasher: createTextHasher(),
    tokens: createTokenCheck(report, { limits, overflow: tokenOverflow }),
    sizes: createSizeTally(),
    duplicates: chooser ? withChooser(duplicates, chooser, progress) : duplicates,
    counting: counter && createTokenTally(counter),
  };
  return { report, progress, role, extras: createExtraFields({ report, progress }), measures };
}

/** Nothing is noted where every line is an example, as in most files. */
function linesWithoutExample({ blanks, line, examples, leftOut }: FileProgress) {
  const runs = blanks.runs();
  return runs?.length === 0 && line === examples && leftOut === 0 ? undefined : runs;
}

/** Every sound example is compared with others; so it passes by here. */
function withChooser(
  duplicates: DuplicateFinder,
  chooser: EvaluationChooser,
  progress: FileProgress,
): DuplicateFinder {
  return {
    ...duplicates,
    add(hash, place) {
      duplicates.add(hash, place);
      chooser.add({ ...hash, line: progress.line, example: progress.examples, bytes: progress.lineBytes });
    },
  };
}
