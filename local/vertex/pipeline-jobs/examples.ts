/** Reads data sets as examples for the tuner. The validation task has found them well-formed before. */

import type { Segment, TuningExample } from '../../small-model/text/sequence.ts';
import { isJsonObject, type JsonObject } from '../http/json.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { Family } from '../store/models.ts';
import type { PipelineParameter } from '../store/pipeline-job.ts';
import { chatPrompt, isModel, type Turn, target, textPrompt } from '../training/prompts.ts';

export interface ExamplesOptions {
  family: Family;
  parameters: Readonly<Record<string, PipelineParameter>>;
  readObject: ObjectReader;
}

/** The examples of a text, code or chat data set, in the order of its lines. */
export async function readTuningExamples(
  uri: string,
  { family, parameters, readObject }: ExamplesOptions,
): Promise<TuningExample[]> {
  const object = await readObject(uri);
  if (!object?.lines) throw new WorkFailure('FAILED_PRECONDITION', `${uri} can no longer be read.`);
  const defaultContext = String(parameters.default_context ?? '');
  const examples: TuningExample[] = [];
  for await (const line of object.lines()) {
    if (line.trim() === '') continue;
    const record = parse(line, uri);
    examples.push(...(family === 'chat' ? chatExamples(record, defaultContext) : [textExample(record)]));
  }
  if (examples.length === 0) throw new WorkFailure('INVALID_ARGUMENT', `${uri} has no examples.`);
  return examples;
}

function parse(line: string, uri: string): JsonObject {
  try {
    const record: unknown = JSON.parse(line);
    if (isJsonObject(record)) return record;
  } catch {
    // Told below, as for any other line that is no record.
  }
  throw new WorkFailure('FAILED_PRECONDITION', `${uri} was changed after its validation.`);
}

const example = (prompt: Segment[], answer: string): TuningExample => ({
  segments: [...prompt, target(answer)],
});

const textExample = ({ input_text, output_text }: JsonObject): TuningExample =>
  example(textPrompt(String(input_text ?? '')), String(output_text ?? ''));

/** Google's public preprocessing: every assistant turn is an example, and a record's own context replaces the default one. */
function chatExamples({ context, messages }: JsonObject, defaultContext: string): TuningExample[] {
  const turns = (Array.isArray(messages) ? messages : []).filter(isTurn);
  const ownContext = typeof context === 'string' && context !== '' ? context : defaultContext;
  return turns.flatMap(({ author, content }, index) =>
    isModel(author) && index > 0 ? [example(chatPrompt(ownContext, turns.slice(0, index)), content)] : [],
  );
}

const isTurn = (value: unknown): value is Turn & JsonObject =>
  isJsonObject(value) && typeof value.author === 'string' && typeof value.content === 'string';
