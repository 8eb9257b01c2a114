import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { PAIR_FORM_NAMES, PAIR_FORMS, type PairForm } from '../../shared/core/issues/pair-forms.ts';
import { TEMPLATE_NAMES, type TemplateName } from '../../shared/core/issues/templates.ts';

/**
 * Rows in the form of public data sets, written anew for these tests: none of their content is in them. Licence of these rows: that of
 * the project.
 */
export const FORM_SAMPLES: Record<FormName, (index: number) => object> = {
  input_output: (index) => ({ input_text: `Is tea ${index} hot?`, output_text: `Yes, cup ${index}.` }),
  messages: (index) => ({
    context: 'You sell tea.',
    messages: [
      { author: 'user', content: `One tea ${index}` },
      { author: 'assistant', content: `Cup ${index}?` },
    ],
  }),
  contents: (index) => ({
    contents: [
      { role: 'user', parts: [{ text: `One tea ${index}` }] },
      { role: 'model', parts: [{ text: `Cup ${index}?` }] },
    ],
  }),
  preference: (index) => ({
    contents: [{ role: 'user', parts: [{ text: `One tea ${index}` }] }],
    completions: [
      { score: 1, completion: { role: 'model', parts: [{ text: `Gladly ${index}` }] } },
      { score: 0, completion: { role: 'model', parts: [{ text: `No ${index}` }] } },
    ],
  }),
  chat_messages: (index) => ({
    messages: [
      { role: 'developer', content: 'You sell tea.' },
      { role: 'user', content: `How warm is tea ${index}?` },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c', type: 'function', function: { name: 'measure', arguments: `{"cup":${index}}` } },
        ],
      },
      { role: 'tool', tool_call_id: 'c', content: `{"celsius":${index}}` },
      { role: 'assistant', content: `It is ${index} degrees.` },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: 'measure',
          parameters: { type: 'object', properties: { cup: { type: 'integer' } } },
        },
      },
    ],
  }),
  prompt_completion: (index) => ({ prompt: `Tea ${index} ->`, completion: ` hot ${index}` }),
  ...pairSamples(),
  alpaca: (index) => ({
    instruction: 'Name the tea.',
    input: `It is green, ${index}.`,
    output: `Sencha ${index}`,
  }),
  instruction_response: (index) => ({
    instruction: 'Name the tea.',
    context: `It is green, ${index}.`,
    response: `Sencha ${index}`,
  }),
  squad: (index) => ({
    ...{ id: `q${index}`, title: 'Tea', context: `Tea ${index} is hot.`, question: `How is tea ${index}?` },
    answers: { text: ['hot'], answer_start: [9] },
  }),
  query_calls: (index) => ({
    ...{ id: index, query: `How warm is tea ${index}?` },
    answers: JSON.stringify([{ name: 'measure', arguments: { cup: index } }]),
    tools: JSON.stringify([{ name: 'measure', parameters: { cup: { type: 'int', description: 'of tea' } } }]),
  }),
  multiple_choice: (index) => ({
    question: `Which tea is number ${index}?`,
    choices: ['Sencha', 'Assam', `Tea ${index}`],
    answer: 2,
  }),
  rounds: (index) => ({
    conversation: [
      { system: 'You sell tea.', input: `One tea ${index}`, output: `Cup ${index}?` },
      { input: 'Yes.', output: `Here ${index}.` },
    ],
  }),
  segments: (index) => ({
    segments: [
      { label: false, text: `<s>One tea ${index}\n` },
      { label: true, text: `Cup ${index}?</s>` },
    ],
  }),
  ai_studio: (index) => ({
    runSettings: { temperature: 1, model: 'models/gemini-3.5-flash' },
    systemInstruction: { text: 'You sell tea.' },
    chunkedPrompt: {
      chunks: [
        { text: `One tea ${index}`, role: 'user', tokenCount: 4 },
        { text: `Cup ${index}?`, role: 'model', finishReason: 'STOP', tokenCount: 4 },
      ],
      pendingInputs: [{ text: '', role: 'user' }],
    },
  }),
  chatgpt_export: (index) => {
    const node = (id: string, parent: string | null, role: string, text: string) => ({
      ...{ id, parent, children: [] },
      message: { author: { role }, content: { content_type: 'text', parts: [text] }, recipient: 'all' },
    });
    return {
      title: `Tea ${index}`,
      mapping: {
        root: { id: 'root', message: null, parent: null, children: ['s'] },
        s: node('s', 'root', 'system', ''),
        u: node('u', 's', 'user', `One tea ${index}`),
        a: node('a', 'u', 'assistant', `Cup ${index}?`),
      },
      current_node: 'a',
    };
  },
  conversation: (index) => ({
    conversation: [
      { role: 'user', content: `One tea ${index}` },
      { role: 'assistant', content: `Cup ${index}?` },
    ],
  }),
  sharegpt: (index) => ({
    id: `tea_${index}`,
    conversations: [
      { from: 'human', value: `One tea ${index}` },
      { from: 'gpt', value: `Cup ${index}?` },
      { from: 'human', value: 'Yes.' },
      { from: 'gpt', value: 'Here.' },
    ],
  }),
  openai_preference: (index) => ({
    input: { messages: [{ role: 'user', content: `One tea ${index}` }] },
    preferred_output: [{ role: 'assistant', content: `Gladly ${index}` }],
    non_preferred_output: [{ role: 'assistant', content: `No ${index}` }],
  }),
  messages_rejected: (index) => ({
    messages: [
      { role: 'user', content: `One tea ${index}` },
      { role: 'assistant', content: `Gladly ${index}` },
    ],
    rejected_response: `No ${index}`,
  }),
  compared: (index) => ({
    ...{ post_id: `p${index}`, history: `One tea ${index}`, labels: 1 },
    ...{ human_ref_A: `Gladly ${index}`, human_ref_B: `No ${index}` },
  }),
  chosen_rejected: (index) => ({
    prompt: `One tea ${index}`,
    chosen: `Gladly ${index}`,
    rejected: `No ${index}`,
  }),
  rlhf_preference: (index) => ({
    ...{
      input_text: `One tea ${index}`,
      candidate_0: `No ${index}`,
      candidate_1: `Gladly ${index}`,
      choice: 1,
    },
  }),
  vertex_batch: (index) => ({
    request: { contents: [{ role: 'user', parts: [{ text: `One tea ${index}` }] }] },
    response: { candidates: [{ content: { role: 'model', parts: [{ text: `Cup ${index}?` }] } }] },
  }),
  openai_batch: (index) => ({
    ...{ custom_id: `tea-${index}`, method: 'POST', url: '/v1/chat/completions' },
    body: {
      model: 'gpt-4.1-mini',
      messages: [
        { role: 'user', content: `One tea ${index}` },
        { role: 'assistant', content: `Cup ${index}?` },
      ],
    },
  }),
  ...markedSamples(),
};

