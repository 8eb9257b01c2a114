/** Answers that a program wrote where it had none. */
import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import { speakerFound } from '../../issues/speakers.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { isObject } from '../../json/values.ts';

const PLACEHOLDERS: ReadonlySet<unknown> = new Set([
  ...['nan', 'NaN', 'None', 'null', 'NULL', 'undefined', '#N/A', '<NA>', '[object Object]'],
  // What data bases, spreadsheets, forums and messengers write.
  ...['\\N', '(null)', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '[deleted]', '[removed]', '[REDACTED]'],
  ...['<Media omitted>', '<no value>'],
]);

/** How each of them stands in JSON, with its quotes: of these there are few, so that the search for one stops rarely. */
export const PLACEHOLDER_MARKS: readonly string[] = Array.from(PLACEHOLDERS, (text) => JSON.stringify(text));

/** Fields that hold what the model is to answer. */
const ANSWERS: ReadonlySet<string> = new Set([
  ...['output_text', 'completion', 'output', 'response', 'chosen', 'rejected'],
  ...Object.values(PAIR_FORMS).map(([, answer]) => answer),
]);
const SPEAKERS = ['role', 'author', 'from'];
/** Fields that hold what is said in a turn. */
const SAID: ReadonlySet<string> = new Set(['content', 'value', 'parts', 'text']);

/** Whether an answer of the example is none; a question may be anything, and fields that nobody uses, too. */
export const hasPlaceholder = (line: string): boolean => holdsPlaceholder(parsedOrNot(line), false);

/** A loop would need no less: an example is no deeper than is allowed. */
function holdsPlaceholder(value: unknown, isAnswer: boolean): boolean {
  if (Array.isArray(value)) return value.some((one) => holdsPlaceholder(one, isAnswer));
  if (!isObject(value)) return isAnswer && PLACEHOLDERS.has(value);
  const speaker = SPEAKERS.find((name) => Object.hasOwn(value, name));
  const isModel = speaker !== undefined && speakerFound(value[speaker], { model: 'model' }).write === 'model';
  return Object.entries(value).some(([name, inner]) =>
    holdsPlaceholder(inner, isAnswerIn(name, { isAnswer, isModel, isTurn: speaker !== undefined })),
  );
}

function isAnswerIn(
  name: string,
  { isAnswer, isModel, isTurn }: Record<'isAnswer' | 'isModel' | 'isTurn', boolean>,
) {
  if (isTurn) return isModel && SAID.has(name);
  return isAnswer ? SAID.has(name) : ANSWERS.has(name);
}
