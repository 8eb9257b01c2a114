import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Example, ExamplePart, ExampleTurn } from '../../shared/core/dataset/forms/example.ts';
import type { FormReading } from '../../shared/core/dataset/forms/form.ts';
import { fitExample, type Trait } from '../../shared/core/dataset/forms/losses.ts';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';

const isBlank = (one: string) => /^[\s\p{Default_Ignorable_Code_Point}]*$/u.test(one);
const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((one) => !isBlank(one));
const name = fc.constantFrom('find_flight', 'cancel', 'weather');
const args = fc.dictionary(fc.constantFrom('city', 'day'), fc.oneof(text, fc.integer()));

const said = text.map((one): ExamplePart => ({ kind: 'text', text: one }));
const image = fc.constant<ExamplePart>({ kind: 'file', uri: 'gs://inbox/a.png', mimeType: 'image/png' });
const document = fc.constant<ExamplePart>({
  ...{ kind: 'file', uri: 'gs://inbox/a.pdf', mimeType: 'application/pdf' },
});
const call = fc.record({ kind: fc.constant('call' as const), name, args });

interface Shape {
  /** Traits that the examples may have. */
  traits: readonly Trait[];
  /** Whether a turn may have several paragraphs, and the system instruction, too. */
  hasParts: boolean;
}

function turnsOf({ traits, hasParts }: Shape): fc.Arbitrary<ExampleTurn[]> {
  const part = fc.oneof(
    said,
    ...(traits.includes('images') ? [image] : []),
    ...(traits.includes('files') ? [document] : []),
  );
  const asked = fc
    .array(part, { minLength: 1, maxLength: hasParts ? 3 : 1 })
    .map((parts): ExampleTurn => ({ role: 'user', parts }));
  const named = traits.includes('names')
    ? fc
        .tuple(asked, fc.option(text, { nil: undefined }))
        .map(([turn, own]) => (own === undefined ? turn : { ...turn, name: own }))
    : asked;
  const answer = fc
    .tuple(said, traits.includes('weights') ? fc.constantFrom(undefined, 0) : fc.constant(undefined))
    .map(
      ([one, weight]): ExampleTurn => ({
        role: 'model',
        parts: [one],
        ...(weight !== undefined && { weight }),
      }),
    );
  const round = fc.tuple(named, answer);
  const withCall = fc
    .tuple(named, call, args, answer)
    .map(([question, asking, response, end]): ExampleTurn[] => [
      question,
      { role: 'model', parts: [asking] },
      { role: 'user', parts: [{ kind: 'response', name: asking.name, response }] },
      end,
    ]);
  const rounds = traits.includes('calls') ? fc.oneof(round, withCall) : round;
  return fc
    .array(rounds, { minLength: 1, maxLength: traits.includes('turns') ? 3 : 1 })
    .map((all) => all.flat());
}