/** A dialogue in one text, as those who train other models write it. */
export const MARKED: Record<TemplateName, (asked: string, answered: string) => string> = {
  text_inst: (asked, answered) => `<s>[INST] ${asked} [/INST] ${answered} </s>`,
  text_chatml: (asked, answered) =>
    `<|im_start|>user\n${asked}<|im_end|>\n<|im_start|>assistant\n${answered}<|im_end|>\n`,
  text_llama3: (asked, answered) =>
    `<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n${asked}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n${answered}<|eot_id|>`,
  text_gemma: (asked, answered) =>
    `<bos><start_of_turn>user\n${asked}<end_of_turn>\n<start_of_turn>model\n${answered}<end_of_turn>\n`,
  text_harmony: (asked, answered) =>
    `<|start|>user<|message|>${asked}<|end|><|start|>assistant<|channel|>final<|message|>${answered}<|return|>`,
  text_zephyr: (asked, answered) => `<|user|>\n${asked}</s>\n<|assistant|>\n${answered}</s>`,
  text_deepseek: (asked, answered) =>
    `<｜begin▁of▁sentence｜><｜User｜>${asked}<｜Assistant｜>${answered}<｜end▁of▁sentence｜>`,
  text_command_r: (asked, answered) =>
    `<BOS_TOKEN><|START_OF_TURN_TOKEN|><|USER_TOKEN|>${asked}<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>${answered}<|END_OF_TURN_TOKEN|>`,
  text_llama4: (asked, answered) =>
    `<|begin_of_text|><|header_start|>user<|header_end|>\n\n${asked}<|eot|><|header_start|>assistant<|header_end|>\n\n${answered}<|eot|>`,
  text_phi4: (asked, answered) =>
    `<|im_start|>user<|im_sep|>${asked}<|im_end|><|im_start|>assistant<|im_sep|>${answered}<|im_end|>`,
  text_together: (asked, answered) => `<human>: ${asked}\n<bot>: ${answered}`,
  text_guanaco: (asked, answered) => `### Human: ${asked}### Assistant: ${answered}`,
  text_alpaca: (asked, answered) => `### Instruction:\n${asked}\n\n### Response:\n${answered}`,
  text_alpaca_ja: (asked, answered) => `### 指示:\n${asked}\n\n### 応答:\n${answered}`,
  text_paragraphs: (asked, answered) => `\n\nHuman: ${asked}\n\nAssistant: ${answered}`,
  text_vicuna: (asked, answered) => `USER: ${asked} ASSISTANT: ${answered}</s>`,
  ...scripts(),
};

