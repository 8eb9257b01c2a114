/** Examples of a question and its answer: `{"input_text", "output_text"}` of text and code models, `{"prompt", "completion"}`. */
import type { ParsedObject } from '../../json/values.ts';
import type { Task } from '../../models/limits.ts';
import { type FileProgress, placeOf } from '../lines/progress.ts';
import { createProvedPairs } from '../scan/pairs.ts';
import { createInstructionTally } from '../tallies/instructions.ts';
import { createLabelTally } from '../tallies/labels.ts';
import { createSharedInstruction } from '../tallies/shared-instruction.ts';
import type { ExampleChecker, ExampleMeasures, ExampleTools } from './example-checker.ts';
import { checkPresent, checkTextValue } from './fields.ts';

/** How a form calls the two. */
export interface PairNames {
  input: string;
  output: string;
}

export interface TextCheckerOptions {
  task: Task | undefined;
  /** Becomes the system instruction of every example, where the form has one. */
  defaultContext?: string | undefined;
}

/** Makes the checker of one data set of text and code models. */
export function createTextChecker(tools: ExampleTools, options: TextCheckerOptions): ExampleChecker {
  return createPairChecker(tools, options, { input: 'input_text', output: 'output_text' });
}

/** Makes the checker of one data set of prompts and completions. */
export function createPromptChecker(tools: ExampleTools, options: TextCheckerOptions): ExampleChecker {
  return createPairChecker(tools, options, { input: 'prompt', output: 'completion' });
}

function createPairChecker(
  tools: ExampleTools,
  { task, defaultContext = '' }: TextCheckerOptions,
  names: PairNames,
): ExampleChecker {
  const known = [names.input, names.output];
  // JSON is never shorter than its texts, so this is the least around them that has room for another key of the same name.
  const leastWithRepetition = `{"${names.input}":"","${names.output}":"","${names.input}":0}`.length;
  const { report, progress, role, extras } = tools;
  const labels = createLabelTally(task === 'classification');
  const instructions = createInstructionTally(task);
  const shared = createSharedInstruction();
  const measure = createTextMeasure(tools.measures, {
    ...{ progress, names, defaultContext },
    beginningBytes: instructions.bytes,
  });
  /** The output of the last example, until its line is accepted. */
  let label: string | undefined;

  function isSound(example: ParsedObject, field: string): boolean {
    const value = example[field];
    if (value === undefined && !checkPresent(example, field, report)) return false;
    return checkTextValue(value, field, report);
  }

  return {
    isExpectedFormat: (example) =>
      typeof example[names.input] === 'string' && typeof example[names.output] === 'string',
    check(example, sourceLength) {
      label = undefined;
      const hasInput = isSound(example, names.input);
      const hasOutput = isSound(example, names.output);
      if (!hasInput || !hasOutput) return 'unknown';
      const input = example[names.input] as string;
      const output = example[names.output] as string;
      measure.add(input, output);
      shared.add(defaultContext, input);
      label = output;
      const keys = Object.keys(example).length;
      if (keys > known.length) return extras.note(example, known) ? 'unknown' : keys;
      const around = sourceLength - input.length - output.length;
      return around < leastWithRepetition ? 'unique' : keys;
    },
    accept() {
      if (label === undefined) return;
      instructions.add(measure.beginning, progress.line);
      labels.add(label, progress.line, progress.record);
      label = undefined;
    },
    statistics() {
      return { labels: labels.statistics(), sharedInstruction: shared.summary() };
    },
    reportWhole() {
      if (role === 'evaluation') return;
      if (!shared.hasInstruction) instructions.reportAll(report, labels.statistics()?.distinct);
      labels.reportAll(report);
    },
    knownLabels: labels.known,
    countProved() {
      const tallies = { ...tools.measures, progress, labels, instructions, shared, extras };
      return createProvedPairs(tallies, { names, defaultContext });
    },
  };
}

export interface TextMeasure {
  /** Hashes a sound example, compares it with all before, and holds its texts against their limits. */
  add(input: string, output: string): void;
  /** A hash of how the last input begins. */
  readonly beginning: number;
}

export interface TextMeasureOptions {
  progress: FileProgress;
  names: PairNames;
  beginningBytes: number;
  /** Becomes a system instruction of each example. */
  defaultContext: string;
}

/** Makes the measure of one data set of questions and their answers. */
export function createTextMeasure(
  { hasher, tokens, sizes, duplicates, counting }: ExampleMeasures,
  { progress, names, beginningBytes, defaultContext }: TextMeasureOptions,
): TextMeasure {
  const contextBytes = Buffer.byteLength(defaultContext);
  const { maxInputTokens, maxOutputTokens } = tokens.limits;
  const measure = { beginning: 0, add };

  function add(input: string, output: string): void {
    hasher.reset();
    const inputBytes = hasher.write(input);
    hasher.digest();
    const { low: inputLow, high: inputHigh } = hasher;
    measure.beginning = hasher.prefix(beginningBytes);
    hasher.reset();
    const outputBytes = hasher.write(output);
    hasher.digest();
    duplicates.add({ inputLow, inputHigh, output: hasher.low ^ hasher.high }, placeOf(progress));

    if (contextBytes > 0) counting?.add('input', defaultContext, contextBytes);
    counting?.add('input', input, inputBytes);
    counting?.add('output', output, outputBytes);
    const inputTokens = tokens.check({
      text: input,
      bytes: inputBytes,
      limit: maxInputTokens,
      what: 'the input',
      path: names.input,
    });
    const outputTokens = tokens.check({
      text: output,
      bytes: outputBytes,
      limit: maxOutputTokens,
      what: 'the output',
      path: names.output,
    });
    sizes.add({
      inputCharacters: input.length,
      outputCharacters: output.length,
      tokens: { low: inputTokens.low + outputTokens.low, high: inputTokens.high + outputTokens.high },
      isProvedWithinLimits: inputBytes <= maxInputTokens && outputBytes <= maxOutputTokens,
    });
  }

  return measure;
}
