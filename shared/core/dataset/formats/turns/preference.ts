/** Examples of preference tuning: `{"contents": [...], "completions": [{"score": 1, "completion"}, {"score": 0, "completion"}]}`. */
import { speakerFound } from '../../../issues/speakers.ts';
import { countKeys, isObject, type ParsedObject } from '../../../json/values.ts';
import type { Reporter } from '../../lines/reporter.ts';
import { createSharedInstruction } from '../../tallies/shared-instruction.ts';
import { type ExampleChecker, type ExampleTools, PLAIN_DEPTH } from '../example-checker.ts';
import { checkList } from '../fields.ts';
import { instructionOf, readTurns } from './contents.ts';
import { createTurnMeasure } from './measure.ts';
import { notePartFields, readParts } from './parts.ts';

const KNOWN = ['contents', 'completions', 'systemInstruction', 'system_instruction'];

/** Makes the checker of one data set. */
export function createPreferenceChecker(tools: ExampleTools): ExampleChecker {
  const { report, progress, extras } = tools;
  const measure = createTurnMeasure(tools.measures, { progress, path: 'contents', beginningBytes: 4 });
  const shared = createSharedInstruction();

  return {
    isExpectedFormat: ({ contents, completions }) => Array.isArray(contents) && Array.isArray(completions),
    check(example) {
      const read = readTurns(example, report);
      const { system, turns, files, areSound } = read;
      if (read.firstThought) report('part_thought', {}, { path: read.firstThought });
      if (read.areSound) notePartFields(example, extras);
      if (files.length > 0) report('preference_not_text', {}, { path: 'contents' });
      const completions = readCompletions(example, report);
      if (areSound && completions && checkLastUser(turns, report)) {
        const asked = turns.flatMap(({ texts }) => texts);
        measure.add({ input: [...system, ...asked], output: completions });
        shared.add(...instructionOf(read));
      }
      if (Object.keys(example).some((key) => !KNOWN.includes(key))) extras.note(example, KNOWN);
      return countKeys(example, PLAIN_DEPTH) ?? 'unknown';
    },
    statistics: () => ({ sharedInstruction: shared.summary() }),
    reportWhole: () => {},
  };
}

function checkLastUser(turns: readonly { role: string }[], report: Reporter): boolean {
  const last = turns.length - 1;
  if (turns[last]?.role === 'user') return true;
  report('last_turn_not_user', {}, { path: `contents[${last}].role` });
  return false;
}

/** The texts of both completions, the better one first; undefined where they are not two with the scores 1 and 0. */
export function readCompletions(example: ParsedObject, report: Reporter): string[] | undefined {
  const path = 'completions';
  const completions = checkList(example, path, report);
  if (!completions) return undefined;
  const scores = completions.map((one) => (isObject(one) ? one.score : undefined));
  const isPair = completions.length === 2 && scores.includes(1) && scores.includes(0);
  if (!isPair) {
    report('completions_not_a_pair', { count: completions.length }, { path });
    return undefined;
  }
  const texts = completions.map((one, index) => readCompletion(one, `${path}[${index}].completion`, report));
  if (texts.some((text) => text === undefined)) return undefined;
  const [first = '', second = ''] = texts.map((text) => text ?? '');
  if (first === second) report('completions_alike', {}, { path });
  return scores[0] === 1 ? [first, second] : [second, first];
}

function readCompletion(one: unknown, path: string, report: Reporter): string | undefined {
  const completion = isObject(one) ? one.completion : undefined;
  if (!isObject(completion)) {
    report('field_missing', { field: 'completion' }, { path });
    return undefined;
  }
  if (completion.role !== 'model') {
    const found = speakerFound(completion.role, { model: 'model', user: 'model' });
    report('role_unknown', { ...found, allowed: '"model"' }, { path: `${path}.role` });
    return undefined;
  }
  const { texts, files, firstThought, areSound } = readParts(completion.parts, `${path}.parts`, report);
  if (firstThought) report('part_thought', {}, { path: firstThought });
  if (files.length > 0) report('preference_not_text', {}, { path });
  return areSound && files.length === 0 ? texts.join('') : undefined;
}
