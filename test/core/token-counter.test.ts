import { describe, expect, it } from 'vitest';
import { counterOfNode } from '../../scripts/tokens/judge.ts';
import { createTokenCounter } from '../../shared/core/dataset/tokens/token-counter.ts';

const count = (text: string) => counterOfNode().count(text);

describe('a counter with Gemma 3’s vocabulary', () => {
  // Recorded from @huggingface/tokenizers 0.2.0 on Gemma 3's tokenizer.json.
  it.each([
    ['', 0],
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['中文测试，你好。', 5],
    ['a  b', 3],
    [`${' '.repeat(32)}foo`, 2],
    [' '.repeat(63), 3],
    ['\n'.repeat(40), 2],
    ['tab\t\tx', 3],
    ['<b>bold</b> text', 4],
    ['🫩 🥲 🩵', 11],
    ['a\r\nb', 4],
    ['Bitte bestätigen Sie die Rechnung 20451 bis Freitag.', 15],
  ])('counts %j as %i', (text, tokens) => {
    expect(count(text)).toBe(tokens);
  });

  it('counts the same a second time, when it remembers', () => {
    const text = 'Bitte bestätigen Sie die Rechnung 20451 bis Freitag.';
    expect(count(text)).toBe(count(text));
  });

  it('cuts a stretch that is too long to be joined at once, says so, and stays in time', () => {
    const counter = counterOfNode();
    const cuts = counter.cuts;
    expect(counter.count('a'.repeat(3_000))).toBe(375);
    expect(counter.cuts - cuts).toBeGreaterThan(0);
  });

  it('does not halve a character of two units where it cuts', () => {
    const faces = '🙂'.repeat(400);
    expect(count(faces)).toBeGreaterThan(0);
    expect(count(`x${faces}`)).toBeGreaterThanOrEqual(count(faces));
  });
});

describe('a counter with a small vocabulary', () => {
  const counter = createTokenCounter({
    pieces: Buffer.from(['a', 'b', 'c', '▁', 'ab', 'bc', '▁a', 'abc'].join('\n')),
    tags: ['<b>'],
    longestRun: 3,
  });

  it.each([
    ['joins the pieces of lower rank first', 'abc', 1],
    ['joins from the left', 'abab', 2],
    ['takes a space to the word behind it', 'b a', 2],
    ['spends a byte each on characters that it does not have', 'aé', 3],
    ['spends four on one beyond the basic plane', '🙂', 4],
    ['takes a tag for one', 'a<b>c', 3],
    ['takes the rest of a run of spaces to the word', '    a', 2],
    ['splits a run of line feeds', '\n\n\n\n', 2],
  ])('%s', (_name, text, tokens) => {
    expect(counter.count(text)).toBe(tokens);
  });
});
