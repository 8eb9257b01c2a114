import { gzipSync } from 'node:zlib';
import type { DatasetIssue } from '../../../shared/core/issues/dataset.ts';
import {
  choice,
  contents,
  conversation,
  file,
  GOOD,
  keys,
  line,
  numbered,
  pair,
  said,
  type Tried,
  talk,
  train,
  turn,
} from './upload.ts';

const SOUND = file(GOOD);
/** Data that stays in the form of the upload. */
const KEPT = { manifest: { convert: false } };
const TABLE = file([
  'input_text,output_text',
  ...GOOD.map((_, index) => `question ${index},answer ${index}`),
]);
const PAIR = pair('another question');
const CHAT = talk(999);
const TURNS = contents(turn('user', said('another')), turn('model', said('answer')));
const image = (more: object = {}) => ({
  fileData: { mimeType: 'image/png', fileUri: 'gs://inbox/a/a.png', ...more },
});
/** An example about parts of the user's. */
const about = (...parts: object[]) =>
  contents(turn('user', said('What is it?'), ...parts), turn('model', said('A cat.')));
const PICTURES = { files: { 'a.png': 'meow', 'empty.png': '', 'b.png': 'meow' } };
const picture = (wrong: object, right: object) =>
  line('gemini', about(image(wrong)), about(image(right)), PICTURES);
const objects = GOOD.map((row) => JSON.parse(row) as { input_text: string; output_text: string });
const labelled = (...counts: number[]) =>
  file(
    counts.flatMap((count, label) =>
      numbered(count, (index) =>
        pair(`Classify the sentence. Text: ${label} ${index}`, `class ${'abc'[label]}`),
      ),
    ),
  );
const CLASSES = { manifest: { task: 'classification' } };
const resolution = (mediaResolution: string | undefined, index: number) =>
  JSON.stringify({
    ...JSON.parse(
      about(said(`${index}`), { fileData: { mimeType: 'video/mp4', fileUri: 'gs://inbox/a/v.mp4' } }),
    ),
    generationConfig: { mediaResolution },
  });
const evaluation = (rows: readonly string[]) => ({
  manifest: { evaluation_data_uri: 'eval.jsonl' },
  files: { 'eval.jsonl': file(rows) },
});
const compared = (index: number, labels: number) =>
  JSON.stringify({ history: `Hot ${index}?`, human_ref_A: 'Yes', human_ref_B: 'No', labels });
const COMPARED = numbered(30, (index) => compared(index, index % 2));
const chosen = (index: number, answer: number) =>
  JSON.stringify({ question: `Which tea is ${index}?`, choices: ['a', 'b', 'c', 'd'], answer });
const liked = (index: number, isKept = false) =>
  JSON.stringify({
    prompt: `Hot ${index}?`,
    completion: `Yes ${index}`,
    label: isKept ? undefined : 1 - (index % 2),
  });
const TALKS = Array.from({ length: 30 }, (_, index) => [
  { role: 'user', content: `Hot ${index}?` },
  { role: 'assistant', content: 'Yes' },
]);
const OTHERS = numbered(30, (index) => pair(`asked ${index}`, `answer ${index}`));
const evaluated = (wrong: readonly string[], training = SOUND): Tried => ({
  upload: train('text', training, training, evaluation(wrong)).upload,
  followed: train('text', training, training, evaluation(OTHERS)).upload,
});

const dialogue = (asked: string, answered: string) => `\n\nHuman: ${asked}\n\nAssistant: ${answered}`;
const CHOSEN = numbered(30, (index) =>
  JSON.stringify({ chosen: dialogue(`Tea ${index}?`, 'Yes'), rejected: dialogue(`Tea ${index}?`, 'No') }),
);
const DIVERGED = JSON.stringify({ chosen: dialogue('Tea?', 'Yes'), rejected: dialogue('Milk?', 'No') });
const MARKED = numbered(120, (index) =>
  JSON.stringify({ text: `### Human: Tea ${index}?### Assistant: Cup ${index}` }),
);

const round = (asked: string, answered: string) => `User: ${asked}\nAssistant: ${answered}`;
const ROUNDS = numbered(120, (index) => JSON.stringify({ text: round(`Tea ${index}?`, `Cup ${index}`) }));
const quoting = (quote: string) =>
  JSON.stringify({ text: round('How does a chat look?', `Like this:\n${quote}`) });