function scripts() {
  const script = (user: string, model: string) => (asked: string, answered: string) =>
    `${user}: ${asked}\n${model}: ${answered}`;
  return {
    text_user_assistant: script('User', 'Assistant'),
    text_human_assistant: script('Human', 'Assistant'),
    text_user_bot: script('User', 'Bot'),
    text_user_ai: script('User', 'AI'),
    text_human_ai: script('Human', 'AI'),
    text_customer_agent: script('Customer', 'Agent'),
    text_q_a: script('Q', 'A'),
    text_question_answer: script('Question', 'Answer'),
    text_user_assistant_small: script('user', 'assistant'),
    text_human_assistant_small: script('human', 'assistant'),
    text_frage_antwort: script('Frage', 'Antwort'),
    text_pregunta_respuesta: script('Pregunta', 'Respuesta'),
    text_usuario_asistente: script('Usuario', 'Asistente'),
    text_ja_user_assistant: script('ユーザー', 'アシスタント'),
    text_ja_order_answer: script('指示', '応答'),
    text_ja_question_answer: script('質問', '回答'),
    text_zh_user_assistant: script('用户', '助手'),
    text_zh_q_a: script('问', '答'),
    text_ko_question_answer: script('질문', '답변'),
  };
}

function markedSamples(): Record<TemplateName, (index: number) => object> {
  const rows = TEMPLATE_NAMES.map((name) => [
    name,
    (index: number) => ({ text: MARKED[name](`One tea ${index}`, `Cup ${index}?`) }),
  ]);
  return Object.fromEntries(rows);
}

function pairSamples(): Record<PairForm, (index: number) => object> {
  const rows = PAIR_FORM_NAMES.map((form) => {
    const [asks, answers] = PAIR_FORMS[form];
    return [form, (index: number) => ({ [asks]: `Tea ${index}?`, [answers]: `hot ${index}` })];
  });
  return Object.fromEntries(rows);
}

/** A file of so many rows in a form. */
export const formFile = (form: FormName, rows = 12): string =>
  Array.from({ length: rows }, (_, index) => `${JSON.stringify(FORM_SAMPLES[form](index + 1))}\n`).join('');
