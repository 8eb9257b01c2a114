/** Questions that are answered by calls of functions alone, in fields of their own: the rows of xLAM. */
import { valueOfText } from '../lines/text-value.ts';
import { hasArguments, readCall } from './calls.ts';
import { type Example, textPart } from './example.ts';
import {
  type Form,
  type FormReading,
  fieldIn,
  firstIn,
  noteUnused,
  SYSTEM_FIELDS,
  systemIn,
  textIn,
} from './form.ts';
import { reportNoJson } from './json-text.ts';
import { readTools } from './tools.ts';

/** What people call the question, the calls and the functions; the first that a record has counts. */
const ASKED = ['query', 'question', 'prompt', 'instruction', 'input'] as const;
const CALLS = ['answers', 'answer', 'tool_calls', 'function_calls', 'calls', 'output', 'response'] as const;
const TOOLS = ['tools', 'functions'] as const;

/** `{"query", "answers": [{"name", "arguments"}], "tools"}`, each list as it is or as its JSON. */
export const CALLED: Form = {
  path: 'query',
  matches(record) {
    const [asked, called] = [fieldIn(record, ASKED), fieldIn(record, CALLS)];
    if (asked === undefined || called === undefined || fieldIn(record, TOOLS) === undefined) return false;
    const list = listOf(record[called]);
    return list !== undefined && (list.length === 0 || hasArguments(firstIn(list)));
  },
  read(record, reading) {
    const [asked = 'query', called = 'answers'] = [fieldIn(record, ASKED), fieldIn(record, CALLS)];
    const tool = fieldIn(record, TOOLS) ?? 'tools';
    const question = textIn(record, asked, reading);
    const calls = readList(record[called], called, reading);
    const tools = readTools(record[tool], tool, reading);
    if (question === undefined || calls === undefined || tools === null) return undefined;
    noteUnused(record, [asked, called, tool, ...SYSTEM_FIELDS], reading);
    return {
      system: systemIn(record, SYSTEM_FIELDS),
      turns: [
        { role: 'user', parts: [textPart(question)] },
        { role: 'model', parts: calls },
      ],
      tools,
    };
  },
};

function listOf(value: unknown): unknown[] | undefined {
  const list = typeof value === 'string' && value.trimStart().startsWith('[') ? valueOfText(value) : value;
  return Array.isArray(list) ? list : undefined;
}

/** The calls in a field; of none there is nothing to learn. */
function readList(
  value: unknown,
  field: string,
  reading: FormReading,
): Example['turns'][number]['parts'] | undefined {
  const list = listOf(value);
  if (list === undefined) reportNoJson(value, 'a list of calls', { path: field, reading });
  if (list?.length === 0) reading.report('field_empty', {}, { path: field });
  if (list === undefined || list.length === 0) return undefined;
  const calls = list.map((call, at) => readCall(call, `${field}[${at}]`, { ...reading, open: [] }));
  const sound = calls.filter((call) => call !== undefined);
  return sound.length === calls.length ? sound : undefined;
}
