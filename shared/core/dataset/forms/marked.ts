/** Dialogues that stand in one text, with the marks of a template between what is said. */
import type { TemplateName } from '../../issues/templates.ts';
import type { ParsedObject } from '../../json/values.ts';
import type { Form, FormReading } from './form.ts';
import { noteUnused, SYSTEM_FIELDS, systemIn, textIn } from './form.ts';
import { areMarksWords, hasQuotedMarks, readMarked, seemsMarked } from './templates.ts';

/** What people call the field that holds the whole; the first that a record has counts. */
const FIELDS = ['text', 'content', 'prompt', 'conversation', 'dialogue', 'dialog', 'chat'] as const;

const fieldIn = (record: ParsedObject) =>
  FIELDS.find((field) => typeof record[field] === 'string') ?? FIELDS[0];

/** Reports a text that is not read by its template. */
export function offTemplate(
  { text, template, field }: { text: string; template: TemplateName; field: string },
  { report }: Pick<FormReading, 'report'>,
): undefined {
  const areQuoted = hasQuotedMarks(text, template) || undefined;
  report('text_off_template', { template, areQuoted }, { path: field });
}

/** A row for a template. */
export function markedForm(template: TemplateName): Form {
  return {
    path: FIELDS[0],
    isByTexts: true,
    hasWordsAsMarks: areMarksWords(template),
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
      if (dialogue === undefined) return offTemplate({ text, template, field }, reading);
      noteUnused(record, [field, ...SYSTEM_FIELDS], reading);
      const { turns, hasThoughts } = dialogue;
      const system = [...(systemIn(record, SYSTEM_FIELDS) ?? []), ...dialogue.system];
      return { system: system.length > 0 ? system : undefined, turns, hasThoughts };
    },
  };
}
