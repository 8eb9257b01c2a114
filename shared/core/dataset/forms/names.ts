import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { PAIR_FORM_NAMES } from '../../issues/pair-forms.ts';
import { TEMPLATE_NAMES } from '../../issues/templates.ts';

/** The forms in which examples of generative models are read, those that a base model takes first. */
export const FORM_NAMES = [
  'input_output',
  'messages',
  'contents',
  'preference',
  'chat_messages',
  'prompt_completion',
  ...PAIR_FORM_NAMES,
  'alpaca',
  'instruction_response',
  'squad',
  'query_calls',
  'multiple_choice',
  'rounds',
  'segments',
  'ai_studio',
  'chatgpt_export',
  'sharegpt',
  'conversation',
  'openai_preference',
  'messages_rejected',
  'compared',
  'chosen_rejected',
  'rlhf_preference',
  'vertex_batch',
  'openai_batch',
  ...TEMPLATE_NAMES,
] as const satisfies readonly ForeignFormat[];

/** Forms of the files of embedding models: those that are converted, and what the models take. */
export const EMBEDDING_FORMS = [
  'qrels',
  'triples',
  'labels',
  'embedding',
] as const satisfies readonly ForeignFormat[];
export type EmbeddingForm = (typeof EMBEDDING_FORMS)[number];

export type FormName = (typeof FORM_NAMES)[number];
