/** Questions on a text, with answers from it: SQuAD's rows. */
import { isObject, type ParsedObject } from '../../json/values.ts';
import { checkTextValue } from '../formats/fields.ts';
import { questionAndAnswer } from './example.ts';
import { type Form, has, noteUnused, SYSTEM_FIELDS, systemIn, textIn } from './form.ts';

/** `{"context", "question", "answers": {"text": ["…"], "answer_start"}}`: the text and the question are two paragraphs of what is asked. */
export const SQUAD: Form = {
  path: 'question',
  matches: (record) => has(record, 'context', 'question') && textsIn(record) !== undefined,
  read(record, reading) {
    const context = textIn(record, 'context', reading);
    const question = textIn(record, 'question', reading);
    const texts = [...new Set(textsIn(record))];
    const [answer = ''] = texts;
    const isSound = checkTextValue(answer, 'answers.text', reading.report);
    if (context === undefined || question === undefined || !isSound) return undefined;
    noteUnused(record, ['context', 'question', 'answers', 'title', ...SYSTEM_FIELDS], reading);
    return {
      system: systemIn(record, SYSTEM_FIELDS),
      turns: questionAndAnswer([context, question], answer),
      hasOtherAnswers: texts.length > 1 || undefined,
    };
  },
};

function textsIn({ answers }: ParsedObject): unknown[] | undefined {
  return isObject(answers) && Array.isArray(answers.text) ? answers.text : undefined;
}
