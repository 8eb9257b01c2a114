import { PAIR_FORM_NAMES, PAIR_FORMS, type PairForm } from './pair-forms.ts';
import { DIALOGUE_TEMPLATES, TEMPLATE_NAMES, type TemplateName } from './templates.ts';

/** The training formats that people upload by mistake, or to the wrong model; `asks` and `answers` are the parts of an example. */
export const FOREIGN_FORMATS = {
  input_output: {
    name: '{"input_text", "output_text"}, the format of text and code models',
    asks: '"input_text"',
    answers: '"output_text"',
  },
  messages: {
    name: '{"messages": [{"author", "content"}]}, the format of chat models',
    asks: 'what the author "user" says',
    answers: 'what "assistant" says',
  },
  contents: {
    name: '{"contents": [{"role", "parts"}]}, the format of Gemini models',
    asks: 'what the role "user" says',
    answers: 'what "model" says',
  },
  chat_messages: {
    name: '{"messages": [{"role", "content"}]}, the format of OpenAI and of open models',
    asks: 'what the role "user" says',
    answers: 'what "assistant" says',
  },
  preference: {
    name: '{"contents", "completions"}, the preferences of Gemini models',
    asks: 'what the role "user" says',
    answers: 'the completion with the score 1',
  },
  prompt_completion: {
    name: '{"prompt", "completion"}',
    asks: '"prompt"',
    answers: '"completion"',
  },
  ...pairRows(),
  alpaca: {
    name: '{"instruction", "input", "output"}, the Alpaca format',
    asks: '"instruction" and below it "input"',
    answers: '"output"',
  },
  query_calls: {
    name: '{"query", "answers": [{"name", "arguments"}], "tools"}, questions with calls of functions, as in xLAM',
    asks: '"query"',
    answers: 'the calls in "answers"',
  },
  squad: {
    name: '{"context", "question", "answers": {"text"}}, the form of SQuAD; also without "context", and with "answers" or "answer" as a list, as in Natural Questions and TriviaQA',
    asks: '"context" and below it "question"',
    answers: 'the first of "answers"',
  },
  multiple_choice: {
    name: '{"question", "choices", "answer"}, multiple choice (a number as the answer counts from 0)',
    asks: '"question" and below it "choices", each with its letter',
    answers: 'the letter of the right one',
  },
  instruction_response: {
    name: '{"instruction", "context", "response"}, the form of Dolly',
    asks: '"instruction" and below it "context"',
    answers: '"response"',
  },
  rounds: {
    name: '{"conversation": [{"system", "input", "output"}]}, the rounds of XTuner and Firefly, by these names or others',
    asks: '"input" of each round',
    answers: '"output"',
  },
  segments: {
    name: '{"segments": [{"label", "text"}]}, the pieces of Axolotl',
    asks: 'what has "label": false',
    answers: 'what has "label": true',
  },
  ai_studio: {
    name: '{"chunkedPrompt": {"chunks"}}, a prompt that Google AI Studio saved',
    asks: 'what the role "user" says in the chunks',
    answers: 'what "model" says',
  },
  chatgpt_export: {
    name: '{"mapping", "current_node"}, a conversation that ChatGPT exported',
    asks: 'what the author "user" says',
    answers: 'what "assistant" says',
  },
  sharegpt: {
    name: '{"conversations": [{"from", "value"}]}, the ShareGPT format',
    asks: 'what "human" says',
    answers: 'what "gpt" says',
  },
  conversation: {
    name: '{"conversation": [{"role", "content"}]}, a list of what was said, by these names or similar ones',
    asks: 'what "user" says',
    answers: 'what "assistant" says',
  },
  openai_preference: {
    name: '{"input", "preferred_output", "non_preferred_output"}, the preferences of OpenAI',
    asks: 'what the user says in "input"',
    answers: '"preferred_output"',
  },
  chosen_rejected: {
    name: '{"prompt", "chosen", "rejected"}, preferences',
    asks: '"prompt"',
    answers: '"chosen"',
  },
  messages_rejected: {
    name: '{"messages": [{"role", "content"}], "rejected_response"}, the preferences of ms-swift',
    asks: 'what is said before the last answer of "messages"',
    answers: 'that answer',
  },
  compared: {
    name: '{"history", "human_ref_A", "human_ref_B", "labels"}, two answers and which one is the better, as in SHP, WebGPT and Chatbot Arena',
    asks: '"history"',
    answers: 'the better answer',
  },
  vertex_batch: {
    name: '{"request": {"contents"}, "response"}, lines of batch prediction or of a log',
    asks: 'what the role "user" says in "request"',
    answers: 'the answer',
  },
  openai_batch: {
    name: '{"body": {"messages"}}, lines of a batch of OpenAI, or of a log with requests and responses',
    asks: 'what the role "user" says in "body"',
    answers: 'the answer',
  },
  rlhf_preference: {
    name: '{"candidate_0", "candidate_1", "choice"}, preferences for RLHF tuning',
    asks: '"input_text"',
    answers: 'the candidate that is chosen',
  },
  ...markedRows(),
  qrels: {
    name: 'query, iteration, document and relevance, the judgements of TREC',
    remedy:
      'Keep query, document and relevance, with tabs between, under the header query-id, corpus-id, score.',
  },
  triples: {
    name: '{"query", "pos", "neg"}, queries with texts that answer them and texts that do not',
    remedy: 'Name the file as queries_path, as corpus_path and as train_label_path of an embedding model.',
  },
  labels: {
    name: 'query-id, corpus-id and score, the labels of embedding tuning',
    remedy: 'Name an embedding model in the manifest, and the file as train_label_path.',
  },
  embedding: {
    name: '{"_id", "text"}, the corpus or queries of embedding tuning',
  },
} as const satisfies Record<string, ForeignRow>;
export type ForeignFormat = keyof typeof FOREIGN_FORMATS;

