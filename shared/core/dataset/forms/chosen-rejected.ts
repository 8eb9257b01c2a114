/** A better and a worse answer, beside what they answer or behind it. */
import type { TemplateName } from '../../issues/templates.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { checkTextValue } from '../formats/fields.ts';
import { isSaid, readConversation } from './conversations.ts';
import { type Example, type ExampleTurn, textPart } from './example.ts';
import {
  type Form,
  type FormReading,
  fieldIn,
  firstIn,
  has,
  noteUnused,
  SYSTEM_FIELDS,
  systemIn,
} from './form.ts';
import { offTemplate } from './marked.ts';
import { readChat } from './openai.ts';
import { dialogueTemplateOf, readMarked } from './templates.ts';

/** What people call what both answers are to. */
const ASKED = [
  ...['prompt', 'question', 'query', 'instruction', 'input', 'conversations', 'conversation', 'messages'],
] as const;
const SIDES = ['chosen', 'rejected'] as const;

/**
 * `{"prompt", "chosen", "rejected"}`: texts, or lists of messages that may begin with the prompt; without a prompt also whole dialogues
 * by a template, as in Anthropic's data.
 */
export const CHOSEN_REJECTED: Form = {
  path: 'chosen',
  isPair: true,
  isMarked: (record) => !ASKED.some((field) => has(record, field)),
  matches: (record) => has(record, ...SIDES),
  read(record, reading) {
    const asked = fieldIn(record, ASKED);
    const prompt = asked === undefined ? { turns: [] } : readSide(record, asked, reading);
    const template = asked === undefined ? templateIn(record) : undefined;
    const [chosen, rejected] = SIDES.map((side) =>
      template === undefined
        ? readSide(record, side, reading)
        : readWhole(record, side, { ...reading, template }),
    );
    if (!prompt || !chosen || !rejected) return undefined;
    const better = chosen.turns.at(-1);
    const worse = rejected.turns.at(-1);
    const before = chosen.turns.length > 1 ? chosen : prompt;
    const turns = chosen.turns.length > 1 ? chosen.turns.slice(0, -1) : prompt.turns;
    if (better === undefined || worse === undefined || turns.length === 0) {
      reading.report('field_missing', { field: 'prompt' }, { path: 'prompt' });
      return undefined;
    }
    const open = SIDES.find((_side, index) => isOpen(index === 0 ? chosen : rejected));
    if (open) reading.report('last_turn_not_model', {}, { path: open });
    if (open) return undefined;
    if (rejected.turns.length > 1 && !isSame(rejected, { ...before, turns })) {
      reading.report('preference_prompts_differ', {}, { path: 'rejected' });
      return undefined;
    }
    const same = REPEATED.filter((field) => isChosen(record, field));
    noteUnused(record, [asked ?? 'prompt', ...SIDES, ...SCORES, ...same, ...SYSTEM_FIELDS], reading);
    const system = before.system ?? prompt.system ?? systemIn(record, SYSTEM_FIELDS);
    const { isSystemMoved } = before;
    return { system, isSystemMoved, turns, pair: { better: asAnswer(better), worse: asAnswer(worse) } };
  },
};

/** What argues for the names of the sides, which say already which one is the better. */
const SCORES = [
  ...['score_chosen', 'score_rejected', 'chosen_score', 'rejected_score'],
  ...['chosen-rating', 'rejected-rating', 'chosen_rating', 'rejected_rating'],
];
/** UltraFeedback has the better side once more, for those who tune on answers. */
const REPEATED = ['messages'];
const isChosen = (record: ParsedObject, field: string) =>
  JSON.stringify(record[field]) === JSON.stringify(record.chosen);

const asAnswer = (turn: ExampleTurn): ExampleTurn => ({ ...turn, role: 'model' });

/** Whether a whole conversation ends with the user. */
const isOpen = ({ turns }: Example) => turns.length > 1 && turns.at(-1)?.role === 'user';

/** Whether what is before the last turn is what was asked; of a side that has it the other may have the answer alone. */
const isSame = ({ system, turns }: Example, asked: Example) =>
  JSON.stringify([system ?? [], turns.slice(0, -1)]) === JSON.stringify([asked.system ?? [], asked.turns]);

/** A list of messages or a text, as the side of a preference. */
function readSide(record: ParsedObject, field: string, reading: FormReading): Example | undefined {
  const given = record[field];
  // LLaMA-Factory has the answer as a message alone.
  const value = isObject(given) ? [given] : given;
  if (Array.isArray(value) && isSaid(firstIn(value), 'conversations') && !has(firstIn(value), 'role'))
    return readConversation({ [field]: value }, field, reading);
  if (Array.isArray(value)) return readChat({ messages: value }, reading);
  if (!checkTextValue(value, field, reading.report)) return undefined;
  return { turns: [{ role: 'user', parts: [textPart(value)] }] };
}

/** The template that one of the sides shows. */
const templateIn = (record: ParsedObject) =>
  SIDES.map((side) => record[side])
    .map((text) => (typeof text === 'string' ? dialogueTemplateOf(text) : undefined))
    .find((template) => template !== undefined);

/** The same where the text is the dialogue from its beginning. */
function readWhole(
  record: ParsedObject,
  field: string,
  { template, ...reading }: FormReading & { template: TemplateName },
): Example | undefined {
  const text = record[field];
  if (typeof text !== 'string') return readSide(record, field, reading);
  return readMarked(text, template) ?? offTemplate({ text, template, field }, reading);
}
