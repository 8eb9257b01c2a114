/** Two answers to a question, with what says beside them which one is the better: the rows of SHP, WebGPT and Chatbot Arena. */
import { isObject, type ParsedObject } from '../../json/values.ts';
import { checkTextValue } from '../formats/fields.ts';
import { type ExampleTurn, textPart } from './example.ts';
import { type Form, has, noteUnused, SYSTEM_FIELDS, systemIn } from './form.ts';
import { readSidesOf, sidesOf } from './two-sides.ts';

interface Comparison {
  asked: string;
  answers: readonly [first: string, second: string];
  /** What says which one is the better, or notes how that came about. */
  notes: readonly string[];
  /** The place of the better one; undefined where nothing says that. */
  better(record: ParsedObject): number | undefined;
  expected: string;
  /** What jq keeps, where the others are to be removed. */
  decided: string;
}

const SHP: Comparison = {
  ...{ asked: 'history', answers: ['human_ref_A', 'human_ref_B'], expected: '1 for "human_ref_A", or 0' },
  notes: [
    ...['labels', 'post_id', 'domain', 'upvote_ratio', 'score_A', 'score_B', 'score_ratio'],
    ...['c_root_id_A', 'c_root_id_B', 'created_at_utc_A', 'created_at_utc_B', 'seconds_difference'],
  ],
  decided: '.labels == 0 or .labels == 1',
  better: ({ labels }) => (labels === 1 ? 0 : labels === 0 ? 1 : undefined),
};

const WEBGPT: Comparison = {
  ...{ asked: 'question', answers: ['answer_0', 'answer_1'], expected: 'two scores that differ' },
  notes: ['score_0', 'score_1', 'tokens_0', 'tokens_1'],
  decided: '.score_0 != .score_1',
  better: ({ score_0: first, score_1: second }) =>
    typeof first !== 'number' || typeof second !== 'number' || first === second
      ? undefined
      : Number(first < second),
};

const comparisonOf = (record: ParsedObject) =>
  [SHP, WEBGPT].find(({ asked, answers, notes: [note = ''] }) => has(record, asked, ...answers, note));

/** `{"history", "human_ref_A", "human_ref_B", "labels"}`, and the like. */
export const COMPARED: Form = {
  path: 'history',
  isPair: true,
  matches: (record) => comparisonOf(record) !== undefined || sidesOf(record) !== undefined,
  read(record, reading) {
    const named = sidesOf(record);
    if (named) return readSidesOf(record, named, reading);
    const comparison = comparisonOf(record) ?? SHP;
    const { asked, answers, notes, expected, decided } = comparison;
    const given = record[asked];
    // WebGPT's question says where it is from, too.
    const question = isObject(given) ? given.full_text : given;
    const said = [question, ...answers.map((field) => record[field])];
    const sound = said.filter((text, at): text is string =>
      checkTextValue(text, [asked, ...answers][at] ?? asked, reading.report),
    );
    const place = comparison.better(record);
    if (place === undefined) {
      const path = notes[0] ?? asked;
      reading.report('preference_undecided', { expected, decided }, { path });
    }
    const [text, ...sides] = sound.map(textPart);
    if (text === undefined || sides.length < 2 || place === undefined) return undefined;
    noteUnused(record, [asked, ...answers, ...notes, ...SYSTEM_FIELDS], reading);
    const turns = sides.map((part): ExampleTurn => ({ role: 'model', parts: [part] }));
    const [better, worse] = place === 0 ? turns : turns.toReversed();
    if (better === undefined || worse === undefined) return undefined;
    return {
      system: systemIn(record, SYSTEM_FIELDS),
      turns: [{ role: 'user', parts: [text] }],
      pair: { better, worse },
    };
  },
};
