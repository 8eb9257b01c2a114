/** Templates by which a whole dialogue is written in one text: how each looks. Its marks are in `core/dataset/forms/templates.ts`. */
export const DIALOGUE_TEMPLATES = {
  text_inst: { of: 'Llama 2 and Mistral', looks: '[INST] … [/INST] …' },
  text_chatml: { of: 'ChatML', looks: '<|im_start|>user … <|im_end|><|im_start|>assistant … <|im_end|>' },
  text_llama3: {
    of: 'Llama 3',
    looks:
      '<|start_header_id|>user<|end_header_id|> … <|eot_id|><|start_header_id|>assistant<|end_header_id|> … <|eot_id|>',
  },
  text_gemma: {
    of: 'Gemma',
    looks: '<start_of_turn>user … <end_of_turn><start_of_turn>model … <end_of_turn>',
  },
  text_zephyr: { of: 'Zephyr and Phi', looks: '<|user|> … <|assistant|> …' },
  text_together: { of: 'OpenChatKit', looks: '<human>: … \\n<bot>: …' },
  text_guanaco: { of: 'Guanaco', looks: '### Human: … ### Assistant: …' },
  text_alpaca: { of: 'Alpaca', looks: '### Instruction: … ### Response: …' },
  text_paragraphs: { of: 'Anthropic', looks: '\\n\\nHuman: … \\n\\nAssistant: …' },
  text_vicuna: { of: 'Vicuna', looks: 'USER: … ASSISTANT: …' },
  text_user_assistant: { of: 'a script', looks: 'User: …\\nAssistant: …' },
  text_human_assistant: { of: 'a script', looks: 'Human: …\\nAssistant: …' },
  text_user_bot: { of: 'a script', looks: 'User: …\\nBot: …' },
  text_user_ai: { of: 'a script', looks: 'User: …\\nAI: …' },
  text_human_ai: { of: 'a script', looks: 'Human: …\\nAI: …' },
  text_customer_agent: { of: 'a script', looks: 'Customer: …\\nAgent: …' },
  text_q_a: { of: 'a script', looks: 'Q: …\\nA: …' },
  text_question_answer: { of: 'a script', looks: 'Question: …\\nAnswer: …' },
} as const satisfies Record<string, { of: string; looks: string }>;

export type TemplateName = keyof typeof DIALOGUE_TEMPLATES;

export const TEMPLATE_NAMES = Object.keys(DIALOGUE_TEMPLATES) as TemplateName[];
