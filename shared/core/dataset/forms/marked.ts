/** Dialogues that stand in one text, with the marks of a template between what is said. */
import type { TemplateName } from '../../issues/templates.ts';
import type { ParsedObject } from '../../json/values.ts';
import type { Form } from './form.ts';
import { noteUnused, textIn } from './form.ts';
import { readMarked, seemsMarked } from './templates.ts';

/** What people call the field that holds the whole; the first that a record has counts. */
const FIELDS = ['text', 'content', 'prompt', 'conversation', 'dialogue', 'dialog', 'chat'] as const;

const fieldIn = (record: ParsedObject) =>
  FIELDS.find((field) => typeof record[field] === 'string') ?? FIELDS[0];

/** A row for a template. */
export function markedForm(template: TemplateName): Form {
  return {
    path: FIELDS[0],
    isByTexts: true,
    isMarked: () => true,
    matches(record) {
      const text = record[fieldIn(record)];
      return typeof text === 'string' && seemsMarked(text, template);
    },
    read(record, reading) {
      const field = fieldIn(record);
      const text = textIn(record, field, reading);
      if (text === undefined) return undefined;
      const dialogue = readMarked(text, template);
      if (dialogue === undefined) reading.report('text_off_template', { template }, { path: field });
      if (dialogue === undefined) return undefined;
      noteUnused(record, [field], reading);
      const { system, turns } = dialogue;
      return { system: system.length > 0 ? system : undefined, turns };
    },
  };
}
