/** A conversation whose last answer is the better one, with the worse one beside it: ms-swift's preferences. */
import type { ParsedObject } from '../../json/values.ts';
import { checkTextValue } from '../formats/fields.ts';
import { type ExampleTurn, textPart } from './example.ts';
import { type Form, type FormReading, noteUnused, SYSTEM_FIELDS } from './form.ts';
import { readChat } from './openai.ts';

/** The worse answer as a text, or the whole conversation that ends with it. */
const WORSE = ['rejected_response', 'rejected_messages'] as const;

const worseIn = (record: ParsedObject) =>
  WORSE.find((field) => typeof record[field] === 'string' || Array.isArray(record[field]));

/** `{"messages": [{"role", "content"}], "rejected_response"}`. */
export const MESSAGES_REJECTED: Form = {
  path: 'messages',
  isPair: true,
  matches: (record) => Array.isArray(record.messages) && worseIn(record) !== undefined,
  read(record, reading) {
    const field = worseIn(record) ?? 'rejected_response';
    const example = readChat(record, reading);
    const better = example?.turns.at(-1);
    if (example === undefined || better === undefined) return undefined;
    if (better.role !== 'model') {
      reading.report('last_turn_not_model', {}, { path: 'messages' });
      return undefined;
    }
    const turns = example.turns.slice(0, -1);
    const worse = readWorse(record, { field, turns }, reading);
    if (worse === undefined) return undefined;
    noteUnused(record, ['messages', 'tools', field, ...SYSTEM_FIELDS], reading);
    return { ...example, turns, pair: { better, worse } };
  },
};

function readWorse(
  record: ParsedObject,
  { field, turns }: { field: string; turns: readonly ExampleTurn[] },
  reading: FormReading,
): ExampleTurn | undefined {
  const value = record[field];
  if (!Array.isArray(value)) {
    if (!checkTextValue(value, field, reading.report)) return undefined;
    return { role: 'model', parts: [textPart(value)] };
  }
  const read = readChat({ messages: value }, reading)?.turns;
  const last = read?.at(-1);
  if (read === undefined || last === undefined) return undefined;
  const isSame = read.length === 1 || JSON.stringify(read.slice(0, -1)) === JSON.stringify(turns);
  if (last.role !== 'model') reading.report('last_turn_not_model', {}, { path: field });
  else if (!isSame) reading.report('preference_prompts_differ', {}, { path: field });
  return last.role === 'model' && isSame ? last : undefined;
}
