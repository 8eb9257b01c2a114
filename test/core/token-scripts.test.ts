import { describe, expect, it } from 'vitest';
import { japaneseTexts } from '../../scripts/tokens/generated-texts.ts';
import { counterOfNode, partOf } from '../../scripts/tokens/judge.ts';
import recorded from '../../scripts/tokens/other-tokenizers.json' with { type: 'json' };
import type { CountedTokens } from '../../shared/core/dataset/statistics.ts';
import { createTokenTally } from '../../shared/core/dataset/tallies/token-tally.ts';
import { costOf } from '../../shared/core/tuning/cost.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { someLimits } from '../support/manifests.ts';

const MODELS = { llama3: 'meta/llama3_1@llama-3.1-8b', qwen3: 'qwen/qwen3@qwen3-8b' } as const;
const NOTHING = { low: 0, estimate: 0, high: 0 };

/** Training tokens of one pass, without the marks between turns. */
function trainingTokens(model: keyof typeof MODELS, input: CountedTokens['input']) {
  const { plan } = planRun({
    manifest: { base_model: MODELS[model], dataset_uri: 'gs://inbox/t.jsonl', epoch_count: 1 },
    ...{ folderName: 'x', runId: 'r', limits: someLimits(), trainExamples: 100 },
    locate: (key) => ({ uri: 'gs://inbox/x/tune.json', path: key }),
  });
  const { trainingTokens: tokens } = costOf({
    ...{ plan, counted: { input, output: NOTHING, texts: 0, isExact: true } },
  });
  return tokens ?? NOTHING;
}

describe('the tokens of a tokenizer that is not here', () => {
  it.each(recorded.samples)('have their true count in the interval: $name', ({ text, ...truth }) => {
    for (const model of ['llama3', 'qwen3'] as const) {
      const { low, high } = trainingTokens(model, partOf([text]));
      expect([low <= truth[model], truth[model] <= high]).toEqual([true, true]);
    }
  });

  it('are told no wider for English and Japanese than those were measured', () => {
    const input = partOf([...japaneseTexts(200), 'the customer writes that a parcel arrived late']);
    const { low, high } = trainingTokens('llama3', input);
    expect(low).toBeGreaterThan(0.7 * input.estimate);
    expect(high).toBeLessThan(1.7 * input.estimate);
  });

  it('have it also in a large file of which a sample was counted, whatever script comes last', () => {
    const bengali = recorded.samples.find(({ name }) => name === 'Bengali');
    const text = bengali?.text ?? '';
    for (const [japanese, other] of [
      [2_000, 700],
      [100, 700],
      [2_000, 20],
    ] as const) {
      const tally = createTokenTally(counterOfNode(), { exact: 50_000, sampled: 50_000 });
      const prose = japaneseTexts(japanese);
      const all = [...prose, ...Array.from({ length: other }, () => text)];
      for (const one of all) tally.add('input', one, Buffer.byteLength(one));
      const { input, isExact } = tally.summary();
      expect(isExact).toBe(false);
      const truth = other * (partOf([text]).byScript?.otherScripts?.estimate ?? 0);
      const { low = 0, high = 0 } = input.byScript?.otherScripts ?? {};
      expect([low <= truth, truth <= high]).toEqual([true, true]);
      if (other > 100) expect(high).toBeLessThan(2.5 * truth);
    }
  });
});

describe('the script of tokens', () => {
  it.each([
    ['Bitte bestätigen “Sie”', {}],
    ['請告訴我、契約 계정', {}],
    ['Tiếng Việt', {}],
    ['12,345.67 === |', { signs: true }],
    ['Пароль ελληνικά עברית', { twoByteScripts: true }],
    ['पासवर्ड ถอน 🙂', { otherScripts: true }],
  ])('%s', (text, expected) => {
    const { byScript = {} } = partOf([text]);
    const found = Object.entries(byScript).filter(([, tokens]) => (tokens?.estimate ?? 0) > 0);
    expect(Object.fromEntries(found.map(([script]) => [script, true]))).toEqual(expected);
  });

  it('is told of the same tokens that are counted', () => {
    const { byScript, estimate } = partOf(['4711']);
    expect(byScript?.signs?.estimate).toBe(estimate);
  });
});
