import type { ParsedObject } from '../../json/values.ts';
import { member } from '../formats/turns/parts.ts';
import type { ExampleFormat } from '../limits.ts';
import type { Example, ExampleTurn } from './example.ts';

/** What an example of a form is read with. */
export interface ReadOptions {
  /** The manifest's `default_context`: the context of every conversation that has none of its own. */
  defaultContext?: string | undefined;
}

type Reader = (example: ParsedObject) => Example;

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A question and its answer, under the names that a form has for them. */
const pairReader =
  (input: string, output: string): Reader =>
  (example) => ({
    system: [],
    turns: [
      { role: 'user', texts: [text(example[input])] },
      { role: 'model', texts: [text(example[output])] },
    ],
  });

/** The texts of parts, or of a content that is a text or a list of them. */
function textsOf(content: unknown): string[] {
  if (!Array.isArray(content)) return [text(content)];
  return content.map((part: ParsedObject) => text(part.text));
}

const turnOf = (role: unknown, content: unknown): ExampleTurn => ({
  role: role === 'user' ? 'user' : 'model',
  texts: textsOf(content),
});

const isSystem = ({ role }: ParsedObject) => role === 'system' || role === 'developer';

/** How an example of a form is read. Only examples that were checked come here. Adding a form is adding a row. */
const READERS: Partial<Record<ExampleFormat, Reader>> = {
  input_output: pairReader('input_text', 'output_text'),
  prompt_completion: pairReader('prompt', 'completion'),
  messages: ({ context, messages }) => ({
    system: context === undefined ? [] : [text(context)],
    turns: (messages as ParsedObject[]).map(({ author, content }) => turnOf(author, text(content))),
  }),
  chat_messages: ({ messages }) => {
    const { system = [], turns = [] } = Object.groupBy(messages as ParsedObject[], (message) =>
      isSystem(message) ? 'system' : 'turns',
    );
    return {
      system: system.flatMap(({ content }) => textsOf(content)),
      turns: turns.map(({ role, content }) => turnOf(role, content)),
    };
  },
  contents: (example) => {
    const system = member(example, 'systemInstruction', 'system_instruction') as ParsedObject | undefined;
    return {
      system: system ? textsOf(system.parts) : [],
      turns: (example.contents as ParsedObject[]).map(({ role, parts }) => turnOf(role, parts)),
    };
  },
};

type Writer = (example: Example) => object;

const partsOf = (texts: readonly string[]) => texts.map((said) => ({ text: said }));

/** How an example is written for the service. */
const WRITERS: Partial<Record<ExampleFormat, Writer>> = {
  contents: ({ system, turns }) => ({
    // JSON leaves out what is undefined.
    systemInstruction: system.length > 0 ? { role: 'system', parts: partsOf(system) } : undefined,
    contents: turns.map(({ role, texts }) => ({ role, parts: partsOf(texts) })),
  }),
  chat_messages: ({ system, turns }) => ({
    messages: [
      ...(system.length > 0 ? [{ role: 'system', content: contentOf(system) }] : []),
      ...turns.map(({ role, texts }) => ({
        role: role === 'model' ? 'assistant' : 'user',
        content: contentOf(texts),
      })),
    ],
  }),
};

function contentOf(texts: readonly string[]): unknown {
  const [only, ...more] = texts;
  return more.length === 0 ? only : texts.map((said) => ({ type: 'text', text: said }));
}

/** Makes the converter of one form into another; undefined where nobody reads the one or writes the other. */
export function createConverter(
  from: ExampleFormat,
  to: ExampleFormat,
  { defaultContext }: ReadOptions,
): ((example: ParsedObject) => object) | undefined {
  const [read, write] = [READERS[from], WRITERS[to]];
  if (!read || !write) return undefined;
  const before = defaultContext ? [defaultContext] : [];
  // A conversation of the guide may say that it has no context: then the default is not its own.
  const hasOwn = ({ context }: ParsedObject) => from === 'messages' && context !== undefined;
  return (example) => {
    const { system, turns } = read(example);
    const said = system.filter((paragraph) => paragraph !== '');
    return write({ system: said.length > 0 || hasOwn(example) ? said : before, turns });
  };
}

/** Forms that can be made into `to`. */
export function formsInto(to: ExampleFormat): ExampleFormat[] {
  if (WRITERS[to] === undefined) return [];
  return (Object.keys(READERS) as ExampleFormat[]).filter((from) => from !== to);
}
