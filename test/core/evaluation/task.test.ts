import { expect, test } from 'vitest';
import { evaluationTask, type TaskFacts } from '../../../shared/core/evaluation/task.ts';

const PROSE = ['One sentence that is long enough to be read as prose by anybody who reads it.'];
const FACTS = ['Paris', 'in 1969', 'Ada Lovelace'];

test.each<[string, Partial<TaskFacts>, string]>([
  ['the manifest says so', { task: 'extractive_qa', hasLabels: true }, 'extraction'],
  ['few short outputs', { hasLabels: true, kind: 'chat' }, 'classification'],
  ['a code model', { kind: 'code' }, 'code'],
  ['a model for chats about code', { kind: 'codechat' }, 'code'],
  ['a chat model', { kind: 'chat' }, 'chat'],
  ['short answers', { expected: FACTS }, 'extraction'],
  ['long answers', { expected: PROSE }, 'text'],
])('%s', (_, facts, task) => {
  expect(evaluationTask({ kind: 'gemini', hasLabels: false, expected: PROSE, ...facts })).toBe(task);
});
