/** Where the texts of an example are in the lines of a form. */
import { BOOKKEEPING } from '../../issues/bookkeeping.ts';
import type { LineShape, ShapeValue, ValueRoles } from './tokens.ts';
import type { TurnsLayout, TurnsShape } from './turns.ts';

type Speaker = 'system' | 'user' | 'model';

const pathOf = (...path: readonly (string | 0)[]) => JSON.stringify(path);

const isText = ({ role }: ShapeValue) => role !== 'fixed';

/** Whether a line has values that nothing is known of. */
const hasOthers = ({ tokens }: LineShape) =>
  tokens.some(({ kind }) => kind === 'skipped' || kind === 'scalar');

/** What may stand beside any example. */
const BESIDE: ValueRoles = Object.fromEntries(BOOKKEEPING.map((field) => [pathOf(field), 'unused']));

interface ListOptions {
  list: string;
  /** Where in a turn it stands who speaks, and where what is said. */
  speaker: readonly string[];
  text: readonly (string | 0)[];
  speakers: Readonly<Record<string, Speaker>>;
  /** Where a system instruction stands beside the list, of which an example has one at most, and who says that. */
  systems?: readonly { text: readonly (string | 0)[]; speaker?: readonly string[] }[];
}

/** How many keys lead to a value. */
const keysTo = (path: readonly (string | 0)[]) => path.filter((step) => step !== 0).length;

/** A list of turns, each with one text. */
export function listLayout({ list, speaker, text, speakers, systems = [] }: ListOptions): TurnsLayout {
  const speakerPath = pathOf(list, 0, ...speaker);
  const textPath = pathOf(list, 0, ...text);
  const systemTexts = systems.map((one) => pathOf(...one.text));
  const systemSpeakers = systems.flatMap((one) => (one.speaker ? [pathOf(...one.speaker)] : []));
  const keysOfTurn = keysTo(speaker) + keysTo(text);
  const keysOfSystem = keysTo(systems[0]?.text ?? []);

  /** Who says which text; undefined where a turn has not one of each, or a speaker whom this layout does not know. */
  function turnsOf(values: readonly ShapeValue[]): { speaker: Speaker; text: number }[] | undefined {
    const texts = values.filter(isText);
    const ofTurns = values.filter(({ path }) => path === speakerPath || path === textPath);
    const turns = ofTurns.flatMap((one, index) => {
      const other = ofTurns[index + 1];
      if (index % 2 !== 0 || other?.path === one.path) return [];
      const [who, what] = one.path === speakerPath ? [one, other] : [other, one];
      const name = who?.value ?? '';
      const known = Object.hasOwn(speakers, name) ? speakers[name] : undefined;
      return known && what && isText(what) ? { speaker: known, text: texts.indexOf(what) } : [];
    });
    return turns.length * 2 === ofTurns.length ? turns : undefined;
  }

  return {
    roles: Object.fromEntries([
      ...Object.entries(BESIDE),
      ...[speakerPath, ...systemSpeakers].map((path) => [path, 'fixed'] as const),
      ...[textPath, ...systemTexts].map((path) => [path, 'text'] as const),
    ]),
    shapeOf(line) {
      const turns = turnsOf(line.values);
      const beside = line.values.filter(isText).findIndex(({ path }) => systemTexts.includes(path));
      const spoken = line.values.filter(({ path }) => systemSpeakers.includes(path)).length;
      const ofSystem = beside === -1 ? 0 : keysOfSystem + spoken;
      if (!turns || hasOthers(line)) return undefined;
      if (line.keys !== 1 + keysOfTurn * turns.length + ofSystem + line.unused.length) return undefined;
      const shape = shapeOfTurns(turns, beside === -1 ? undefined : beside);
      return shape && { ...shape, unused: line.unused };
    },
  };
}

function shapeOfTurns(
  turns: readonly { speaker: Speaker; text: number }[],
  beside: number | undefined,
): Omit<TurnsShape, 'unused'> | undefined {
  const [first] = turns;
  const isSystemFirst = beside === undefined && first?.speaker === 'system';
  const system = isSystemFirst ? first.text : beside;
  const said = isSystemFirst ? turns.slice(1) : turns;
  const prompt = said.find(({ speaker }) => speaker === 'user');
  const output = said.at(-1);
  if (said.some(({ speaker }) => speaker === 'system') || !prompt || !output) return undefined;
  const before = said.slice(0, -1).map(({ text }) => text);
  const input = system === undefined ? before : [system, ...before];
  return { system, prompt: [prompt.text], input, output: [output.text] };
}

/** One question, of one or more paragraphs, and its answer, in fields of their own; a paragraph may be empty. */
export function fieldsLayout(asked: readonly string[], answered: string): TurnsLayout {
  const answer = pathOf(answered);
  const paths = [...asked, answered].map((field) => pathOf(field));
  return {
    roles: { ...BESIDE, ...Object.fromEntries(paths.map((path) => [path, 'text'] as const)) },
    shapeOf(line) {
      const texts = line.values.filter(isText).map(({ path }) => path);
      const output = texts.indexOf(answer);
      const input = paths.filter((path) => path !== answer && texts.includes(path));
      const numbers = input.map((path) => texts.indexOf(path));
      const keys = line.values.length + line.unused.length;
      const isOther = hasOthers(line) || line.keys !== keys || texts[0] === undefined;
      if (isOther || output === -1 || input[0] !== paths[0]) return undefined;
      const unused = line.unused;
      return { system: undefined, prompt: numbers, input: numbers, output: [output], unused };
    },
  };
}

const SYSTEMS_OF_GEMINI = ['systemInstruction', 'system_instruction'].map((field) => ({
  text: [field, 'parts', 0, 'text'] as const,
  speaker: [field, 'role'],
}));

/** Gemini's. */
export const CONTENTS_LAYOUT = listLayout({
  list: 'contents',
  speaker: ['role'],
  text: ['parts', 0, 'text'],
  speakers: { user: 'user', function: 'user', model: 'model' },
  systems: SYSTEMS_OF_GEMINI,
});

/** Of open models, and OpenAI's. */
export const CHAT_LAYOUT = listLayout({
  list: 'messages',
  speaker: ['role'],
  text: ['content'],
  speakers: { system: 'system', user: 'user', assistant: 'model' },
});
