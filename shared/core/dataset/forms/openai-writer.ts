/** A conversation in the form of OpenAI and of open models. */
import { exactJson } from '../../json/exact.ts';
import { type Example, type ExamplePart, type ExampleTurn, textPart } from './example.ts';
import { parsedObject } from './json-text.ts';

/** Writes an example as `{"messages", "tools"?}`; ids of calls are made up, by which answers name them. */
export function writeChat({ system, turns, tools }: Example): object {
  const ids = createCallIds();
  return {
    messages: [
      ...(system && system.length > 0 ? [{ role: 'system', content: contentOf(system.map(textPart)) }] : []),
      ...turns.flatMap((turn) => messagesOf(turn, ids)),
    ],
    tools: tools?.map((tool) => ({ type: 'function', function: tool })),
  };
}

interface CallIds {
  /** The id of the next call of a function. */
  call(name: string): string;
  /** The id of the oldest call of it that has no answer. */
  answer(name: string): string;
}

function createCallIds(): CallIds {
  let count = 0;
  const open: { id: string; name: string }[] = [];
  const next = (name: string) => {
    count += 1;
    const id = `call_${count}`;
    open.push({ id, name });
    return id;
  };
  return {
    call: next,
    answer(name) {
      const at = open.findIndex((one) => one.name === name);
      if (at === -1) return next(name);
      return open.splice(at, 1)[0]?.id ?? '';
    },
  };
}

function messagesOf({ role, parts, weight, name }: ExampleTurn, ids: CallIds): object[] {
  const responses = parts.flatMap((part) => (part.kind === 'response' ? part : []));
  const said = parts.filter(({ kind }) => kind !== 'response' && kind !== 'call');
  const calls = parts.flatMap((part) => (part.kind === 'call' ? part : []));
  const answers = responses.map(({ name: called, response }) => ({
    role: 'tool',
    tool_call_id: ids.answer(called),
    name: called,
    content: responseText(response),
  }));
  if (said.length === 0 && calls.length === 0) return answers;
  const message = {
    role: role === 'model' ? 'assistant' : 'user',
    content: said.length > 0 ? contentOf(said) : null,
    tool_calls: calls.length > 0 ? calls.map((call) => toolCall(call, ids)) : undefined,
    ...{ weight, name },
  };
  return [...answers, message];
}

const toolCall = ({ name, args }: Extract<ExamplePart, { kind: 'call' }>, ids: CallIds) => ({
  id: ids.call(name),
  type: 'function',
  function: { name, arguments: exactJson(args) },
});

/** A text that stands for itself is no JSON of an object. */
function responseText(response: Record<string, unknown>): string {
  const { output, ...more } = response;
  const isText = typeof output === 'string' && output !== '' && Object.keys(more).length === 0;
  return isText && parsedObject(output) === undefined ? output : exactJson(response);
}

function contentOf(parts: readonly ExamplePart[]): unknown {
  const [only, ...more] = parts;
  if (only?.kind === 'text' && more.length === 0) return only.text;
  return parts.map((part) => {
    if (part.kind === 'file') return { type: 'image_url', image_url: { url: part.uri } };
    return { type: 'text', text: part.kind === 'text' ? part.text : '' };
  });
}
