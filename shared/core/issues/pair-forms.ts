/** Forms with one question and one answer in fields of their own: what each calls the two. Adding one is adding a row. */
export const PAIR_FORMS = {
  prompt_response: ['prompt', 'response'],
  question_answer: ['question', 'answer'],
  text_input_output: ['text_input', 'output'],
  plain_pair: ['input', 'output'],
  prompt_answer: ['prompt', 'answer'],
  prompt_output: ['prompt', 'output'],
  question_response: ['question', 'response'],
  question_output: ['question', 'output'],
  query_response: ['query', 'response'],
  query_answer: ['query', 'answer'],
  query_output: ['query', 'output'],
  input_response: ['input', 'response'],
  input_answer: ['input', 'answer'],
  input_target: ['input', 'target'],
  inputs_targets: ['inputs', 'targets'],
  user_assistant: ['user', 'assistant'],
  user_bot: ['user', 'bot'],
  human_assistant: ['human', 'assistant'],
  human_bot: ['human', 'bot'],
  source_target: ['source', 'target'],
  text_summary: ['text', 'summary'],
  document_summary: ['document', 'summary'],
  article_summary: ['article', 'summary'],
  article_highlights: ['article', 'highlights'],
  dialogue_summary: ['dialogue', 'summary'],
  problem_solution: ['problem', 'solution'],
} as const satisfies Record<string, readonly [asks: string, answers: string]>;

export type PairForm = keyof typeof PAIR_FORMS;

export const PAIR_FORM_NAMES = Object.keys(PAIR_FORMS) as PairForm[];
