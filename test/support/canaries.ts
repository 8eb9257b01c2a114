/** Data sets with a text of its own in every field, so that each can be looked for everywhere. */

let serial = 0;
/** Never the same again; neither a word of the product nor a number that could come by chance. */
const canary = () => `kanarie${(serial++).toString(36)}zq`;
/** A key that is a text: plain and short ones are names of fields, and told. */
const key = () => `${canary()} ?`;
const CANARY = /kanarie\w+?zq/;

/** The canaries in a text, each with what stands around it. */
export function canariesIn(text: string): string[] {
  const found = new RegExp(`.{0,60}${CANARY.source}.{0,20}`, 'g');
  return text.match(found) ?? [];
}

const rows = (count: number, row: () => unknown) =>
  Array.from({ length: count }, () => {
    const made = row();
    return typeof made === 'string' ? made : JSON.stringify(made);
  });
const turn = (role: string) => ({ role, parts: [{ text: canary() }] });
const said = (role: string) => ({ role, content: canary() });
const message = (author: string) => ({ author, content: canary() });

const GEMINI = { base_model: 'gemini-3.1-flash-lite' };
const EMBEDDING = {
  base_model: 'textembedding-gecko@003',
  dataset_uri: undefined,
  queries_path: 'queries.jsonl',
  corpus_path: 'corpus.jsonl',
  train_label_path: 'labels.tsv',
};

/** A folder: what its manifest says, and its files. */
export interface CanaryFolder {
  name: string;
  manifest: Record<string, unknown>;
  files: Record<string, string>;
}

const folder = (
  name: string,
  manifest: Record<string, unknown>,
  lines: string[],
  more = {},
): CanaryFolder => ({
  ...{ name, manifest: { dataset_uri: 'train.jsonl', ...manifest } },
  files: { 'train.jsonl': lines.join('\n'), ...more },
});

const pairs = () =>
  rows(30, () => ({
    input_text: canary(),
    output_text: canary(),
    context: canary(),
    [key()]: canary(),
    nested: { [key()]: [canary()] },
  }));
const plainPairs = () => rows(30, () => ({ input_text: canary(), output_text: canary() }));
const SHARED = canary();

