import { expect, test } from 'vitest';
import { consentOf } from '../../cli/drop/consent.ts';
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

test.each([
  { name: 'the embedded cloud', yes: false, isLocal: true, typed: undefined, consent: 'given' },
  { name: '--yes', yes: true, isLocal: false, typed: undefined, consent: 'given' },
  { name: 'nobody at a terminal', yes: false, isLocal: false, typed: undefined, consent: 'nobody to ask' },
  { name: 'yes', yes: false, isLocal: false, typed: ' Yes ', consent: 'given' },
  { name: 'an empty line', yes: false, isLocal: false, typed: '', consent: 'refused' },
  { name: 'something else', yes: false, isLocal: false, typed: 'yesterday', consent: 'refused' },
])('whether a folder is uploaded with $name: $consent', async ({ yes, isLocal, typed, consent }) => {
  const ask = typed === undefined ? undefined : async () => typed;
  expect(await consentOf({ yes, isLocal }, ask)).toBe(consent);
});
