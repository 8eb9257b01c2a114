import type { Random } from '../math/random.ts';

/** Invented sheets of facts and a question about one of them: nothing but the sheet can answer it. */

const SYLLABLES = [
  'bar',
  'del',
  'fin',
  'gor',
  'hul',
  'jas',
  'kem',
  'lor',
  'mip',
  'nad',
  'pol',
  'rus',
  'sev',
  'tur',
  'vel',
  'wim',
  'yos',
  'zan',
  'ka',
  'mi',
  'ro',
  'ta',
  'ne',
  'su',
];
const TRADES = [
  'bridge',
  'school',
  'mill',
  'harbour',
  'theatre',
  'company',
  'library',
  'garden',
  'railway',
  'museum',
];
const MATERIALS = ['stone', 'wood', 'glass', 'iron', 'clay', 'brick', 'steel', 'paper', 'silver', 'wool'];

type Fact = { sentence: (value: string) => string; question: string; value: string };

function invent(random: Random): string {
  const syllables = Array.from({ length: 2 + random.below(2) }, () => random.pick(SYLLABLES)).join('');
  return syllables.slice(0, 1).toUpperCase() + syllables.slice(1);
}

/** A sheet, a question and its answer, which is a part of the sheet. */
export function factSheet(random: Random): { prompt: string; answer: string } {
  const name = `${invent(random)} ${random.pick(TRADES)}`;
  const year = () => String(1200 + random.below(820));
  const amount = () => `${1 + random.below(99)} ${random.pick(['thousand', 'million', 'hundred'])}`;
  const all: Fact[] = [
    {
      sentence: (value) => `The ${name} was opened in ${value}.`,
      question: `When was the ${name} opened?`,
      value: year(),
    },
    {
      sentence: (value) => `It was designed by ${value}.`,
      question: `Who designed the ${name}?`,
      value: `${invent(random)} ${invent(random)}`,
    },
    {
      sentence: (value) => `It stands in ${value}.`,
      question: `Where does the ${name} stand?`,
      value: invent(random),
    },
    {
      sentence: (value) => `It is made of ${value}.`,
      question: `What is the ${name} made of?`,
      value: random.pick(MATERIALS),
    },
    {
      sentence: (value) => `About ${value} people visit it every year.`,
      question: `How many people visit the ${name} every year?`,
      value: amount(),
    },
    {
      sentence: (value) => `It belongs to the ${value} family.`,
      question: `Which family owns the ${name}?`,
      value: invent(random),
    },
    {
      sentence: (value) => `The repair cost ${value} crowns.`,
      question: 'How much did the repair cost?',
      value: amount(),
    },
  ];
  const facts = random.shuffle(all).slice(0, 2 + random.below(4));
  const asked = random.pick(facts);
  const sheet = facts.map((fact) => fact.sentence(fact.value)).join(' ');
  const prompt = random.pick([
    `question: ${asked.question} context: ${sheet}`,
    `${sheet}\n${asked.question}`,
    `Context: ${sheet}\nQuestion: ${asked.question}\nAnswer:`,
  ]);
  return { prompt, answer: asked.value };
}
