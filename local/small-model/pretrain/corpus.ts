import type { Random } from '../math/random.ts';
import type { TuningExample } from '../text/sequence.ts';
import { pythonFunction } from './code.ts';
import { factSheet } from './facts.ts';
import type { Meaning } from './wordnet.ts';

/** Reading tasks without end, drawn from WordNet's glosses and from invented facts. */
export interface Corpus {
  draw(random: Random): TuningExample;
}

interface Task {
  prompt: string;
  answer: string;
}

/** A kind with fewer members than this says too little about a text to be asked for. */
const SMALLEST_KIND = 12;

type TaskMaker = (random: Random) => Task;

export function createCorpus(meanings: readonly Meaning[]): Corpus {
  const used = meanings.filter(({ uses }) => uses.length > 0);
  const tasks: { share: number; make: TaskMaker }[] = [
    { share: 30, make: classifying(meanings) },
    { share: 24, make: matchingWords(used) },
    { share: 10, make: findingWords(meanings) },
    { share: 10, make: readingLists(meanings) },
    { share: 4, make: defining(meanings) },
    { share: 2, make: usingWords(used) },
    { share: 4, make: repeating(used) },
    { share: 13, make: factSheet },
    { share: 3, make: pythonFunction },
  ];
  const bag = tasks.flatMap(({ share, make }) => new Array<TaskMaker>(share).fill(make));
  return {
    draw(random) {
      const { prompt, answer } = random.pick(bag)(random);
      return {
        segments: [
          { text: prompt, isTarget: false },
          { text: answer, isTarget: true },
        ],
      };
    },
  };
}

function classifying(meanings: readonly Meaning[]): TaskMaker {
  const members = Map.groupBy(
    meanings.filter(({ kind }) => kind !== ''),
    ({ kind }) => kind,
  );
  const kinds = [...members].filter(([, of]) => of.length >= SMALLEST_KIND);
  return (random) => {
    const chosen = drawDistinct(random, 2 + random.below(8), () => random.pick(kinds));
    const [label, of] = random.pick(chosen);
    const style = random.pick(LABEL_STYLES);
    const { word, definition, uses } = random.pick(of);
    const text = random.pick([definition, `${word}: ${definition}`, [definition, ...uses].join('. ')]);
    return {
      prompt: ask(random, { labels: chosen.map(([kind]) => style(kind)), text }),
      answer: style(label),
    };
  };
}

const matchingWords =
  (used: readonly Meaning[]): TaskMaker =>
  (random) => {
    const chosen = drawDistinct(random, 2 + random.below(8), () => random.pick(used));
    const style = random.pick(LABEL_STYLES);
    const labels = chosen.map((meaning) => style(keyWords(random, random.pick(meaning.uses))));
    const asked = random.below(chosen.length);
    const text = sentence(chosen[asked]?.uses[0] ?? '');
    const keyed = style(keyWords(random, text));
    return { prompt: ask(random, { labels: labels.with(asked, keyed), text }), answer: keyed };
  };

const findingWords =
  (meanings: readonly Meaning[]): TaskMaker =>
  (random) => {
    const chosen = drawDistinct(random, 2 + random.below(6), () => random.pick(meanings));
    const { word, definition } = random.pick(chosen);
    return { prompt: ask(random, { labels: chosen.map((one) => one.word), text: definition }), answer: word };
  };

const readingLists =
  (meanings: readonly Meaning[]): TaskMaker =>
  (random) => {
    const chosen = drawDistinct(random, 2 + random.below(3), () => random.pick(meanings));
    const { word, definition } = random.pick(chosen);
    const lines = chosen.map((one) => `${one.word}: ${one.definition}`).join('\n');
    return random.below(2) === 0
      ? { prompt: `${lines}\nWhat is ${word}?`, answer: definition }
      : { prompt: `${lines}\nWhich is ${definition}?`, answer: word };
  };

const defining =
  (meanings: readonly Meaning[]): TaskMaker =>
  (random) => {
    const { word, definition } = random.pick(meanings);
    return { prompt: random.pick([`Define: ${word}`, `What is ${word}?`, `${word}:`]), answer: definition };
  };

const usingWords =
  (used: readonly Meaning[]): TaskMaker =>
  (random) => {
    const { word, definition, uses } = random.pick(used);
    return { prompt: `Use "${word}" (${definition}) in a sentence.`, answer: sentence(random.pick(uses)) };
  };

const repeating =
  (used: readonly Meaning[]): TaskMaker =>
  (random) => {
    const text = sentence(random.pick(random.pick(used).uses));
    return { prompt: random.pick([`Repeat: ${text}`, `${text}\nSay that again.`]), answer: text };
  };

const LABEL_STYLES: ((label: string) => string)[] = [
  (label) => label,
  (label) => label.replaceAll(' ', '_').toLowerCase(),
  (label) => label.replace(/(?<![\p{L}'])\p{L}/gu, (letter) => letter.toUpperCase()),
  (label) => label.toUpperCase(),
];

const ORDERS = ['Classify', 'Sort', 'Put', 'Label'];
const THINGS = ['text', 'sentence', 'record', 'message', 'note', 'description'];
const GROUPS = ['one of the following classes', 'one of these', 'one of the following', 'one of the groups'];

/** The labels to choose from and the text, in one of many wordings. */
function ask(random: Random, { labels, text }: { labels: string[]; text: string }): string {
  const thing = random.pick(THINGS);
  const title = thing.slice(0, 1).toUpperCase() + thing.slice(1);
  const listed = random.pick([`[${labels.join(', ')}]`, labels.join(', '), `\n- ${labels.join('\n- ')}`]);
  return random.pick([
    `${random.pick(ORDERS)} the ${thing} into ${random.pick(GROUPS)}: ${listed}\n${title}: ${text}`,
    `What is this ${thing} about? ${listed}\n${title}: ${text}`,
    `${title}: ${text}\nChoose from: ${listed}`,
  ]);
}

const SHORT_WORD = 3;

/** Two or three longer words of the sentence, in its order. */
function keyWords(random: Random, text: string): string {
  const words = text.split(/[^\p{L}]+/u).filter((word) => word.length > SHORT_WORD);
  const from = random.below(Math.max(1, words.length - 1));
  return words.slice(from, from + 2 + random.below(2)).join(' ') || 'other';
}

function sentence(text: string): string {
  const begun = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

function drawDistinct<T>(random: Random, count: number, draw: () => T): T[] {
  const drawn = new Set(Array.from({ length: count }, draw));
  return random.shuffle([...drawn]);
}
