/** Examples of text and code models: `{"input_text", "output_text"}`. */

import type { JsonObject } from '../../json/values.ts';
import { checkPresent, checkTextValue } from './fields.ts';
import type { ExampleChecker, ExampleTools } from './format.ts';

const KNOWN = ['input_text', 'output_text'] as const;

/** JSON is never shorter than its texts, so this is the least around them that has room for another key of the same name. */
const LEAST_WITH_REPETITION = '{"input_text":"","output_text":"","input_text":0}'.length;

/** Makes the checker of one data set. */
export function createTextChecker(tools: ExampleTools): ExampleChecker {
  const { report, limits, hasher, tokens, sizes, duplicates, labels, instructions, extras, lineNow } = tools;
  /** Of the example that was recorded last, until its line is accepted. */
  let beginning = 0;
  let label: string | undefined;

  function checkField(example: JsonObject, field: (typeof KNOWN)[number]): boolean {
    const value = example[field];
    if (value === undefined && !checkPresent(example, field, report)) return false;
    return checkTextValue(value, field, report);
  }

  function record(input: string, output: string): void {
    const line = lineNow();
    hasher.reset();
    const inputBytes = hasher.write(input);
    hasher.digest();
    const { low: inputLow, high: inputHigh } = hasher;
    beginning = hasher.prefix(instructions.bytes);
    hasher.reset();
    const outputBytes = hasher.write(output);
    hasher.digest();
    duplicates.add({ inputLow, inputHigh, output: hasher.low ^ hasher.high }, line);
    label = output;

    const { maxInputTokens, maxOutputTokens } = limits;
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

  return {
    isExpectedFormat: (example) =>
      typeof example.input_text === 'string' && typeof example.output_text === 'string',
    check(example, sourceLength) {
      label = undefined;
      const hasInput = checkField(example, 'input_text');
      const hasOutput = checkField(example, 'output_text');
      if (!hasInput || !hasOutput) return 'unknown';
      const input = example.input_text as string;
      const output = example.output_text as string;
      record(input, output);
      const keys = Object.keys(example).length;
      if (keys > KNOWN.length) return extras.note(example, KNOWN) ? 'unknown' : keys;
      const around = sourceLength - input.length - output.length;
      return around < LEAST_WITH_REPETITION ? 'unique' : keys;
    },
    accept() {
      if (label === undefined) return;
      instructions.add(beginning, lineNow());
      labels.add(label, lineNow());
      label = undefined;
    },
  };
}
