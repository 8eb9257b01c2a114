/** Calls of functions and what these answered, as the messages of a conversation have them. */
import { isObject, type ParsedObject, scalarText } from '../../json/values.ts';
import { type ExamplePart, type ExampleTurn, withJoinedTurns } from './example.ts';
import { type FormReading, fieldIn, has } from './form.ts';
import { parsedObject, readJsonText } from './json-text.ts';

/** Calls of a conversation that no answer was seen to, in their order. */
export type OpenCalls = { id: string; name: string; path: string }[];

export interface CallReading extends FormReading {
  open: OpenCalls;
}

/** The fields in which a message brings calls: OpenAI's, and LangChain's of the same name. */
export const FIELDS_OF_CALLS = ['tool_calls', 'function_call'] as const;

/** The calls in a message; none where it has none, undefined where something is wrong with one of them. */
export function readCalls(
  message: ParsedObject,
  path: string,
  reading: CallReading,
): ExamplePart[] | undefined {
  const { tool_calls: list, function_call: single } = message;
  const written = Array.isArray(list) && list.length > 0 ? list : isObject(single) ? [single] : [];
  const calls = written.map((call, index) => readCall(call, `${path}.tool_calls[${index}]`, reading));
  const sound = calls.filter((call) => call !== undefined);
  return sound.length === calls.length ? sound : undefined;
}

/** What a function is called with: OpenAI's name, LangChain's, and Anthropic's; the first that is there counts. */
const ARGUMENTS = ['arguments', 'args', 'input', 'parameters'] as const;

/** Whether something has the name of a function and what it is called with. */
export const hasArguments = (call: ParsedObject): boolean => {
  const called = isObject(call.function) ? call.function : call;
  return has(called, 'name') && fieldIn(called, ARGUMENTS) !== undefined;
};

/** One call, with its name and arguments in an object of their own, as OpenAI has it, or in itself. */
export function readCall(call: unknown, path: string, reading: CallReading): ExamplePart | undefined {
  const isInside = isObject(call) && isObject(call.function);
  const called = isInside ? (call.function as ParsedObject) : call;
  // Also of a call with a fault: its answer has none.
  if (isObject(call)) noteOpen(call, path, reading.open);
  if (!isObject(called) || typeof called.name !== 'string' || called.name === '') {
    reading.report('field_missing', { field: 'name' }, { path });
    return undefined;
  }
  const field = fieldIn(called, ARGUMENTS) ?? 'arguments';
  const at = isInside ? `${path}.function.${field}` : `${path}.${field}`;
  // A function without arguments may have none.
  const args = readJsonText(called[field] || {}, at, reading);
  if (!args) return undefined;
  return { kind: 'call', name: called.name, args };
}

/** A call, which has no result yet; `path` is where it is. */
export function noteOpen(call: ParsedObject, path: string, open: OpenCalls): void {
  const { name } = isObject(call.function) ? call.function : call;
  open.push({ id: scalarText(call.id), name: scalarText(name), path });
}

/** So many calls are named by their places. */
const NAMED_CALLS = 3;

interface Result {
  /** Of the call that it belongs to. */
  id: unknown;
  name?: unknown;
  text: string;
}

/** What a function gave; reports a result of which nobody can say whose it is. */
export function readResult(
  { id, name, text }: Result,
  path: string,
  { open, report }: CallReading,
): ExamplePart | undefined {
  const [wanted, said] = [scalarText(id), scalarText(name)];
  const call = callOf(wanted, said, open);
  if (call === undefined && said === '' && wanted !== '') {
    const first = open.slice(0, NAMED_CALLS).map((one) => one.path);
    report('call_result_unknown', { open: open.length, first }, { path });
    return undefined;
  }
  if (call) open.splice(open.indexOf(call), 1);
  return responsePart(said || call?.name || 'function', text);
}

/** The call of that id, else of that name, else the oldest where nothing tells them apart. */
function callOf(id: string, name: string, open: OpenCalls): OpenCalls[number] | undefined {
  const byId = id === '' ? undefined : open.find((call) => call.id === id);
  const byName = name === '' ? undefined : open.find((call) => call.name === name);
  const isUntold = name === '' && (id === '' || open.every((call) => call.id === ''));
  return byId ?? byName ?? (isUntold ? open[0] : undefined);
}

/** What a function answered; a text that is no object stands under "output", as Google's clients write it. */
function responsePart(name: string, text: string): ExamplePart {
  return { kind: 'response', name, response: parsedObject(text) ?? { output: text } };
}

/** The turns, with answers of several functions in one. */
export const withJoinedResponses = (turns: readonly ExampleTurn[]): ExampleTurn[] =>
  withJoinedTurns(turns, (last, turn) => isOfResponses(last) && isOfResponses(turn));

const isOfResponses = ({ parts }: ExampleTurn) => parts.every(({ kind }) => kind === 'response');
