/**
 * What the validation task finds out about a data set object. The rules are those of the tuning guide and of the public
 * preprocessing components; how the real task words a refusal is not known.
 */

import { isJsonObject, type JsonObject } from '../http/json.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import { type ObjectReader, parseGsUri } from '../storage/objects.ts';
import type { DatasetInput } from './templates.ts';

const isText = (value: unknown) => typeof value === 'string' && value !== '';

const isTurn = (value: unknown) =>
  isJsonObject(value) && (value.author === 'user' || value.author === 'assistant') && isText(value.content);

const isConversation = ({ messages }: JsonObject) =>
  Array.isArray(messages) && messages.length > 0 && messages.every(isTurn);

/** Each JSON format: what a record must hold, in words and as a check. */
const RECORDS: Record<
  Exclude<DatasetInput['format'], 'labels'>,
  { holds: string; check: (record: JsonObject) => boolean }
> = {
  examples: {
    holds: 'input_text and output_text',
    check: (record) => isText(record.input_text) && isText(record.output_text),
  },
  conversations: { holds: 'messages with author and content', check: isConversation },
  passages: { holds: '_id and text', check: (record) => isText(record._id) && isText(record.text) },
};

const LABEL_HEADER = 'query-id\tcorpus-id\tscore';

/** Reads the whole object; throws a JobFailure with the first thing that is wrong. */
export async function checkDataset(
  uri: string,
  input: DatasetInput,
  readObject: ObjectReader,
): Promise<void> {
  const refuse = (why: string) => new WorkFailure('INVALID_ARGUMENT', `${input.parameter} ${uri}: ${why}`);
  if (!parseGsUri(uri)) throw refuse('not the URI of a Cloud Storage object.');
  const object = await readObject(uri);
  if (!object) throw refuse('the object does not exist or cannot be read.');
  if (object.size === 0) throw refuse('the object is empty.');
  if (!object.lines) return;

  const check = input.format === 'labels' ? createLabelCheck() : createRecordCheck(input.format);
  let lineNumber = 0;
  let records = 0;
  for await (const line of object.lines()) {
    lineNumber += 1;
    if (line.trim() === '') continue;
    const wrong = check(line);
    if (wrong !== undefined) throw refuse(`line ${lineNumber} ${wrong}.`);
    records += 1;
  }
  const count = input.format === 'labels' ? records - 1 : records;
  const [min, max] = input.records;
  if (count < min || count > max) throw refuse(`it has ${count} records, and ${min} to ${max} are allowed.`);
}

type LineCheck = (line: string) => string | undefined;

function createRecordCheck(format: keyof typeof RECORDS): LineCheck {
  const { holds, check } = RECORDS[format];
  return (line) => {
    const record = parseRecord(line);
    if (!record) return 'is not a JSON object';
    return check(record) ? undefined : `does not hold ${holds}`;
  };
}

function createLabelCheck(): LineCheck {
  let isFirst = true;
  return (line) => {
    const header = isFirst;
    isFirst = false;
    if (header) return line === LABEL_HEADER ? undefined : 'is not the header query-id, corpus-id, score';
    const [query, corpus, score] = line.split('\t');
    return query && corpus && /^\d+$/.test(score ?? '') ? undefined : 'is not query-id, corpus-id, score';
  };
}

function parseRecord(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
