import { PAIR_FORM_NAMES, PAIR_FORMS, type PairForm } from '../../issues/pair-forms.ts';
import { TEMPLATE_NAMES, type TemplateName } from '../../issues/templates.ts';
import { AI_STUDIO } from './ai-studio.ts';
import { withFiles } from './beside.ts';
import { CALLED } from './called.ts';
import { CHATGPT_EXPORT } from './chatgpt-export.ts';
import { MULTIPLE_CHOICE } from './choices.ts';
import { CHOSEN_REJECTED } from './chosen-rejected.ts';
import { COMPARED } from './compared.ts';
import { CONVERSATION, GUIDE_CHAT, SHAREGPT } from './conversations.ts';
import type { Form } from './form.ts';
import { CONTENTS, PREFERENCE, VERTEX_BATCH } from './gemini.ts';
import { judged } from './judged.ts';
import { markedForm } from './marked.ts';
import type { FormName } from './names.ts';
import { OPENAI_BATCH, OPENAI_CHAT, OPENAI_PREFERENCE, RLHF_PREFERENCE } from './openai.ts';
import { ALPACA, DOLLY, pairForm } from './pairs.ts';
import { MESSAGES_REJECTED } from './rejected.ts';
import { ROUNDS } from './rounds.ts';
import { SEGMENTS } from './segments.ts';
import { SQUAD } from './squad.ts';

/** What is learnt from as it stands, if nothing beside it says otherwise. */
const learnt = (form: Form): Form => withFiles(judged(form));

/**
 * Every form in which examples are written: how it is recognised, how it is read, and how it is written where a base model takes it.
 * A record is of the first row that it matches, so that the more telling ones come first. Adding a form is adding a row.
 */
export const FORMS: Readonly<Record<FormName, Form>> = {
  preference: PREFERENCE,
  contents: learnt(CONTENTS),
  vertex_batch: VERTEX_BATCH,
  openai_preference: OPENAI_PREFERENCE,
  openai_batch: learnt(OPENAI_BATCH),
  chosen_rejected: withFiles(CHOSEN_REJECTED),
  rlhf_preference: RLHF_PREFERENCE,
  messages_rejected: withFiles(MESSAGES_REJECTED),
  compared: COMPARED,
  chat_messages: learnt(OPENAI_CHAT),
  ai_studio: AI_STUDIO,
  chatgpt_export: CHATGPT_EXPORT,
  rounds: learnt(ROUNDS),
  segments: SEGMENTS,
  sharegpt: learnt(SHAREGPT),
  conversation: learnt(CONVERSATION),
  messages: learnt(GUIDE_CHAT),
  query_calls: CALLED,
  squad: withFiles(SQUAD),
  multiple_choice: withFiles(MULTIPLE_CHOICE),
  input_output: learnt(pairForm('input_text', 'output_text')),
  prompt_completion: learnt(pairForm('prompt', 'completion')),
  alpaca: learnt(ALPACA),
  instruction_response: learnt(DOLLY),
  ...pairForms(),
  ...markedForms(),
};

function pairForms(): Record<PairForm, Form> {
  const rows = PAIR_FORM_NAMES.map((name) => {
    const [asks, answers] = PAIR_FORMS[name];
    return [name, learnt(pairForm(asks, answers))];
  });
  return Object.fromEntries(rows);
}

function markedForms(): Record<TemplateName, Form> {
  return Object.fromEntries(TEMPLATE_NAMES.map((name) => [name, learnt(markedForm(name))])) as Record<
    TemplateName,
    Form
  >;
}
