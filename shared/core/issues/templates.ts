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
  text_harmony: {
    of: 'gpt-oss (Harmony)',
    looks: '<|start|>user<|message|> … <|end|><|start|>assistant<|message|> … <|end|>',
  },
  text_zephyr: { of: 'Zephyr and Phi', looks: '<|user|> … <|assistant|> …' },
  text_deepseek: { of: 'DeepSeek', looks: '<｜User｜> … <｜Assistant｜> … <｜end▁of▁sentence｜>' },
  text_command_r: {
    of: 'Command R',
    looks:
      '<|START_OF_TURN_TOKEN|><|USER_TOKEN|> … <|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|> … <|END_OF_TURN_TOKEN|>',
  },
  text_llama4: {
    of: 'Llama 4',
    looks: '<|header_start|>user<|header_end|> … <|eot|><|header_start|>assistant<|header_end|> … <|eot|>',
  },
  text_phi4: {
    of: 'Phi 4',
    looks: '<|im_start|>user<|im_sep|> … <|im_end|><|im_start|>assistant<|im_sep|> … <|im_end|>',
  },
  text_together: { of: 'OpenChatKit', looks: '<human>: … \\n<bot>: …' },
  text_guanaco: { of: 'Guanaco', looks: '### Human: … ### Assistant: …' },
  text_alpaca: { of: 'Alpaca', looks: '### Instruction: … ### Response: …' },
  text_alpaca_ja: { of: 'Alpaca in Japanese', looks: '### 指示: … ### 応答: …' },
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
  text_user_assistant_small: { of: 'a script', looks: 'user: …\\nassistant: …' },
  text_human_assistant_small: { of: 'a script', looks: 'human: …\\nassistant: …' },
  text_frage_antwort: { of: 'a script', looks: 'Frage: …\\nAntwort: …' },
  text_pregunta_respuesta: { of: 'a script', looks: 'Pregunta: …\\nRespuesta: …' },
  text_usuario_asistente: { of: 'a script', looks: 'Usuario: …\\nAsistente: …' },
  text_ja_user_assistant: { of: 'a script', looks: 'ユーザー: …\\nアシスタント: …' },
  text_ja_order_answer: { of: 'a script', looks: '指示: …\\n応答: …' },
  text_ja_question_answer: { of: 'a script', looks: '質問: …\\n回答: …' },
  text_zh_user_assistant: { of: 'a script', looks: '用户: …\\n助手: …' },
  text_zh_q_a: { of: 'a script', looks: '问: …\\n答: …' },
  text_ko_question_answer: { of: 'a script', looks: '질문: …\\n답변: …' },
} as const satisfies Record<string, { of: string; looks: string }>;

export type TemplateName = keyof typeof DIALOGUE_TEMPLATES;

export const TEMPLATE_NAMES = Object.keys(DIALOGUE_TEMPLATES) as TemplateName[];
