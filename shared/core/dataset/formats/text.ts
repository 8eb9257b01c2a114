/** Examples of text and code models: `{"input_text", "output_text"}`. */
import type { ParsedObject } from '../../json/values.ts';
import type { Task } from '../../models/limits.ts';
import type { FileProgress } from '../lines/progress.ts';
import { createInstructionTally } from '../tallies/instructions.ts';
import { createLabelTally } from '../tallies/labels.ts';
import { createSharedInstruction } from '../tallies/shared-instruction.ts';
import type { ExampleChecker, ExampleMeasures, ExampleTools } from './example-checker.ts';
import { checkPresent, checkTextValue } from './fields.ts';

const KNOWN = ['input_text', 'output_text'] as const;

/** JSON is never shorter than its texts, so this is the least around them that has room for another key of the same name. */
const LEAST_WITH_REPETITION = '{"input_text":"","output_text":"","input_text":0}'.length;

export interface TextCheckerOptions {
  task: Task | undefined;
  /** Becomes the system instruction of every example, where the form has one. */
  defaultContext?: string | undefined;
}

/** Makes the checker of one data set. */
export function createTextChecker(
  tools: ExampleTools,
  { task, defaultContext = '' }: TextCheckerOptions,
): ExampleChecker {
  const { report, progress, role, extras } = tools;
  const labels = createLabelTally(task === 'classification');
  const instructions = createInstructionTally(task);
  const shared = createSharedInstruction();
  const measure = createTextMeasure(tools.measures, { progress, beginningBytes: instructions.bytes });
  /** The output of the last example, until its line is accepted. */
  let label: string | undefined;

  function isSound(example: ParsedObject, field: (typeof KNOWN)[number]): boolean {
    const value = example[field];
    if (value === undefined && !checkPresent(example, field, report)) return false;
    return checkTextValue(value, field, report);
  }

  return {
    isExpectedFormat: (example) =>
      typeof example.input_text === 'string' && typeof example.output_text === 'string',
    check(example, sourceLength) {
      label = undefined;
      const hasInput = isSound(example, 'input_text');
      const hasOutput = isSound(example, 'output_text');
      if (!hasInput || !hasOutput) return 'unknown';
      const input = example.input_text as string;
      const output = example.output_text as string;
      measure.add(input, output);
      shared.add(defaultContext, input);
      label = output;
      const keys = Object.keys(example).length;
      if (keys > KNOWN.length) return extras.note(example, KNOWN) ? 'unknown' : keys;
      const around = sourceLength - input.length - output.length;
      return around < LEAST_WITH_REPETITION ? 'unique' : keys;
    },
    accept() {
      if (label === undefined) return;
      instructions.add(measure.beginning, progress.line);
      labels.add(label, progress.line);
      label = undefined;
    },
    statistics() {
      return { labels: labels.statistics(), sharedInstruction: shared.summary() };
    },
    reportWhole() {
      if (role === 'evaluation') return;
      instructions.reportAll(report, labels.statistics()?.distinct);
      labels.reportAll(report);
    },
    knownLabels: labels.known,
  };
}

interface TextMeasure {
  /** Hashes a sound example, compares it with all before, and holds its texts against their limits. */
  add(input: string, output: string): void;
  /** A hash of how the last input begins. */
  readonly beginning: number;
}

function createTextMeasure(
  { hasher, tokens, sizes, duplicates }: ExampleMeasures,
  { progress, beginningBytes }: { progress: FileProgress; beginningBytes: number },
): TextMeasure {
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
    duplicates.add({ inputLow, inputHigh, output: hasher.low ^ hasher.high }, progress.line);

    const inputTokens = tokens.check({
      text: input,
      bytes: inputBytes,
      limit: maxInputTokens,
      what: 'the input',
      path: 'input_text',
    });
    const outputTokens = tokens.check({
      text: output,
      bytes: outputBytes,
      limit: maxOutputTokens,
      what: 'the output',
      path: 'output_text',
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
