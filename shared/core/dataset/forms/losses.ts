import type { Loss, LossCount } from '../../issues/conversion.ts';
import type { FileProgress } from '../lines/progress.ts';
import { type Example, type ExamplePart, type ExampleTurn, joined, textPart } from './example.ts';
import { hasOtherWords, withKnownWords } from './tools.ts';

/** What an example may have that not every form has a place for. */
export type Trait = Exclude<Loss, 'fields'>;

interface TraitRow {
  trait: Trait;
  isIn(example: Example): boolean;
  /** The example without it; undefined where nothing of it is left to learn from. */
  without(example: Example): Example | undefined;
  /** The field that says so, where one does. */
  field?(example: Example): string | undefined;
}

const isImage = (part: ExamplePart) => part.kind === 'file' && part.mimeType.startsWith('image/');
const isOtherFile = (part: ExamplePart) => part.kind === 'file' && !isImage(part);
const isUnread = ({ kind }: ExamplePart) => kind === 'unread';
const isOfCall = ({ kind }: ExamplePart) => kind === 'call' || kind === 'response';

const allTurns = ({ turns, pair }: Example): readonly ExampleTurn[] =>
  pair ? [...turns, pair.better, pair.worse] : turns;

const hasPart = (is: (part: ExamplePart) => boolean) => (example: Example) =>
  allTurns(example).some(({ parts }) => parts.some(is));

const isSingle = ({ turns, pair }: Example) => {
  const roles = [...turns, ...(pair ? [pair.better] : [])].map(({ role }) => role);
  return roles.length === 2 && roles[0] === 'user' && roles[1] === 'model';
};

const leftOut = () => undefined;

/** In the order in which they are taken out: what leaves an example out comes before what only changes it. */
const TRAITS: readonly TraitRow[] = [
  {
    trait: 'pair',
    isIn: ({ pair }) => pair !== undefined,
    without: ({ pair, turns, ...rest }) => ({ ...rest, turns: pair ? [...turns, pair.better] : turns }),
  },
  {
    trait: 'unwanted',
    isIn: ({ unwantedBy }) => unwantedBy !== undefined,
    without: leftOut,
    field: ({ unwantedBy }) => unwantedBy,
  },
  {
    trait: 'unread',
    isIn: (example) => example.fileBeside !== undefined || hasPart(isUnread)(example),
    without: leftOut,
    field: ({ fileBeside }) => fileBeside,
  },
  { trait: 'images', isIn: hasPart(isImage), without: leftOut },
  { trait: 'files', isIn: hasPart(isOtherFile), without: leftOut },
  { trait: 'calls', isIn: hasPart(isOfCall), without: withoutCalls },
  { trait: 'tools', isIn: ({ tools }) => tools !== undefined, without: ({ tools, ...rest }) => rest },
  {
    trait: 'schema',
    isIn: ({ tools = [] }) => tools.some(({ parameters }) => parameters && hasOtherWords(parameters)),
    without: ({ tools, ...rest }) => ({
      ...rest,
      tools: tools?.map(({ parameters, ...tool }) => ({
        ...tool,
        parameters: parameters && withKnownWords(parameters),
      })),
    }),
  },
  {
    trait: 'thoughts',
    isIn: ({ hasThoughts }) => hasThoughts === true,
    without: ({ hasThoughts, ...rest }) => rest,
  },
  {
    trait: 'others',
    isIn: ({ hasOtherAnswers }) => hasOtherAnswers === true,
    without: ({ hasOtherAnswers, ...rest }) => rest,
  },
  {
    trait: 'moved',
    isIn: ({ isSystemMoved }) => isSystemMoved === true,
    without: ({ isSystemMoved, ...rest }) => rest,
  },
  {
    trait: 'system',
    isIn: ({ system = [] }) => system.length > 0,
    without: ({ system = [], turns, ...rest }) => ({ ...rest, turns: withBeginning(turns, joined(system)) }),
  },
  { trait: 'turns', isIn: (example) => !isSingle(example), without: leftOut },
  {
    trait: 'weights',
    isIn: (example) => allTurns(example).some(({ weight }) => weight !== undefined),
    without: (example) => mapTurns(example, ({ weight, ...turn }) => turn),
  },
  {
    trait: 'names',
    isIn: (example) => allTurns(example).some(({ name }) => name !== undefined),
    without: (example) => mapTurns(example, ({ name, ...turn }) => turn),
  },
];

function mapTurns({ turns, pair, ...rest }: Example, map: (turn: ExampleTurn) => ExampleTurn): Example {
  const mapped = { ...rest, turns: turns.map(map) };
  return pair ? { ...mapped, pair: { better: map(pair.better), worse: map(pair.worse) } } : mapped;
}

/** The turns that say something besides. An example that ends with a call has no answer left. */
function withoutCalls(example: Example): Example | undefined {
  const isAnswered = (turn: ExampleTurn | undefined) => turn?.parts.some((part) => !isOfCall(part)) === true;
  const { pair, turns } = example;
  const answers = pair ? [pair.better, pair.worse] : [turns.at(-1)];
  if (!answers.every(isAnswered)) return undefined;
  const spoken = { ...example, turns: turns.filter(isAnswered) };
  return mapTurns(spoken, (turn) => ({ ...turn, parts: turn.parts.filter((part) => !isOfCall(part)) }));
}

function withBeginning(turns: readonly ExampleTurn[], text: string): readonly ExampleTurn[] {
  const [first, ...more] = turns;
  return first ? [{ ...first, parts: [textPart(text), ...first.parts] }, ...more] : turns;
}

/** The example with what there is a place for; undefined where it is left out. */
export function fitExample(
  example: Example,
  taken: ReadonlySet<Trait>,
  onLoss: (loss: Trait, field?: string) => void,
): Example | undefined {
  let fitted: Example | undefined = example;
  for (const { trait, isIn, without, field } of TRAITS) {
    if (taken.has(trait) || !isIn(fitted)) continue;
    onLoss(trait, field?.(fitted));
    fitted = without(fitted);
    if (fitted === undefined) return undefined;
  }
  return fitted;
}

/** Counts what a conversion loses. */
export interface LossTally {
  /** Something is lost of the example that is read; `field` is its name as it may be shown. */
  add(loss: Loss, field?: string): void;
  /** A field that is lost is told as something else. */
  leaveOut(field: string): void;
  losses(): LossCount[];
}

const NAMED_FIELDS = 10;

/** Makes an empty tally. */
export function createLossTally(progress: FileProgress): LossTally {
  const counts = new Map<Loss, LossCount & { lastExample: number; fields: string[] }>();
  return {
    add(loss, name) {
      const { line, record, examples: example } = progress;
      const count = counts.get(loss) ?? {
        ...{ loss, examples: 0, firstLine: line, firstRecord: record || undefined },
        ...{ fields: [], lastExample: 0 },
      };
      counts.set(loss, count);
      if (count.lastExample !== example) count.examples += 1;
      count.lastExample = example;
      const isNew = name !== undefined && count.fields.length < NAMED_FIELDS && !count.fields.includes(name);
      if (isNew) count.fields.push(name);
    },
    leaveOut(field) {
      const count = counts.get('fields');
      if (count) count.fields = count.fields.filter((name) => name !== field);
      if (count?.fields.length === 0) counts.delete('fields');
    },
    losses: () =>
      [...counts.values()].map(({ lastExample, fields, ...count }) =>
        fields.length > 0 ? { ...count, fields } : count,
      ),
  };
}