const CHOICES = { question: 'Which is the smallest?', choices: ['cup', 'pot', 'pan'] };
const EXAM = numbered(120, (index) =>
  JSON.stringify({ ...CHOICES, question: `Tea ${index} is made in?`, answer: index % 3 }),
);
const called = (id: string) =>
  file(
    numbered(120, (index) =>
      JSON.stringify({
        messages: [
          { role: 'user', content: `Brew tea ${index}` },
          { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'brew', arguments: '{}' } }] },
          { role: 'tool', tool_call_id: id, content: 'done' },
          { role: 'assistant', content: `Here is tea ${index}.` },
        ],
      }),
    ),
  );
const scored = (...parts: object[]) =>
  JSON.stringify({
    contents: [turn('user', said('another'))],
    completions: [
      { score: 1, completion: turn('model', ...parts) },
      { score: 0, completion: turn('model', said('No')) },
    ],
  });

/** Remedies of data sets that a machine can follow; each fault of a whole file is in whole-file-faults.test.ts. */
export const DATA_REMEDIES: Partial<Record<DatasetIssue['code'], Tried>> = {
  dataset_empty: train('text', '\n', SOUND),
  dataset_utf16: train('text', Buffer.from(`\ufeff${SOUND}`, 'utf16le'), SOUND),
  dataset_compressed: train('text', gzipSync(SOUND), SOUND),
  dataset_content_encoding: {
    upload: { ...train('text', gzipSync(SOUND), SOUND).upload, encodings: { 'train.jsonl': 'br' } },
    followed: train('text', SOUND, SOUND).followed,
  },
  dataset_not_lines: train('text', file(GOOD.map((row) => JSON.stringify(row))), SOUND),
  dataset_other_encoding: train(
    'text',
    Buffer.from(SOUND.replaceAll('question', 'café'), 'latin1'),
    SOUND.replaceAll('question', 'café'),
  ),
  dataset_field_names: train('text', SOUND.replaceAll('input_text', 'inputText'), SOUND),
  dataset_examples_inside: train('text', file(GOOD.map((row) => `{"id": 1, "row": ${row}}`)), SOUND),
  dataset_utf8_bom: train('text', `\ufeff${SOUND}`, SOUND),
  dataset_json_array: train('text', JSON.stringify(objects), SOUND, KEPT),
  dataset_pretty_printed: train(
    'text',
    file(objects.map((row) => JSON.stringify(row, null, 2))),
    SOUND,
    KEPT,
  ),
  dialogue_rounds_rare: train(
    'gemini',
    file([...ROUNDS, JSON.stringify({ text: `${round('Hot?', 'Yes')}\n${round('Cold?', 'No')}` })]),
    file([...ROUNDS, quoting('`User: Hot?`')]),
  ),
  call_result_unknown: train('gemini', called('B'), called('a')),
  answer_not_a_choice: train(
    'gemini',
    file([...EXAM, JSON.stringify({ ...CHOICES, answer: 3 })]),
    file([...EXAM, JSON.stringify({ ...CHOICES, answer: 'cup' })]),
  ),
  part_thought: line('preference', scored({ text: 'Hm.', thought: true }, said('Yes')), scored(said('Yes'))),
  table_columns_unknown: train(
    'text',
    TABLE.replace('input_text,output_text', 'post,topic'),
    TABLE.replace('input_text,output_text', 'question,answer'),
  ),
  table_header_again: train('text', `${TABLE}input_text,output_text\n`, TABLE),
  table_row_cells: train(
    'text',
    `${TABLE}a question, or two,answer\n`,
    `${TABLE}"a question, or two",answer\n`,
  ),
  table_quote_misplaced: train(
    'text',
    `${TABLE}"Cut" it, she said,an answer\n`,
    `${TABLE}"""Cut"" it, she said",an answer\n`,
  ),
  table_quote_open: train('text', `${TABLE}"a question,answer\n`, `${TABLE}"a question",answer\n`),
  dataset_foreign_format: train(
    'text',
    file(objects.map((row) => JSON.stringify({ prompt: row.input_text, completion: row.output_text }))),
    SOUND,
    KEPT,
  ),
  example_mixed_format: line('text', '{"prompt": "another question", "completion": "answer"}', PAIR),
  dataset_blank_lines: train('text', SOUND.replace('\n', '\n\n'), SOUND),
  line_not_utf8: train(
    'text',
    Buffer.concat([Buffer.from(SOUND), Buffer.from(pair('café'), 'latin1')]),
    `${SOUND}${pair('café')}`,
  ),
  line_not_json: line('text', "{'input_text': 'another question', 'output_text': 'answer'}", PAIR),
  line_of_another: line('text', '```', undefined),
  line_nul_byte: line('text', PAIR.replace(',', ',\0'), PAIR),
  line_lone_cr: train('text', SOUND.replace('\n', '\r'), SOUND),
  line_unicode_separator: train('text', SOUND.replace('\n', '\u2028'), SOUND),
  line_too_many_members: line('text', PAIR.replace('}', `, "x": [${'0,'.repeat(60_000)}0]}`), PAIR),
  line_too_deep: line('text', PAIR.replace('}', `, "x": ${'['.repeat(600)}${']'.repeat(600)}}`), PAIR),
  line_not_object: line('text', '["another question", "answer"]', PAIR),
  duplicate_key: line('text', PAIR.replace('{', '{"input_text": "twice", '), PAIR),
  lone_surrogate: line('text', pair('cut \ud83d'), pair('cut')),
  field_missing: line('text', '{"input_text": "another question"}', PAIR),
  field_wrong_type: line('text', pair('another question', 5), pair('another question', '5')),
  field_empty: line('text', pair('another question', ''), undefined),
  field_blank: line('text', pair('another question', ' '), undefined),
  text_looks_spoilt: line(
    'text',
    pair('another question', 'Tom &amp; Jerry'),
    pair('another question', 'Tom & Jerry'),
  ),
  messages_empty: line('chat', '{"messages": []}', undefined),
  author_unknown: line('chat', CHAT.replace('"assistant"', '"bot"'), CHAT),
  first_author_not_user: line(
    'chat',
    CHAT.replace('[', '[{"author": "assistant", "content": "Welcome."}, '),
    CHAT,
  ),
  last_author_not_assistant: line(
    'chat',
    CHAT.replace(']', ', {"author": "user", "content": "Bye."}]'),
    CHAT,
  ),
  authors_not_alternating: line(
    'chat',
    conversation(
      ['user', 'One.'],
      ['user', 'Two.'],
      ['assistant', 'So.'],
      ['user', 'And?'],
      ['assistant', 'No.'],
    ),
    conversation(['user', 'One. Two.'], ['assistant', 'So.'], ['user', 'And?'], ['assistant', 'No.']),
  ),
  pairs_not_recommended: line('chat', conversation(['user', 'One.'], ['assistant', 'So.']), CHAT),
  default_context_not_used: {
    upload: line('gemini', TURNS, TURNS, { manifest: { default_context: 'Be short.' } }).upload,
    followed: line('gemini', TURNS, TURNS).upload,
  },
  dataset_context_overrides: line('chat', CHAT.replace('{', '{"context": "Be long.", '), CHAT, {
    manifest: { default_context: 'Be short.' },
  }),
  role_unknown: line('gemini', TURNS.replace('"model"', '"assistant"'), TURNS),
  turns_without_user: line('gemini', contents(turn('model', said('answer'))), TURNS),
  last_turn_not_model: line('gemini', contents(turn('user', said('another'))), TURNS),
  last_turn_not_user: line(
    'preference',
    JSON.stringify({
      ...JSON.parse(choice('more', 1, 0)),
      contents: [turn('user', said('a')), turn('model', said('b'))],
    }),
    choice('more', 1, 0),
  ),
  part_unknown: line('gemini', about({ words: 'x' }), about(said('x'))),
  part_inline_data: line(
    'gemini',
    about({ inlineData: { mimeType: 'image/png', data: 'AA==' } }),
    about(image()),
    PICTURES,
  ),
  system_not_text: line(
    'gemini',
    about().replace(
      '{',
      '{"systemInstruction": {"parts": [{"fileData": {"mimeType": "image/png", "fileUri": "gs://inbox/a/a.png"}}]}, ',
    ),
    about(image()),
    PICTURES,
  ),
  file_kind_unknown: picture({ mimeType: undefined }, {}),
  file_not_allowed: picture({ fileUri: 'gs://payroll/a.png' }, {}),
  files_too_many: line('gemini', about(...numbered(31, String).map(() => image())), about(image()), PICTURES),
  file_not_found: picture({ fileUri: 'gs://inbox/a/b.jpg' }, {}),
  file_without_content: picture({ fileUri: 'gs://inbox/a/empty.png' }, {}),
  media_resolution_differs: train(
    'gemini',
    file(
      numbered(20, (index) =>
        resolution(index > 9 ? 'MEDIA_RESOLUTION_LOW' : 'MEDIA_RESOLUTION_HIGH', index),
      ),
    ),
    file(numbered(20, (index) => resolution('MEDIA_RESOLUTION_LOW', index))),
    { manifest: { base_model: 'gemini-2.5-flash' }, files: { 'v.mp4': 'film' } },
  ),
  content_part_unknown: train(
    'gemini',
    file(numbered(20, (index) => openAi(index, { type: 'txt', text: 'a' }))),
    file(numbered(20, (index) => openAi(index, { type: 'text', text: 'a' }))),
    { manifest: { base_model: 'qwen/qwen3@qwen3-4b' } },
  ),
  completions_not_a_pair: line('preference', choice('more', 1), choice('more', 1, 0)),
  preference_prompts_differ: train('preference', file([...CHOSEN, DIVERGED]), file(CHOSEN)),
  dataset_messages_apart: train(
    'gemini',
    file(TALKS.flat().map((one) => JSON.stringify(one))),
    file(TALKS.map((messages) => JSON.stringify({ messages }))),
  ),
  preference_undecided: train('preference', file([...COMPARED, compared(30, 2)]), file(COMPARED)),
  choices_from_one: train(
    'gemini',
    file(numbered(30, (index) => chosen(index, 1 + (index % 3)))),
    file(numbered(30, (index) => chosen(index, index % 3))),
  ),
  answers_judged: train(
    'gemini',
    file(numbered(120, liked)),
    file(numbered(60, (index) => liked(2 * index, true))),
  ),
  text_off_template: train(
    'gemini',
    file([...MARKED, '{"text": "### Human: Hot?### Assistant:"}']),
    file(MARKED),
  ),
  completions_alike: line('preference', choice('more', 1, 0).replace('answer 0', 'answer 1'), undefined),
  dataset_extra_fields: line('text', PAIR.replace('}', ', "id": 1}'), PAIR),
  token_limit_exceeded: line('text', pair('many words '.repeat(20_000)), PAIR),
  duplicate_example: line('text', GOOD[3] ?? '', undefined),
  conflicting_outputs: line('text', pair('question number 3', 'another'), undefined),
  evaluation_is_training: evaluated(GOOD.slice(0, 30)),
  evaluation_overlap: evaluated([...OTHERS, GOOD[3] ?? '']),
  evaluation_split_impossible: {
    upload: train('text', file(GOOD.slice(0, 50)), SOUND, { manifest: { evaluation_split: 0.1 } }).upload,
    followed: train('text', SOUND, file(GOOD.slice(0, 50)), { manifest: { evaluation_split: 10 } }).followed,
  },
  dataset_too_few_examples: train('text', file(GOOD.slice(0, 5)), SOUND),
  dataset_few_examples: train('text', file(GOOD.slice(0, 50)), SOUND),
  dataset_too_many_examples: evaluated(numbered(251, (index) => pair(`asked ${index}`))),
  dataset_instructions_missing: train(
    'text',
    `${labelled(60, 60)}${pair('other', 'class a')}`,
    labelled(60, 60),
    CLASSES,
  ),
  dataset_no_instructions: train(
    'text',
    labelled(60, 60).replaceAll(
      /Classify the sentence\. Text: (\d) (\d+)/g,
      '$2 of $1, a sentence of its own',
    ),
    labelled(60, 60),
    CLASSES,
  ),
  dataset_label_imbalance: train('text', labelled(200, 5), labelled(200, 100), CLASSES),
  dataset_single_label: train('text', labelled(120), labelled(60, 60), CLASSES),
  dataset_label_typo: train(
    'text',
    labelled(60, 60).replace('class a', 'Class A'),
    labelled(60, 60),
    CLASSES,
  ),
  conversion_loses: train(
    'gemini',
    file(
      objects.map((row) =>
        JSON.stringify({ prompt: row.input_text, chosen: row.output_text, rejected: 'no' }),
      ),
    ),
    file(objects.map((row) => JSON.stringify({ prompt: row.input_text, completion: row.output_text }))),
  ),
  conversion_off: keys('gemini', { convert: false }, { convert: undefined }),
};

function openAi(index: number, part: object): string {
  return JSON.stringify({
    messages: [
      { role: 'user', content: [{ type: 'text', text: `${index}` }, part] },
      { role: 'assistant', content: `answer ${index}` },
    ],
  });
}
