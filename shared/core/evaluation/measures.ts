import { chrf } from './chrf.ts';
import { editSimilarity } from './edit-similarity.ts';
import { sameCode, sameLabel, sameText } from './normalise.ts';
import { rougeL } from './rouge-l.ts';
import { tokenF1 } from './token-f1.ts';

/** Every measure of an answer, by the name that the field has for it: 0 is all wrong, 1 all right. */
export const MEASURES = {
  accuracy: {
    title: 'accuracy',
    what: 'the share of answers that are the expected label; case, spaces around it and a full stop at its end do not count',
    score: (expected: string, answer: string) => Number(sameLabel(expected) === sameLabel(answer)),
  },
  exactMatch: {
    title: 'exact match',
    what: 'the share of answers that are the expected text; spaces around it and how many stand together do not count',
    score: (expected: string, answer: string) => Number(sameText(expected) === sameText(answer)),
  },
  exactCode: {
    title: 'exact match',
    what: 'the share of answers that are the expected code; space at the ends of lines and empty lines do not count, where a line is indented does',
    score: (expected: string, answer: string) => Number(sameCode(expected) === sameCode(answer)),
  },
  tokenF1: {
    title: 'token F1',
    what: 'the F measure of the words that answer and expectation share, as SQuAD computes it',
    score: tokenF1,
  },
  rougeL: {
    title: 'ROUGE-L',
    what: 'the F measure of the longest common sequence of words',
    score: rougeL,
  },
  chrf: {
    title: 'chrF',
    what: 'the F measure of runs of one to six characters, as sacreBLEU computes it',
    score: (expected: string, answer: string) => chrf(expected, answer),
  },
  editSimilarity: {
    title: 'edit similarity',
    what: 'one less the share of characters that would have to be changed',
    score: editSimilarity,
  },
} as const satisfies Record<string, Measure>;

export interface Measure {
  title: string;
  /** In words, for those who do not know the name. */
  what: string;
  score: (expected: string, answer: string) => number;
}

export const MEASURE_NAMES = [
  'accuracy',
  'exactMatch',
  'exactCode',
  'tokenF1',
  'rougeL',
  'chrf',
  'editSimilarity',
] as const;
export type MeasureName = (typeof MEASURE_NAMES)[number];

/** What is measured of which task; the first is what the headline says. */
export const TASK_MEASURES = {
  classification: ['accuracy'],
  extraction: ['exactMatch', 'tokenF1'],
  summarization: ['rougeL', 'chrf'],
  code: ['exactCode', 'editSimilarity'],
  chat: ['rougeL', 'chrf'],
  text: ['rougeL', 'chrf'],
} as const satisfies Record<string, readonly [MeasureName, ...MeasureName[]]>;

export const EVALUATION_TASKS = [
  'classification',
  'extraction',
  'summarization',
  'code',
  'chat',
  'text',
] as const;
export type EvaluationTask = (typeof EVALUATION_TASKS)[number];
