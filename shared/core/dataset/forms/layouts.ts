/** Where the texts of an example are, for those forms whose lines can be counted without reading them. */
import { PAIR_FORM_NAMES, PAIR_FORMS } from '../../issues/pair-forms.ts';
import { CHAT_LAYOUT, CONTENTS_LAYOUT, fieldsLayout, listLayout } from '../scan/layouts.ts';
import type { TurnsLayout } from '../scan/turns.ts';
import type { FormName } from './names.ts';

/** Forms that have no row are read. */
export const LAYOUTS: Partial<Record<FormName, TurnsLayout>> = {
  messages: listLayout({
    list: 'messages',
    speaker: ['author'],
    text: ['content'],
    speakers: { user: 'user', assistant: 'model' },
    systems: [{ text: ['context'] }],
  }),
  contents: CONTENTS_LAYOUT,
  chat_messages: CHAT_LAYOUT,
  sharegpt: listLayout({
    list: 'conversations',
    speaker: ['from'],
    text: ['value'],
    speakers: { human: 'user', user: 'user', gpt: 'model', assistant: 'model', system: 'system' },
  }),
  input_output: fieldsLayout(['input_text'], 'output_text'),
  prompt_completion: fieldsLayout(['prompt'], 'completion'),
  alpaca: fieldsLayout(['instruction', 'input'], 'output'),
  instruction_response: fieldsLayout(['instruction', 'context'], 'response'),
  ...Object.fromEntries(
    PAIR_FORM_NAMES.map((form) => {
      const [asked, answered] = PAIR_FORMS[form];
      return [form, fieldsLayout([asked], answered)];
    }),
  ),
};
