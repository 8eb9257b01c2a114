/** Conversations as a list of rounds, each a question and its answer in one object, as XTuner and Firefly have them. */
import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { checkTurns } from '../formats/fields.ts';
import { type Example, type ExampleTurn, questionAndAnswer } from './example.ts';
import {
  type Form,
  type FormReading,
  firstIn,
  has,
  noteUnused,
  SYSTEM_FIELDS,
  systemIn,
  textIn,
} from './form.ts';

/** What the list is called. */
const LISTS = [
  'conversation',
  'conversations',
  'dialogue',
  'dialog',
  'turns',
  'rounds',
  'chat',
  'messages',
] as const;
/** What the two of a round are called. */
const NAMES: readonly (readonly [asked: string, answered: string])[] = Object.values(PAIR_FORMS);
/** What a message has, which says one thing alone. */
const OF_MESSAGE = ['role', 'from', 'content', 'value', 'author'] as const;

function namesIn(round: ParsedObject): readonly [asked: string, answered: string] | undefined {
  return OF_MESSAGE.some((field) => has(round, field))
    ? undefined
    : NAMES.find((names) => has(round, ...names));
}

const listIn = (record: ParsedObject) =>
  LISTS.find((list) => has(record, list) && namesIn(firstIn(record[list])) !== undefined);

/** `{"conversation": [{"system"?, "input", "output"}]}`, or the two by other names. */
export const ROUNDS: Form = {
  path: 'conversation',
  matches: (record) => listIn(record) !== undefined,
  read(record, reading) {
    const list = listIn(record) ?? 'conversation';
    const names = namesIn(firstIn(record[list])) ?? ['input', 'output'];
    const rounds = checkTurns(record, list, reading.report)?.map((round, at) =>
      readRound(round, names, { ...reading, path: `${list}[${at}]` }),
    );
    const sound = rounds?.filter((round) => round !== undefined);
    if (rounds === undefined || sound === undefined || sound.length < rounds.length) return undefined;
    noteUnused(record, [list, ...SYSTEM_FIELDS], reading);
    const within = sound.flatMap(({ system }) => system);
    const system = [...(systemIn(record, SYSTEM_FIELDS) ?? []), ...within];
    return {
      system: system.length > 0 ? system : undefined,
      isSystemMoved: sound.slice(1).some((round) => round.system.length > 0) || undefined,
      turns: sound.flatMap(({ turns }) => turns),
    };
  },
};

interface Round {
  system: readonly string[];
  turns: ExampleTurn[];
}

function readRound(
  round: unknown,
  [asked, answered]: readonly [string, string],
  reading: FormReading & { path: string },
): Round | undefined {
  const { path, report } = reading;
  if (!isObject(round)) {
    report('field_wrong_type', { expected: 'an object', type: typeName(round) }, { path });
    return undefined;
  }
  const question = textIn(round, asked, { report, path: `${path}.${asked}` });
  const answer = textIn(round, answered, { report, path: `${path}.${answered}` });
  if (question === undefined || answer === undefined) return undefined;
  noteUnused(round, [asked, answered, ...SYSTEM_FIELDS], reading, `${path.slice(0, path.indexOf('['))}[].`);
  const system: Example['system'] = systemIn(round, SYSTEM_FIELDS);
  return { system: system ?? [], turns: questionAndAnswer([question], answer) };
}
