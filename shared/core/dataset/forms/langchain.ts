/** Messages as LangChain writes them. */
import { isObject, type ParsedObject } from '../../json/values.ts';
import { has, isNothing } from './form.ts';

/** What its classes of messages are called in its other forms. */
const CLASSES: Readonly<Record<string, string>> = {
  ...{ HumanMessage: 'human', AIMessage: 'ai', SystemMessage: 'system', ToolMessage: 'tool' },
  ...{ HumanMessageChunk: 'human', AIMessageChunk: 'ai', ToolMessageChunk: 'tool' },
};

const typeOf = (name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;

/** What it notes of a message beside what is said: what it is, and how it came about. */
export const NOTES_OF_LANGCHAIN = [
  ...['type', 'id', 'example', 'lc', 'kwargs', 'data', 'status'],
  ...['response_metadata', 'usage_metadata', 'tool_call_chunks', 'chunk_position'],
];

/** A message, which may lie in an object of its own, with where that is; calls that OpenAI answered with stand in a list of another name. */
export function messageOfLangChain(
  message: ParsedObject,
  path: string,
): [message: ParsedObject, path: string] {
  const [own, at] = unpacked(message, path);
  const type = typeOf(own.type);
  const named = type === undefined ? own : { ...own, type };
  return [isObject(own.additional_kwargs) ? withCalls(named, own.additional_kwargs) : named, at];
}

function unpacked(message: ParsedObject, path: string): [message: ParsedObject, path: string] {
  const { type, data, kwargs, id } = message;
  if (isObject(data) && typeof type === 'string' && has(data, 'content'))
    return [{ ...data, type }, `${path}.data`];
  if (!isObject(kwargs) || !has(kwargs, 'content') || !Array.isArray(id)) return [message, path];
  return [{ type: typeOf(id.at(-1)), ...kwargs }, `${path}.kwargs`];
}

function withCalls(message: ParsedObject, more: ParsedObject): ParsedObject {
  const { tool_calls, function_call, ...others } = more;
  const rest = Object.fromEntries(Object.entries(others).filter(([, value]) => !isNothing(value)));
  const own = Array.isArray(message.tool_calls) && message.tool_calls.length > 0;
  return own
    ? { ...message, additional_kwargs: rest }
    : { ...message, tool_calls, function_call, additional_kwargs: rest };
}
