import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { takeLines } from '../../shared/core/dataset/forms/convert-records.ts';
import { createEvaluationChooser } from '../../shared/core/dataset/split/choose-evaluation.ts';
import {
  type ExampleSplit,
  type SplitProblem,
  splitExamples,
} from '../../shared/core/dataset/split/split-examples.ts';
import {
  evaluationLimits,
  leastToSplit,
  mostForEvaluation,
} from '../../shared/core/models/evaluation-limits.ts';
import { findModel } from '../../shared/core/models/models.ts';

const limitsOf = (reference: string) => {
  const limits = evaluationLimits(findModel(reference));
  if (!limits) throw new Error(`${reference} is not evaluated on examples`);
  return limits;
};
const GUIDE = 'text-bison@002';
const GEMINI = 'gemini-3.1-flash-lite';
const OPEN = 'qwen/qwen3@qwen3-4b';

/** Examples of which so many share each input; the bytes of a few are many. */
function chooserOf(examples: number, { alike = 1, large = 0 } = {}) {
  const chooser = createEvaluationChooser();
  for (let index = 0; index < examples; index++) {
    const hash = { inputLow: Math.floor(index / alike), inputHigh: 7, output: index };
    chooser.add({ ...hash, example: index + 1, line: index + 1, bytes: index < large ? 1000 : 10 });
  }
  return chooser;
}

function split(model: string, asked: number, examples: number, shape = {}): ExampleSplit {
  const outcome = splitExamples(chooserOf(examples, shape), asked, limitsOf(model));
  if ('problem' in outcome) throw new Error(JSON.stringify(outcome.problem));
  return outcome;
}

function problem(model: string, asked: number, examples: number, shape = {}): SplitProblem {
  const outcome = splitExamples(chooserOf(examples, shape), asked, limitsOf(model));
  if ('problem' in outcome) return outcome.problem;
  throw new Error(`${outcome.evaluation.length} examples were taken`);
}

test.each([
  [GUIDE, 0.1, 500, 50, undefined],
  [GUIDE, 0.1, 5000, 250, 500],
  [GUIDE, 20, 100, 20, undefined],
  [GEMINI, 0.1, 4, 1, undefined],
  [GEMINI, 0.5, 4000, 1000, 2000],
  [GEMINI, 0.4, 10_000, 2307, 4000],
  [GEMINI, 0.2, 60_000, 5000, 12_000],
  [GEMINI, 90, 100, 50, 90],
  [OPEN, 0.1, 500, 50, undefined],
  [OPEN, 0.5, 500, 100, 250],
])('%s: %d of %i examples are %i', (model, asked, examples, taken, cutFrom) => {
  expect(split(model, asked, examples)).toMatchObject({ asked, examples, cutFrom });
  expect(split(model, asked, examples).evaluation).toHaveLength(taken);
});

test.each(['chat-bison@002', 'text-embedding-005', 'no such model'])(
  '%s has no evaluation on examples',
  (name) => {
    expect(evaluationLimits(findModel(name))).toBeUndefined();
  },
);

describe('what is taken', () => {
  const models = fc.constantFrom(GUIDE, GEMINI, OPEN);
  const asked = fc.oneof(fc.double({ min: 0.001, max: 0.5, noNaN: true }), fc.integer({ min: 1, max: 400 }));

  it('is within what the model takes, or the number that is named is', () => {
    const shapes = fc.record({
      alike: fc.integer({ min: 1, max: 4 }),
      large: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(
        models,
        asked,
        fc.integer({ min: 2, max: 600 }),
        shapes,
        (model, share, examples, shape) => {
          const limits = limitsOf(model);
          const outcome = splitExamples(chooserOf(examples, shape), share, limits);
          if ('problem' in outcome) {
            const { works, needed, possible, least } = outcome.problem;
            expect(possible).toBeLessThan(least);
            if (works !== undefined)
              expect(split(model, works, examples, shape).evaluation.length).toBeGreaterThanOrEqual(least);
            if (examples < needed) expect(works).toBeUndefined();
            return;
          }
          const { length } = outcome.evaluation;
          expect(length).toBeGreaterThanOrEqual(limits.least);
          expect(length).toBeLessThanOrEqual(mostForEvaluation(examples, limits));
        },
      ),
    );
  });

  it('leaves three quarters of the bytes of an open model to train on, and more', () => {
    const { evaluation } = split(OPEN, 20, 100, { large: 10 });
    const bytes = evaluation.reduce((sum, { example }) => sum + (example <= 10 ? 1000 : 10), 0);
    expect(bytes).toBeLessThanOrEqual(0.25 * (10 * 1000 + 90 * 10 - bytes));
  });
});

describe('a file that cannot be split as asked', () => {
  it('is told how many can be asked for', () => {
    expect(problem(GUIDE, 0.1, 50)).toEqual({
      ...{ asked: 0.1, examples: 50, possible: 5, least: 10, works: 10, needed: 20 },
    });
  });

  it('is told a number that its groups of one input make up', () => {
    expect(problem(GUIDE, 10, 90, { alike: 3 })).toMatchObject({ possible: 9, works: 12 });
  });

  it('is told how many examples it needs, where none can be asked for', () => {
    expect(problem(GUIDE, 0.5, 15)).toMatchObject({ works: undefined, needed: 20 });
    expect(leastToSplit(limitsOf(OPEN))).toBe(5);
  });

  it('knows no number where all examples have one input', () => {
    expect(problem(GEMINI, 0.1, 100, { alike: 100 })).toMatchObject({ possible: 0, works: undefined });
  });
});

describe('the parts of a file', () => {
  const read = async (text: string, kept: readonly number[], cut = 3) => {
    async function* chunks() {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
    }
    const whole = { training: '', evaluation: '' };
    for await (const lines of takeLines(chunks(), { isTaken: (example) => !kept.includes(example) })) {
      whole.training += lines;
    }
    for await (const lines of takeLines(chunks(), { isTaken: (example) => kept.includes(example) })) {
      whole.evaluation += lines;
    }
    return whole;
  };

  it('have its lines, each in one of them', async () => {
    expect(await read('one\n\ntwo\r\nthree', [2])).toEqual({
      training: 'one\nthree\n',
      evaluation: 'two\r\n',
    });
    expect(await read('\ufeffone\n \ntwö\n', [1])).toEqual({ training: 'twö\n', evaluation: 'one\n' });
  });

  it('are the same however the bytes come', async () => {
    const texts = fc.array(fc.constantFrom('', 'a', 'ü', '😀', ' ', '\r')).map((lines) => lines.join('\n'));
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (text, cut) => {
        expect(await read(text, [1, 3], cut)).toEqual(await read(text, [1, 3], 1000));
      }),
    );
  });
});
