/** Recognises the training formats of other services, so that a file in one of them gets one clear answer. */
import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';

const has = (value: ParsedObject, ...keys: string[]) => keys.every((key) => Object.hasOwn(value, key));

function firstOf(list: unknown): ParsedObject {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : {};
}

/** The more telling rows come first. */
const FORMATS: readonly { format: ForeignFormat; matches: (value: ParsedObject) => boolean }[] = [
  {
    format: 'preference',
    matches: (value) => Array.isArray(value.contents) && Array.isArray(value.completions),
  },
  { format: 'contents', matches: (value) => Array.isArray(value.contents) },
  { format: 'chat_messages', matches: (value) => has(firstOf(value.messages), 'role') },
  { format: 'sharegpt', matches: (value) => Array.isArray(value.conversations) },
  { format: 'rlhf_preference', matches: (value) => has(value, 'candidate_0', 'candidate_1') },
  {
    format: 'prompt_completion',
    matches: (value) => has(value, 'prompt') && (has(value, 'completion') || has(value, 'response')),
  },
  { format: 'alpaca', matches: (value) => has(value, 'instruction', 'output') },
  { format: 'embedding', matches: (value) => has(value, '_id', 'text') },
  { format: 'input_output', matches: (value) => has(value, 'input_text', 'output_text') },
  { format: 'messages', matches: (value) => Array.isArray(value.messages) },
];

/** The format of an example that is not in the expected one, if it is a known one. */
export function recogniseFormat(value: ParsedObject, expected?: ForeignFormat): ForeignFormat | undefined {
  const found = FORMATS.find(({ matches }) => matches(value))?.format;
  return found === expected ? undefined : found;
}