/** Every form of data that is read, right and wrong. */
export const CANARY_FOLDERS: readonly CanaryFolder[] = [
  folder('pairs', { base_model: 'text-bison@002' }, pairs()),
  folder(
    'a classification of unique texts',
    { base_model: 'text-bison@002', task: 'classification' },
    plainPairs(),
    {
      'eval.jsonl': plainPairs().slice(0, 12).join('\n'),
    },
  ),
  folder(
    'a classification with texts beside its labels',
    { base_model: 'text-bison@002', task: 'classification' },
    [
      ...rows(120, () => ({ input_text: canary(), output_text: 'good' })),
      ...rows(10, () => ({ input_text: canary(), output_text: canary() })),
    ],
  ),
  folder(
    'an instruction before every input',
    GEMINI,
    rows(30, () => ({
      systemInstruction: { parts: [{ text: SHARED }] },
      contents: [{ role: 'user', parts: [{ text: `${SHARED} and ${SHARED}: ${canary()}` }] }, turn('model')],
    })),
  ),
  folder(
    'contents',
    GEMINI,
    rows(30, () => ({
      systemInstruction: turn('system'),
      contents: [turn('user'), turn('model')],
      labels: { [key()]: canary() },
    })),
  ),
  folder(
    'chats of OpenAI',
    GEMINI,
    rows(30, () => ({
      messages: [said('system'), { ...said('user'), name: canary() }, said('assistant')],
      [key()]: canary(),
    })),
  ),
  folder(
    'chats of OpenAI with functions',
    { ...GEMINI, convert: true },
    rows(30, () => ({
      tools: [
        {
          type: 'function',
          function: {
            name: canary(),
            description: canary(),
            parameters: {
              type: 'object',
              properties: { [key()]: { type: 'string', [key()]: canary() } },
            },
          },
        },
      ],
      messages: [
        said('user'),
        {
          role: 'assistant',
          tool_calls: [
            {
              id: canary(),
              type: 'function',
              function: { name: canary(), arguments: JSON.stringify({ a: canary() }) },
            },
          ],
        },
        { role: 'tool', tool_call_id: canary(), content: canary() },
        said('assistant'),
      ],
    })),
  ),
  folder(
    'preferences',
    { ...GEMINI, base_model: 'gemini-2.5-flash', tuning_method: 'preference' },
    rows(30, () => ({
      contents: [turn('user')],
      completions: [
        { score: 1, completion: turn('model') },
        { score: 0, completion: turn('model') },
      ],
    })),
  ),
  folder(
    'Alpaca',
    GEMINI,
    rows(30, () => ({ instruction: canary(), input: canary(), output: canary() })),
  ),
  folder(
    'ShareGPT',
    GEMINI,
    rows(30, () => ({
      id: canary(),
      conversations: [
        { from: 'human', value: canary() },
        { from: 'gpt', value: canary() },
      ],
    })),
  ),
  folder('a table', GEMINI, ['prompt,completion', ...rows(30, () => `${canary()},${canary()}`)]),
  folder('a table with other columns', GEMINI, [
    `${canary()},${canary()}`,
    ...rows(30, () => `${canary()},${canary()}`),
  ]),
  folder(
    'chats of the guide',
    { base_model: 'chat-bison@002' },
    rows(30, () => ({ context: canary(), messages: [message('user'), message('assistant')] })),
  ),
  folder(
    'authors that nobody knows',
    { base_model: 'chat-bison@002' },
    rows(30, () => ({ messages: [message(canary()), message('assistant'), message('assistant')] })),
  ),
  folder(
    'roles and parts that nobody knows',
    GEMINI,
    rows(30, () => ({ contents: [turn(canary()), { role: 'model', parts: [{ [key()]: canary() }] }] })),
  ),
  folder(
    'fields of other types',
    GEMINI,
    rows(30, () => ({
      contents: canary(),
      systemInstruction: [canary()],
      messages: { [key()]: canary() },
    })),
  ),
  folder(
    'files that are not there',
    GEMINI,
    rows(30, () => ({
      contents: [
        {
          role: 'user',
          parts: [
            { fileData: { mimeType: canary(), fileUri: `gs://inbox/${canary()}.png` } },
            { inlineData: { mimeType: 'image/png', data: canary() } },
          ],
        },
        turn('model'),
      ],
    })),
  ),
  folder(
    'files of others',
    GEMINI,
    rows(30, () => ({
      contents: [
        {
          role: 'user',
          parts: [
            { fileData: { mimeType: 'image/png', fileUri: `gs://${canary()}/${canary()}.png` } },
            { text: canary() },
          ],
        },
        turn('model'),
      ],
    })),
  ),
  folder(
    'lines that are no JSON',
    GEMINI,
    rows(30, () => `{"contents": ${canary()} "${canary()}`),
  ),
  folder(
    'text',
    GEMINI,
    rows(30, () => `${canary()} ${canary()}`),
  ),
  folder('a web page', GEMINI, [
    `<!DOCTYPE html><title>${canary()}</title>`,
    ...rows(30, () => `<p>${canary()}</p>`),
  ]),
  folder(
    'keys twice, and long ones',
    GEMINI,
    rows(
      30,
      () =>
        `{"${canary()} !": 1, "${'k'.repeat(50)}${canary()}": 2, "${canary()} !": {"${canary()} ?": "${canary()}"}}`,
    ),
  ),
  folder(
    'the same input with other outputs',
    GEMINI,
    (() => {
      const input = canary();
      return rows(30, () => ({ input_text: input, output_text: canary() }));
    })(),
  ),
  {
    name: 'triples of query, positive and negative texts',
    manifest: {
      ...EMBEDDING,
      queries_path: 'train.jsonl',
      corpus_path: 'train.jsonl',
      train_label_path: 'train.jsonl',
    },
    files: {
      'train.jsonl': rows(30, () => ({
        query: canary(),
        pos: [canary()],
        neg: [canary()],
        [key()]: canary(),
      })).join('\n'),
    },
  },
  {
    name: 'embeddings',
    manifest: EMBEDDING,
    files: {
      'queries.jsonl': rows(12, () => ({ _id: canary(), text: canary(), [key()]: canary() })).join('\n'),
      'corpus.jsonl': [
        ...rows(12, () => ({ _id: canary(), text: canary(), title: canary() })),
        ...twice(() => ({ _id: 'kanarietwicezq', text: canary() })),
      ].join('\n'),
      'labels.tsv': [
        'query-id\tcorpus-id\tscore',
        ...rows(12, () => `${canary()}\t${canary()}\t1`),
        `${canary()}\t${canary()}\t${canary()}`,
      ].join('\n'),
    },
  },
];

function twice(row: () => unknown): string[] {
  return rows(2, row);
}