const tools = fc.option(
  fc.constant([
    {
      name: 'weather',
      description: 'of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
  ]),
  { nil: undefined },
);

function examplesOf(shape: Shape): fc.Arbitrary<Example> {
  const { traits, hasParts } = shape;
  const system = traits.includes('system')
    ? fc.option(fc.array(text, { minLength: 1, maxLength: hasParts ? 2 : 1 }), { nil: undefined })
    : fc.constant(undefined);
  return fc
    .tuple(system, turnsOf(shape), traits.includes('tools') ? tools : fc.constant(undefined), text, text)
    .map(([before, turns, declared, better, worse]) => {
      const example = { ...(before && { system: before }), turns, ...(declared && { tools: declared }) };
      if (!traits.includes('pair')) return example;
      const answer = (one: string): ExampleTurn => ({ role: 'model', parts: [{ kind: 'text', text: one }] });
      return {
        ...example,
        turns: turns.slice(0, -1),
        pair: { better: answer(better), worse: answer(worse) },
      };
    });
}

/** What each form that is written has a place for. */
const HOLDS: Partial<Record<FormName, Shape>> = {
  contents: { traits: ['system', 'turns', 'images', 'files', 'tools', 'calls'], hasParts: true },
  preference: { traits: ['system', 'turns', 'pair'], hasParts: true },
  chat_messages: {
    traits: ['system', 'turns', 'images', 'tools', 'calls', 'weights', 'names', 'schema'],
    hasParts: true,
  },
  messages: { traits: ['system', 'turns'], hasParts: false },
  input_output: { traits: [], hasParts: false },
  prompt_completion: { traits: [], hasParts: false },
  question_answer: { traits: [], hasParts: false },
};

/** Reads a record without a word of complaint. */
function read(form: FormName, record: object): Example | undefined {
  const complain = (...said: unknown[]) => {
    throw new Error(`${form}: ${JSON.stringify(said)}`);
  };
  const reading: FormReading = { report: complain, onUnused: complain };
  return FORMS[form].read(JSON.parse(JSON.stringify(record)), reading);
}

describe.each(Object.entries(HOLDS) as [FormName, Shape][])('an example written as %s', (form, shape) => {
  it('is known as that, and read as it was', () => {
    fc.assert(
      fc.property(examplesOf(shape), (example) => {
        const record = FORMS[form].write?.(example) ?? {};
        expect(formOfRecord(JSON.parse(JSON.stringify(record)))).toBe(form);
        expect(read(form, record)).toEqual(example);
      }),
      { numRuns: 60 },
    );
  });

  it('loses nothing where it has a place for all', () => {
    const refuse = (trait: Trait) => {
      throw new Error(`lost ${trait}`);
    };
    fc.assert(
      fc.property(examplesOf(shape), (example) => {
        expect(fitExample(example, new Set(shape.traits), refuse)).toEqual(example);
      }),
      { numRuns: 30 },
    );
  });
});

interface WrittenElsewhere {
  shape: Shape;
  write: (example: Example) => object;
}

/** Forms that no model takes, as their makers write them. */
const WRITTEN: Partial<Record<FormName, WrittenElsewhere>> = {
  alpaca: {
    shape: { traits: ['system'], hasParts: false },
    write: ({ system, turns: [asked, answered] }) => ({
      ...(system && { system: system[0] }),
      ...{ instruction: wordsOf(asked), input: '', output: wordsOf(answered) },
    }),
  },
  sharegpt: {
    shape: { traits: ['system', 'turns'], hasParts: false },
    write: ({ system = [], turns }) => ({
      conversations: [
        ...system.map((value) => ({ from: 'system', value })),
        ...turns.map((turn) => ({ from: turn.role === 'model' ? 'gpt' : 'human', value: wordsOf(turn) })),
      ],
    }),
  },
  rounds: {
    shape: { traits: ['system', 'turns'], hasParts: false },
    write: ({ system, turns }) => ({
      conversation: turns.flatMap((turn, at) =>
        turn.role === 'model'
          ? []
          : {
              system: at === 0 ? (system?.[0] ?? '') : undefined,
              ...{ input: wordsOf(turn), output: wordsOf(turns[at + 1]) },
            },
      ),
    }),
  },
  ai_studio: {
    shape: { traits: ['system', 'turns'], hasParts: true },
    write: ({ system, turns }) => ({
      systemInstruction: system && { parts: system.map((one) => ({ text: one })) },
      chunkedPrompt: {
        chunks: turns.flatMap(({ role, parts }) =>
          parts.map((part) => ({ role, text: part.kind === 'text' ? part.text : '' })),
        ),
      },
    }),
  },
  chatgpt_export: {
    shape: { traits: ['system', 'turns'], hasParts: true },
    write: ({ system = [], turns }) => {
      const said = [
        ...system.map((one) => ({ role: 'system', parts: [one] })),
        ...turns.map(({ role, parts }) => ({
          role: role === 'model' ? 'assistant' : 'user',
          parts: parts.map((part) => (part.kind === 'text' ? part.text : '')),
        })),
      ];
      const nodes = said.map(({ role, parts }, at) => [
        `n${at}`,
        {
          message: { author: { role }, content: { content_type: 'text', parts } },
          ...{ parent: at === 0 ? null : `n${at - 1}`, children: [] },
        },
      ]);
      return { mapping: Object.fromEntries(nodes), current_node: `n${said.length - 1}` };
    },
  },
  openai_preference: {
    shape: { traits: ['system', 'turns', 'tools', 'calls', 'pair'], hasParts: true },
    write: ({ pair, ...example }) => ({
      input: FORMS.chat_messages.write?.(example),
      preferred_output: [{ role: 'assistant', content: wordsOf(pair?.better) }],
      non_preferred_output: [{ role: 'assistant', content: wordsOf(pair?.worse) }],
    }),
  },
  chosen_rejected: {
    shape: { traits: ['pair'], hasParts: false },
    write: ({ turns, pair }) => ({
      ...{ prompt: wordsOf(turns[0]), chosen: wordsOf(pair?.better), rejected: wordsOf(pair?.worse) },
    }),
  },
  vertex_batch: {
    shape: { traits: ['system', 'turns', 'images', 'files', 'tools', 'calls'], hasParts: true },
    write: (example) => ({ request: FORMS.contents.write?.(example) }),
  },
  openai_batch: {
    shape: { traits: ['system', 'turns', 'images', 'tools', 'calls'], hasParts: true },
    write: (example) => ({
      ...{ custom_id: '1', method: 'POST', url: '/v1/chat/completions' },
      body: { model: 'gpt-4.1-mini', ...FORMS.chat_messages.write?.(example) },
    }),
  },
};

const wordsOf = (turn: ExampleTurn | undefined) =>
  turn?.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');

/** The messages of a conversation as LangChain has them. */
function messagesOfLangChain({ system = [], turns }: Example): { type: string; content: string }[] {
  let calls = 0;
  return [
    ...system.map((content) => ({ type: 'system', content })),
    ...turns.map(({ role, parts: [part] }) => {
      if (part?.kind === 'call') {
        calls += 1;
        const { name: called, args: given } = part;
        return {
          ...{ type: 'ai', content: '', invalid_tool_calls: [] },
          tool_calls: [{ name: called, args: given, id: `call_${calls}`, type: 'tool_call' }],
        };
      }
      if (part?.kind === 'response') {
        const content = JSON.stringify(part.response);
        return { type: 'tool', content, name: part.name, tool_call_id: `call_${calls}`, status: 'success' };
      }
      const content = part?.kind === 'text' ? part.text : '';
      return { type: role === 'model' ? 'ai' : 'human', content, additional_kwargs: {} };
    }),
  ];
}

const CLASS: Readonly<Record<string, string>> = {
  ...{ system: 'SystemMessage', human: 'HumanMessage', ai: 'AIMessage', tool: 'ToolMessage' },
};

/** The same form, as several programs write it. */
const WAYS: [string, FormName, WrittenElsewhere][] = (
  [
    ['its messages', (message) => message],
    ['messages_to_dict', (message) => ({ type: message.type, data: message })],
    [
      'dumpd',
      (message) => ({
        ...{ lc: 1, type: 'constructor', id: ['langchain', 'schema', 'messages', CLASS[message.type]] },
        kwargs: message,
      }),
    ],
  ] as [string, (message: { type: string }) => object][]
).map(([way, write]) => [
  `LangChain, ${way}`,
  'conversation',
  {
    shape: { traits: ['system', 'turns', 'calls'], hasParts: false },
    write: (example) => ({ messages: messagesOfLangChain(example).map(write) }),
  },
]);

/** The same in logs of calls, with the answer beside what was asked. */
const LOGS: typeof WAYS = [
  [
    'a log of Gemini',
    'vertex_batch',
    {
      shape: { traits: ['system', 'turns', 'tools', 'calls'], hasParts: true },
      write: (example) => {
        const { contents, ...rest } = (FORMS.contents.write?.(example) ?? {}) as { contents: object[] };
        const response = { candidates: [{ content: contents.at(-1) }] };
        return {
          full_request: JSON.stringify({ contents: contents.slice(0, -1), ...rest }),
          full_response: JSON.stringify(response),
        };
      },
    },
  ],
  [
    'a log of OpenAI',
    'openai_batch',
    {
      shape: { traits: ['system', 'turns', 'tools', 'calls'], hasParts: true },
      write: (example) => {
        const { messages, ...rest } = (FORMS.chat_messages.write?.(example) ?? {}) as { messages: object[] };
        return {
          request: { messages: messages.slice(0, -1), ...rest },
          response: { choices: [{ message: messages.at(-1) }] },
        };
      },
    },
  ],
];

test.each([
  ...LOGS,
  ...Object.entries(WRITTEN).map(([form, row]): (typeof WAYS)[number] => [form, form as FormName, row]),
  ...WAYS,
])('an example written as %s elsewhere is read as it was', (_way, form, { shape, write }) => {
  fc.assert(
    fc.property(examplesOf(shape), (example) => {
      const record = JSON.parse(JSON.stringify(write(example)));
      expect(formOfRecord(record)).toBe(form);
      expect(read(form, record)).toEqual(example);
    }),
    { numRuns: 60 },
  );
});

test('every way that leads through Gemini’s form back to OpenAI’s keeps the conversation', () => {
  const { traits } = HOLDS.contents ?? { traits: [] };
  const both = traits.filter((trait) => trait !== 'files');
  fc.assert(
    fc.property(examplesOf({ traits: both, hasParts: true }), (example) => {
      const contents = FORMS.contents.write?.(example) ?? {};
      const chat = FORMS.chat_messages.write?.(read('contents', contents) ?? example) ?? {};
      expect(read('chat_messages', chat)).toEqual(example);
    }),
    { numRuns: 60 },
  );
});
