/** The training formats that people upload by mistake, or to the wrong model. */
export const FOREIGN_FORMATS = {
  input_output: {
    name: '{"input_text", "output_text"}, the format of text and code models',
    remedy: 'Name a text or code model in the manifest, or write each example as "messages".',
  },
  messages: {
    name: '{"messages": [{"author", "content"}]}, the format of chat models',
    remedy: 'Name a chat model in the manifest, or write each example as "input_text" and "output_text".',
  },
  contents: {
    name: '{"contents": [{"role", "parts"}]}, the format of Gemini models',
    remedy: 'Name a Gemini model in the manifest, or rewrite the examples in the expected format.',
  },
  chat_messages: {
    name: '{"messages": [{"role", "content"}]}, the format of OpenAI and of open models',
    remedy:
      'Rename "role" to "author" and move a "system" message into "context"; for a text model make one pair of each example.',
  },
  preference: {
    name: '{"contents", "completions"}, the preferences of Gemini models',
    remedy:
      'Write "tuning_method": "preference" in the manifest, or keep the better completion as the last content.',
  },
  prompt_completion: {
    name: '{"prompt", "completion"}',
    remedy: 'Rename "prompt" to "input_text" and "completion" to "output_text".',
  },
  prompt_response: {
    name: '{"prompt", "response"}',
    remedy: 'Rename "prompt" to "input_text" and "response" to "output_text".',
  },
  question_answer: {
    name: '{"question", "answer"}',
    remedy: 'Rename "question" to "input_text" and "answer" to "output_text".',
  },
  text_input_output: {
    name: '{"text_input", "output"}',
    remedy: 'Rename "text_input" to "input_text" and "output" to "output_text".',
  },
  plain_pair: {
    name: '{"input", "output"}',
    remedy: 'Rename "input" to "input_text" and "output" to "output_text".',
  },
  alpaca: {
    name: '{"instruction", "input", "output"}, the Alpaca format',
    remedy: 'Join "instruction" and "input" into "input_text" and rename "output" to "output_text".',
  },
  sharegpt: {
    name: '{"conversations": [{"from", "value"}]}, the ShareGPT format',
    remedy:
      'Rename "conversations" to "messages", "from" to "author" (user, assistant) and "value" to "content".',
  },
  openai_preference: {
    name: '{"input", "preferred_output", "non_preferred_output"}, the preferences of OpenAI',
    remedy: 'Supervised tuning takes one expected output: keep the preferred one.',
  },
  chosen_rejected: {
    name: '{"prompt", "chosen", "rejected"}, preferences',
    remedy: 'Supervised tuning takes one expected output: keep the chosen one.',
  },
  vertex_batch: {
    name: '{"request": {"contents"}}, lines of batch prediction',
    remedy: 'Keep what is in "request", with the answer as the last content.',
  },
  openai_batch: {
    name: '{"body": {"messages"}}, lines of a batch of OpenAI',
    remedy: 'Keep what is in "body", with the answer as the last message.',
  },
  rlhf_preference: {
    name: '{"candidate_0", "candidate_1", "choice"}, preferences for RLHF tuning',
    remedy: 'Supervised tuning takes one expected output: keep the chosen candidate as "output_text".',
  },
  qrels: {
    name: 'query, iteration, document and relevance, the judgements of TREC',
    remedy:
      'Keep query, document and relevance, with tabs between, under the header query-id, corpus-id, score.',
  },
  labels: {
    name: 'query-id, corpus-id and score, the labels of embedding tuning',
    remedy: 'Name an embedding model in the manifest, and the file as train_label_path.',
  },
  embedding: {
    name: '{"_id", "text"}, the corpus or queries of embedding tuning',
    remedy: 'Name an embedding model in the manifest, or upload the examples of this one.',
  },
} as const satisfies Record<string, { name: string; remedy: string }>;
export type ForeignFormat = keyof typeof FOREIGN_FORMATS;
