import type { ParsedObject } from '../../json/values.ts';
import type { ExampleFormat } from '../limits.ts';
import type { Example, ExampleTurn } from './example.ts';

/** What an example of a form is read with. */
export interface ReadOptions {
  /** The manifest's `default_context`: the context of every conversation that has none of its own. */
  defaultContext?: string | undefined;
}

type Reader = (example: ParsedObject, options: ReadOptions) => Example;

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function readConversation(messages: unknown, roleOf: (message: ParsedObject) => string): ExampleTurn[] {
  return (messages as ParsedObject[]).map((message) => ({
    role: roleOf(message) === 'user' ? 'user' : 'model',
    text: text(message.content),
  }));
}

/** How an example of a form is read. Only examples that were checked come here. Adding a form is adding a row. */
const READERS: Partial<Record<ExampleFormat, Reader>> = {
  input_output: ({ input_text, output_text }, { defaultContext }) => ({
    system: defaultContext,
    turns: [
      { role: 'user', text: text(input_text) },
      { role: 'model', text: text(output_text) },
    ],
  }),
  messages: ({ context, messages }, { defaultContext }) => ({
    system: context === undefined ? defaultContext : text(context),
    turns: readConversation(messages, ({ author }) => String(author)),
  }),
  chat_messages: ({ messages }, { defaultContext }) => {
    const all = messages as ParsedObject[];
    const isSystem = ({ role }: ParsedObject) => role === 'system' || role === 'developer';
    const system = all.filter(isSystem).map(({ content }) => text(content));
    return {
      system: system.length > 0 ? system.join('\n\n') : defaultContext,
      turns: readConversation(
        all.filter((message) => !isSystem(message)),
        ({ role }) => String(role),
      ),
    };
  },
};

type Writer = (example: Example) => object;

/** How an example is written for the service. */
const WRITERS: Partial<Record<ExampleFormat, Writer>> = {
  contents: ({ system, turns }) => ({
    // JSON leaves out what is undefined.
    systemInstruction: system ? { role: 'system', parts: [{ text: system }] } : undefined,
    contents: turns.map(({ role, text: said }) => ({ role, parts: [{ text: said }] })),
  }),
  chat_messages: ({ system, turns }) => ({
    messages: [
      ...(system ? [{ role: 'system', content: system }] : []),
      ...turns.map(({ role, text: said }) => ({
        role: role === 'model' ? 'assistant' : 'user',
        content: said,
      })),
    ],
  }),
};

/** Makes the converter of one form into another; undefined where nobody reads the one or writes the other. */
export function createConverter(
  from: ExampleFormat,
  to: ExampleFormat,
  options: ReadOptions,
): ((example: ParsedObject) => object) | undefined {
  const [read, write] = [READERS[from], WRITERS[to]];
  return read && write && ((example) => write(read(example, options)));
}

/** Forms that can be made into `to`. */
export function formsInto(to: ExampleFormat): ExampleFormat[] {
  if (WRITERS[to] === undefined) return [];
  return (Object.keys(READERS) as ExampleFormat[]).filter((from) => from !== to);
}