interface ForeignRow {
  name: string;
  asks?: string;
  answers?: string;
  /** Of what is no example. */
  remedy?: string;
}

function pairRows(): Record<PairForm, ForeignRow & { asks: string; answers: string }> {
  const rows = PAIR_FORM_NAMES.map((form) => {
    const [asks, answers] = PAIR_FORMS[form].map((field) => JSON.stringify(field));
    return [form, { name: `{${asks}, ${answers}}`, asks, answers }];
  });
  return Object.fromEntries(rows);
}

function markedRows(): Record<TemplateName, ForeignRow & { asks: string; answers: string }> {
  const rows = TEMPLATE_NAMES.map((template) => {
    const { of, looks } = DIALOGUE_TEMPLATES[template];
    const name = `{"text": "${looks}"}, a dialogue by the template of ${of}`;
    return [template, { name, asks: 'what the user says', answers: 'what the model answers' }];
  });
  return Object.fromEntries(rows);
}

/** How an example of a form is written from what is asked and what is answered. */
const WRITTEN: Partial<Record<ForeignFormat, (row: ForeignRow) => string>> = {
  input_output: ({ asks, answers }) =>
    `Write each example as {"input_text", "output_text"}: ${asks}, and ${answers}.`,
  prompt_completion: ({ asks, answers }) =>
    `Write each example as {"prompt", "completion"}: ${asks}, and ${answers}.`,
  messages: ({ asks, answers }) =>
    `Write each example as {"messages": [{"author": "user", "content": …}, {"author": "assistant", "content": …}]}: ${asks}, and ${answers}.`,
  chat_messages: ({ asks, answers }) =>
    `Write each example as {"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}: ${asks}, and ${answers}.`,
  contents: ({ asks, answers }) =>
    `Write each example as {"contents": [{"role": "user", "parts": [{"text": …}]}, {"role": "model", "parts": [{"text": …}]}]}: ${asks}, and ${answers}.`,
};

/** What to do where the form that is expected decides it, whatever was found. */
const OF_EXPECTED: Partial<Record<ForeignFormat, string>> = {
  embedding: 'Name the file that holds the records, or write each with "_id" and "text".',
  preference:
    'Write each example as {"contents": [...], "completions": [{"score": 1, "completion": {...}}, {"score": 0, "completion": {...}}]} (docs/models.md), or take tuning_method out of the manifest to tune on answers.',
};

/** What leads from one form to the one that is expected. */
export function remedyOfForeign(format: ForeignFormat, expected: ForeignFormat): string {
  const row: ForeignRow = FOREIGN_FORMATS[format];
  if (OF_EXPECTED[expected]) return OF_EXPECTED[expected];
  if (row.asks === undefined) {
    return row.remedy ?? 'Name an embedding model in the manifest, or upload the examples of this one.';
  }
  return WRITTEN[expected]?.(row) ?? writtenAs(expected, row);
}

/** A form by its fields alone. */
function writtenAs(form: ForeignFormat, { asks, answers }: ForeignRow): string {
  const [fields] = /^\{.*\}/.exec(FOREIGN_FORMATS[form].name) ?? [FOREIGN_FORMATS[form].name];
  return `Write each example as ${fields}: ${asks}, and ${answers}.`;
}
