import { expect, test } from 'vitest';
import { dropFolder } from '../../cli/start/drop.ts';
import { aFolder } from './command-line.ts';

test.each([
  ['manifest last', ['a/eval.jsonl', 'a/train.jsonl'], ['a/tune.json']],
  ['together', ['a/eval.jsonl', 'a/train.jsonl', 'a/tune.json'], []],
] as const)(
  '%s: what is under way at once, and what follows when that is there',
  async (order, first, then) => {
    const folder = aFolder({ 'train.jsonl': '', 'tune.json': {}, 'eval.jsonl': '', 'README.md': '' });
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const upload = async (name: string) => {
      begun.push(name);
      await arrived;
    };
    const dropped = dropFolder(upload, { folder, as: 'a' }, order);
    expect(begun.toSorted()).toEqual(first);
    arrive();
    await dropped;
    expect(begun.slice(first.length)).toEqual(then);
  },
);
