import { expect, it } from 'vitest';
import { createRandom } from '../../local/small-model/math/random.ts';
import { createCorpus } from '../../local/small-model/pretrain/corpus.ts';
import { factSheet } from '../../local/small-model/pretrain/facts.ts';
import type { Meaning } from '../../local/small-model/pretrain/wordnet.ts';

const MEANINGS: Meaning[] = ['tree', 'bird', 'tool'].flatMap((kind) =>
  Array.from({ length: 12 }, (_, number) => ({
    word: `${kind} ${number}`,
    kind,
    definition: `the ${kind} of the number ${number}`,
    uses: [`she saw ${kind} number ${number} yesterday`],
  })),
);

const drawMany = (seed: string, count = 300) => {
  const corpus = createCorpus(MEANINGS);
  const random = createRandom(seed);
  return Array.from({ length: count }, () => corpus.draw(random).segments.map(({ text }) => text));
};

it('the same seed draws the same tasks, another seed others', () => {
  expect(drawMany('one')).toEqual(drawMany('one'));
  expect(drawMany('one')).not.toEqual(drawMany('other'));
});

it('a task that lists classes lists the right one among others', () => {
  const listing = drawMany('classes').filter(([prompt]) =>
    /(?:^|\n)Choose from|into one of/.test(prompt ?? ''),
  );
  expect(listing.length).toBeGreaterThan(50);
  for (const [prompt, answer] of listing) expect(prompt).toContain(answer);
});

it('every answer about an invented fact stands in its sheet', () => {
  const random = createRandom('facts');
  for (let drawn = 0; drawn < 200; drawn++) {
    const { prompt, answer } = factSheet(random);
    expect(prompt).toContain(answer);
  }
});
