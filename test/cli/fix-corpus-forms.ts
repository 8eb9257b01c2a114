/** Folders whose examples are in another form than the model takes, or nearly in one. */
import { FORM_NAMES, type FormName } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { FORM_SAMPLES, formFile, MARKED } from '../core/form-samples.ts';

/** A folder with a fault, and what is left of it when it was corrected. */
export interface BrokenFolder {
  manifest?: object | string | Uint8Array;
  files: Record<string, string | Uint8Array>;
  args?: string[];
  /** The errors that are left, and why a person has to deal with them; none where the copy is clean. */
  left?: Record<string, string>;
  /** How many examples the training data of the copy has. */
  examples?: number;
}

const GEMINI = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };
const PREFERENCE = {
  base_model: 'gemini-2.5-flash',
  tuning_method: 'preference',
  dataset_uri: 'train.jsonl',
};

const spoken = (list: string, who: string, what: string, [user, model]: [string, string]) => ({
  manifest: GEMINI,
  files: {
    'train.jsonl': Array.from(
      { length: 12 },
      (_, index) =>
        `{"${list}": [{"${who}": "${user}", "${what}": "Tea ${index}?"}, {"${what}": "Cup ${index}.", "${who}":"${model}"}]}\n`,
    ).join(''),
  },
  examples: 12,
});

/** Words for who speaks that the form does not have. */
const OF_SPEAKERS: Record<string, BrokenFolder> = {
  'human and bot in messages': spoken('messages', 'role', 'content', ['Human', 'Bot']),
  'user and gpt in messages': spoken('messages', 'role', 'content', ['user', 'gpt']),
  'words of another language': spoken('messages', 'role', 'content', ['用户', 'アシスタント']),
  'a slip of the hand': spoken('messages', 'role', 'content', ['user', 'assitant']),
  'capitals in ShareGPT': spoken('conversations', 'from', 'value', ['Human', 'GPT']),
  'capitals in another list': spoken('dialog', 'speaker', 'text', ['USER', 'AI']),
  'authors of the guide': {
    ...spoken('messages', 'author', 'content', ['Human', 'Bot']),
    manifest: { base_model: 'chat-bison@002', dataset_uri: 'train.jsonl' },
  },
  'a name': {
    ...spoken('messages', 'role', 'content', ['Alice', 'assistant']),
    left: { role_unknown: 'who Alice is, a person knows' },
  },
};

/** A file of each form, on a model that takes another one. */
const OF_FORMS: Record<string, BrokenFolder> = Object.fromEntries(
  FORM_NAMES.filter((form) => form !== 'contents' && form !== 'preference').map((form: FormName) => [
    `the form ${form}`,
    {
      manifest: FORMS[form].isPair ? PREFERENCE : GEMINI,
      files: { 'train.jsonl': formFile(form) },
      examples: 12,
    },
  ]),
);

const turns = (index: number) =>
  JSON.stringify((FORM_SAMPLES.conversation(index) as { conversation: object }).conversation);
const contents = (index: number) =>
  JSON.stringify((FORM_SAMPLES.contents(index) as { contents: object }).contents);
const twelve = (line: (index: number) => string) => ({
  manifest: GEMINI,
  files: { 'train.jsonl': Array.from({ length: 12 }, (_, index) => `${line(index)}\n`).join('') },
  examples: 12,
});

/** Lists of turns without their example, or in quotes. */
const OF_LISTS: Record<string, BrokenFolder> = {
  'a list of messages a line': twelve(turns),
  'a list of contents a line': twelve(contents),
  'messages in quotes': twelve((index) => `{"id": ${index}, "messages": ${JSON.stringify(turns(index))}}`),
  'objects of Python': twelve(
    (index) => `{'question': 'Tea ${index}?', "answer": 'It\\'s \\xe9', 'id': None}`,
  ),
  'a list of Python': {
    ...twelve(() => ''),
    files: {
      'train.jsonl': `[${Array.from({ length: 12 }, (_, index) => `{'question': 'Tea ${index}?', 'answer': 'Yes'}`).join(', ')}]`,
    },
  },
  'an object of Python among lines': twelve((index) =>
    index === 5
      ? "{'question': 'Hot?', 'answer': 'Yes'}"
      : `{"question": "Tea ${index}?", "answer": "Yes ${index}"}`,
  ),
  'lines of a log': twelve(
    (index) => `[2026-11-30T10:00:0${index}Z] INFO {"question": "Tea ${index}?", "answer": "Yes"}`,
  ),
  'dialogues in plain text': {
    manifest: { ...GEMINI, dataset_uri: 'train.txt' },
    files: {
      'train.txt': Array.from(
        { length: 12 },
        (_, index) => `Q: Tea ${index}?\r\nA: Cup ${index}.\r\n\r\n`,
      ).join(''),
    },
    examples: 12,
  },
  'both sides of a preference by a template': {
    ...twelve((index) =>
      JSON.stringify({
        chosen: MARKED.text_paragraphs(`Tea ${index}?`, `Cup ${index}`),
        rejected: MARKED.text_paragraphs(`Tea ${index}?`, `No ${index}`),
      }),
    ),
    manifest: PREFERENCE,
  },
  'contents in quotes': twelve((index) => `{"contents": ${JSON.stringify(contents(index))}}`),
};

const rows = (form: FormName) => Array.from({ length: 12 }, (_, index) => FORM_SAMPLES[form](index + 1));
const OF_FORMS_AND_MORE: Record<string, BrokenFolder> = {
  'a form that loses something': {
    ...{
      manifest: { ...GEMINI, base_model: 'text-bison@002' },
      files: { 'train.jsonl': formFile('sharegpt') },
      examples: 12,
    },
    left: { conversion_loses: 'what may be lost, a person says with "convert": true' },
  },
  'a form that may lose something': {
    ...{
      manifest: { ...GEMINI, convert: true },
      files: { 'train.jsonl': formFile('chosen_rejected') },
      examples: 12,
    },
  },
  'a form with the instruction of the manifest': {
    ...{
      manifest: { ...GEMINI, default_context: 'Be short.' },
      files: { 'train.jsonl': formFile('alpaca') },
      examples: 12,
    },
  },
  'another form, numbered, in UTF-16, of which one line is there twice': {
    manifest: GEMINI,
    files: {
      'train.jsonl': Buffer.from(
        `\ufeff${[...rows('alpaca'), FORM_SAMPLES.alpaca(2)].map((row, index) => `${index + 1}) ${JSON.stringify(row)},\r\n`).join('')}`,
        'utf16le',
      ),
    },
    examples: 12,
  },
  'another form, of which one line has a fault': {
    ...{
      manifest: GEMINI,
      files: { 'train.jsonl': `${formFile('question_answer')}{"question": "Why?"}\n` },
      examples: 13,
    },
    left: { field_missing: 'what the answer is, a person knows' },
  },
};

export const FORM_FOLDERS: Record<string, BrokenFolder> = {
  ...OF_SPEAKERS,
  ...OF_LISTS,
  ...OF_FORMS,
  ...OF_FORMS_AND_MORE,
};
