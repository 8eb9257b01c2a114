import { describe, expect, it } from 'vitest';
import { chineseTexts, japaneseTexts, unusualTexts } from '../../scripts/tokens/generated-texts.ts';
import { counterOfNode, estimateOf } from '../../scripts/tokens/judge.ts';
import { createSampledTotal } from '../../shared/core/dataset/tokens/sampled-total.ts';
import { kindOfText, TEXT_KINDS } from '../../shared/core/dataset/tokens/text-look.ts';

/** A sixteenth of the product's budget, for files of some megabytes. */
const BUDGET = { exact: 1_000_000, sampled: 250_000 };

const WORDS =
  'the customer writes that a parcel arrived late and one of its items was damaged in transit so she asks for advice on how to send it back before Friday because another invoice number had been charged twice this month'.split(
    ' ',
  );

const japanese = japaneseTexts(16_000);
const chinese = chineseTexts(24_000);
const unusual = unusualTexts(12_000);
const english = Array.from({ length: 30_000 }, (_, row) => {
  const word = (at: number) => WORDS[(row * 7 + at * at * 13 + (row >> at)) % WORDS.length];
  return `${Array.from({ length: 4 + (row % 17) }, (_unused, at) => word(at)).join(' ')}.`;
});
const code = unusual.map(
  (text, row) => `  if (row[${row}] !== '${text.slice(0, 20)}') {\n    return call_${row % 97}(x, y);\n  }\n`,
);
const base64 = (units: number, row: number) =>
  Buffer.from(Array.from({ length: (units * 3) / 4 }, (_, at) => (at * at * 31 + row * 7919 + at) & 0xff))
    .toString('base64')
    .slice(0, units);
const blobs = (many: number, units: number) => Array.from({ length: many }, (_, row) => base64(units, row));

const byLength = (texts: readonly string[]) => texts.toSorted((a, b) => a.length - b.length);
const inTurns = (...lists: string[][]) =>
  japanese.flatMap((_, at) => lists.flatMap((list) => list[at] ?? []));
const truthOf = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + counterOfNode().count(text), 0);

describe('a sample of a large file', () => {
  it.each([
    ['English', english],
    ['Japanese', japanese],
    ['Chinese', chinese],
    ['code', code],
  ])('of %s is within 2 % of the truth, which is in its interval', (_name, texts) => {
    const { low, estimate, high, truth } = sampled(texts);
    expect(Math.abs(estimate - truth) / truth).toBeLessThan(0.02);
    expect([low <= truth, truth <= high]).toEqual([true, true]);
  });

  it.each([
    ['whose end is another language', [...english, ...japanese]],
    ['whose end is code', [...chinese, ...code]],
    ['whose end is base64', [...english, ...blobs(300, 3_000)]],
    ['whose end is one line of base64', [...english, base64(900_000, 1)]],
    ['that grows longer line by line', byLength(english)],
    ['that grows shorter line by line', byLength(unusual).reverse()],
    ['of languages in turns, sorted by length', byLength(inTurns(japanese, chinese, code, unusual))],
    ['of languages in turns', inTurns(japanese, chinese, code, unusual)],
    ['of a few huge rows', [code.join(''), japanese.join(''), english.join(' ')]],
    ['of one huge row', [inTurns(japanese, code, unusual).join('\n')]],
    ['with huge rows among small ones', [...english, code.join(''), ...english, unusual.join('')]],
    ['of base64 in huge rows', blobs(20, 100_000)],
    ['where every 64th row is base64', english.map((text, row) => (row % 64 ? text : base64(800, row)))],
    ['of single words', english.flatMap((text) => text.split(' '))],
  ])('%s has the truth in its interval', (_name, texts) => {
    const { low, high, truth } = sampled(texts);
    expect([low <= truth, truth <= high]).toEqual([true, true]);
    expect(high).toBeLessThan(2.5 * truth);
  });

  function sampled(texts: readonly string[]) {
    const estimate = estimateOf(texts, { budget: BUDGET });
    expect(estimate.isExact).toBe(false);
    return { ...estimate, truth: truthOf(texts) };
  }
});

describe('a total of which a part was counted', () => {
  it('is what was counted, where all was', () => {
    const total = createSampledTotal();
    for (const tokens of [5, 17, 900]) countOne(total, { guess: 10, tokens, weight: 1 });
    expect(total.estimate()).toEqual({ low: 922, estimate: 922, high: 922 });
  });

  it('is wide as long as little was counted', () => {
    const total = createSampledTotal();
    for (let text = 0; text < 99; text++) total.predict(0, 10);
    countOne(total, { guess: 10, tokens: 10, weight: 100 });
    expect(total.estimate()).toEqual({ low: 10, estimate: 1000, high: 4000 });
  });

  it('is never less than what was counted', () => {
    const total = createSampledTotal();
    countOne(total, { guess: 10, tokens: 500, weight: 1 });
    countOne(total, { guess: 1_000, tokens: 1, weight: 9 });
    expect(total.estimate().estimate).toBeGreaterThanOrEqual(501);
  });

  it('says how wrong the counting of long stretches may be, for all that were not counted as well', () => {
    const total = createSampledTotal();
    const before = total.estimate().high;
    countOne(total, { guess: 10, tokens: 10, weight: 1, slack: 2 });
    expect(total.estimate()).toEqual({ low: before + 8, estimate: before + 10, high: before + 12 });
  });

  function countOne(
    total: ReturnType<typeof createSampledTotal>,
    { guess, slack = 0, ...counted }: { guess: number; tokens: number; weight: number; slack?: number },
  ) {
    total.predict(0, guess);
    total.counted(0, guess, { ...counted, slack });
  }
});

describe('the kind of a text', () => {
  const kindOf = (text: string) => kindOfText(text, 0, text.length);

  it('is not the same for prose, code, base64 and Japanese', () => {
    const kinds = [
      english.slice(0, 9).join(' '),
      code[0] ?? '',
      base64(400, 3),
      japanese.slice(0, 9).join(''),
    ];
    expect(new Set(kinds.map(kindOf)).size).toBe(kinds.length);
  });

  it.each(['', 'x', '🙂', ...unusual.slice(0, 200)])('is one of the table: %j', (text) => {
    expect(kindOf(text)).toBeGreaterThanOrEqual(0);
    expect(kindOf(text)).toBeLessThan(TEXT_KINDS);
  });
});

describe('a border', () => {
  it.each([
    ['English', english.slice(0, 400).join('  ')],
    ['Japanese', japanese.slice(0, 100).join('')],
    ['code', code.slice(0, 100).join('\n')],
    ['unusual texts', unusual.slice(0, 100).join('')],
    ['tags', '<b>bold</b> text<i>x</i>'.repeat(40)],
    ['white space', ' x  y   z\n\n\n\t\ta \n b'.repeat(40)],
  ])('cuts a text of %s without changing the number of its tokens', (_name, text) => {
    const counter = counterOfNode().fork();
    const whole = counter.count(text);
    let borders = 0;
    for (let from = 1; from < text.length; from += 37) {
      const at = counter.border(text, from);
      if (at === undefined) continue;
      borders += 1;
      expect(counter.count(text.slice(0, at)) + counter.count(text.slice(at))).toBe(whole);
    }
    expect(borders).toBeGreaterThan(10);
  });

  it('is nowhere in a stretch that is too long', () => {
    expect(counterOfNode().border('a'.repeat(500), 100)).toBeUndefined();
  });
});
