import { expect, test } from 'vitest';
import { createRandom } from '../../local/small-model/math/random.ts';
import { createPredictor } from '../../local/small-model/predictor.ts';
import type { TuningExample } from '../../local/small-model/text/sequence.ts';
import { tune } from '../../local/small-model/tuner.ts';
import { compareAnswers } from '../../shared/core/evaluation/comparison.ts';

/** A label and a word that stands in every text of it. */
const WORDS = { Billing: 'invoice', Delivery: 'parcel', Returns: 'refund' } as const;
type Label = keyof typeof WORDS;
const LABELS = Object.keys(WORDS) as Label[];

interface Labelled {
  text: string;
  label: string;
}

/** So many texts; the label of each is the one of its word, or one that was drawn and says nothing of it. */
function texts(count: number, { isShuffled, seed }: { isShuffled: boolean; seed: string }): Labelled[] {
  const random = createRandom(seed);
  const drawn = () => LABELS[Math.floor(random.uniform() * LABELS.length)] ?? 'Billing';
  return Array.from({ length: count }, (_, index) => {
    const about = drawn();
    const text = `Message ${index}: where is my ${WORDS[about]}?`;
    return { text, label: isShuffled ? drawn() : about };
  });
}

const asExample = ({ text, label }: Labelled): TuningExample => ({
  segments: [
    { text, isTarget: false },
    { text: label, isTarget: true },
  ],
});

/** Tunes the small model for real, asks it what it has not seen, and gives what an evaluation says of the answers. */
async function evaluated(isShuffled: boolean) {
  const examples = texts(120, { isShuffled, seed: 'training' }).map(asExample);
  const asked = texts(40, { isShuffled, seed: 'evaluation' });
  let weights: Uint8Array | undefined;
  const job = { examples, steps: 25, batchSize: 8, learningRateMultiplier: 1, evaluationInterval: 100 };
  for await (const event of tune({
    ...{ ...job, seed: 'labels', earlyStopping: false, checkpointSelection: false },
  })) {
    if (event.kind === 'finished') weights = event.weights;
  }
  const [tuned, base] = [createPredictor({ weights }), createPredictor({})];
  const ask = (predictor: typeof tuned, text: string) =>
    predictor.generate([{ text, isTarget: false }], { maxOutputTokens: 8 });
  const answers = asked.map(({ text, label }) => ({
    expected: label,
    tuned: ask(tuned, text),
    base: ask(base, text),
  }));
  return compareAnswers({ task: 'classification', answers });
}

test('labels that say nothing of their texts make no model that is better than always the commonest label', async () => {
  const { rival, sentence } = await evaluated(true);
  expect(rival?.difference.low).toBeLessThanOrEqual(0);
  expect(sentence).toMatch(
    /(?:do not show that it is better|It is worse) than always answering the commonest label/,
  );
}, 240_000);

test('labels that do, make one', async () => {
  const { rival, sentence } = await evaluated(false);
  expect(rival?.difference.low).toBeGreaterThan(0);
  expect(sentence).toContain('It is better than always answering the commonest label');
}, 240_000);
