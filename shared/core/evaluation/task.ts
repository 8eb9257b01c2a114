import type { Model } from '../models/models.ts';
import type { EvaluationTask } from './measures.ts';
import { wordsOf } from './words.ts';

/** What kind of answers an evaluation is about, which decides what is measured. */

export interface TaskFacts {
  /** The `task` of the manifest. */
  task?: keyof typeof BY_WORD | undefined;
  kind: Model['kind'];
  /** Whether the outputs of the training data are few and short: `labels` of its statistics. */
  hasLabels: boolean;
  /** The expected answers. */
  expected: readonly string[];
}

const BY_WORD = {
  classification: 'classification',
  summarization: 'summarization',
  extractive_qa: 'extraction',
  chat: 'chat',
} as const satisfies Record<string, EvaluationTask>;

const BY_KIND: Partial<Record<Model['kind'], EvaluationTask>> = {
  code: 'code',
  codechat: 'code',
  chat: 'chat',
};

/** Ours: where half of the answers have no more words, they are read as facts, not as prose. */
const SHORT_WORDS = 8;

/** The manifest's word first, then what the answers look like, then what the model is for. */
export function evaluationTask({ task, kind, hasLabels, expected }: TaskFacts): EvaluationTask {
  if (task !== undefined) return BY_WORD[task];
  if (hasLabels) return 'classification';
  return BY_KIND[kind] ?? (areShort(expected) ? 'extraction' : 'text');
}

function areShort(expected: readonly string[]): boolean {
  const lengths = expected.map((text) => wordsOf(text).length).sort((one, other) => one - other);
  return (lengths[Math.floor(lengths.length / 2)] ?? 0) <= SHORT_WORDS;
}
