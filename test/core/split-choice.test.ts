import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  createEvaluationChooser,
  type EvaluationWanted,
} from '../../shared/core/dataset/split/choose-evaluation.ts';
import { labelTargets } from '../../shared/core/dataset/split/label-targets.ts';
import { createTextHasher } from '../../shared/core/dataset/tallies/text-hash.ts';
import { MOST_EVALUATION_EXAMPLES } from '../../shared/core/models/evaluation-limits.ts';

interface Row {
  input: string;
  output: string;
  bytes?: number;
}

const hasher = createTextHasher();
function hashOf(text: string) {
  hasher.reset();
  hasher.write(text);
  hasher.digest();
  return { low: hasher.low, high: hasher.high };
}

/** A chooser that has seen these rows. */
function chooserOf(rows: readonly Row[]) {
  const chooser = createEvaluationChooser();
  rows.forEach(({ input, output, bytes = 10 }, index) => {
    const [asked, answered] = [hashOf(input), hashOf(output)];
    const hash = { inputLow: asked.low, inputHigh: asked.high, output: answered.low ^ answered.high };
    chooser.add({ ...hash, example: index + 1, line: (index + 1) * 2, bytes });
  });
  return chooser;
}

function split(rows: readonly Row[], wanted: EvaluationWanted) {
  const { places, isByLabel } = chooserOf(rows).choose(wanted);
  const numbers = new Set(places.map(({ example }) => example));
  const isEvaluation = (_row: Row, index: number) => numbers.has(index + 1);
  return {
    ...{ places, isByLabel },
    evaluation: rows.filter(isEvaluation),
    training: rows.filter((row, index) => !isEvaluation(row, index)),
  };
}

const inputs = (rows: readonly Row[]) => new Set(rows.map(({ input }) => input));
const sharedInputs = (a: readonly Row[], b: readonly Row[]) => {
  const known = inputs(a);
  return [...inputs(b)].filter((input) => known.has(input)).length;
};
const outputs = (rows: readonly Row[]) => new Set(rows.map(({ output }) => output));
const texts = (count: number): Row[] =>
  [...Array(count).keys()].map((index) => ({ input: `question ${index}`, output: `answer ${index}` }));

/** Rows of which some share an input, with labels or with texts as outputs. */
const someRows = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 300 }))
  .chain(([inputCount, outputCount, most]) =>
    fc.array(
      fc.record({
        input: fc.integer({ min: 1, max: inputCount }).map((index) => `input ${index}`),
        output: fc.integer({ min: 1, max: outputCount }).map((index) => `output ${index}`),
        bytes: fc.integer({ min: 1, max: 1000 }),
      }),
      { minLength: 2, maxLength: most + 1 },
    ),
  );
const someWanted = fc.integer({ min: 1, max: 80 }).map((examples) => ({ examples }));

describe('the evaluation examples of a file', () => {
  it('share no input with those that are left to train on', () => {
    fc.assert(
      fc.property(someRows, someWanted, (rows, wanted) => {
        const { training, evaluation } = split(rows, wanted);
        expect(sharedInputs(training, evaluation)).toBe(0);
        expect(training.length).toBeGreaterThan(0);
      }),
    );
  });

  it('are the same in whatever order the lines come', () => {
    const shuffled = someRows.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();
    fc.assert(
      fc.property(shuffled, someWanted, ([rows, other], wanted) => {
        expect(sorted(split(other, wanted).evaluation)).toEqual(sorted(split(rows, wanted).evaluation));
      }),
    );
  });

  it('are as many as were asked for, up to one group of an input', () => {
    const asked = fc.tuple(someRows, fc.double({ min: 0.01, max: 0.5, noNaN: true }));
    fc.assert(
      fc.property(asked, ([rows, share]) => {
        // A label whose last row would go stays in the training, which is a rule of its own.
        const unlabelled = rows.map((row, index) => ({ ...row, output: `${index}` }));
        const examples = Math.max(1, Math.round(rows.length * share));
        const { evaluation } = split(unlabelled, { examples });
        const sizes = [...Map.groupBy(rows, ({ input }) => input).values()].map(({ length }) => length);
        const largest = Math.max(...sizes);
        expect(evaluation.length).toBeLessThanOrEqual(examples);
        expect(evaluation.length).toBeGreaterThan(examples - largest);
      }),
    );
  });

  it('have every label of ten rows, and so have those that are left', () => {
    const labelled = fc
      .array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 })
      .map((counts) =>
        counts.flatMap((count, label) =>
          [...Array(count).keys()].map((index) => ({ input: `${label} ${index}`, output: `label ${label}` })),
        ),
      );
    fc.assert(
      fc.property(labelled, fc.integer({ min: 30, max: 60 }), (rows, examples) => {
        const { training, evaluation, isByLabel } = split(rows, { examples });
        if (!isByLabel) return;
        for (const [label, own] of Map.groupBy(rows, ({ output }) => output)) {
          if (own.length > 1) expect(outputs(training)).toContain(label);
          if (own.length === 1) expect(outputs(evaluation)).not.toContain(label);
          if (own.length >= 10) expect(outputs(evaluation)).toContain(label);
        }
      }),
    );
  });

  it('have the labels in the proportion of the file', () => {
    const rows = ['often', 'often', 'often', 'seldom'].flatMap((output, part) =>
      [...Array(100).keys()].map((index) => ({ input: `${part} ${index}`, output })),
    );
    const { evaluation } = split(rows, { examples: 40 });
    expect(evaluation.filter(({ output }) => output === 'often')).toHaveLength(30);
    expect(evaluation.filter(({ output }) => output === 'seldom')).toHaveLength(10);
  });

  it('stay within a share of the bytes', () => {
    fc.assert(
      fc.property(someRows, someWanted, (rows, wanted) => {
        const sizeOf = (part: readonly Row[]) => part.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
        const { training, evaluation } = split(rows, { ...wanted, maxByteShare: 0.25 });
        expect(sizeOf(evaluation)).toBeLessThanOrEqual(0.25 * sizeOf(training));
      }),
    );
  });

  it('are hardly others after a row was appended', () => {
    const rows = texts(1000);
    const before = split(rows, { examples: 100 }).places;
    const after = split([...rows, { input: 'one more', output: 'answer' }], { examples: 100 }).places;
    const kept = new Set(after.map(({ example }) => example));
    expect(before.filter(({ example }) => !kept.has(example)).length).toBeLessThanOrEqual(1);
  });

  it('come with their numbers and lines, in the order of the file', () => {
    const { places } = split(texts(50), { examples: 5 });
    expect(places.map(({ line }) => line)).toEqual(places.map(({ example }) => example * 2));
    expect(places).toEqual(places.toSorted((a, b) => a.example - b.example));
  });
});

describe('a large file', () => {
  const rows = [...Array(100_000).keys()].map((index) => ({
    input: `question ${index % 80_000}`,
    output: `label ${index % 7}`,
  }));

  it('gives no more than any model takes, whatever is asked', () => {
    const { evaluation, training, isByLabel } = split(rows, { examples: 100_000 });
    expect(evaluation.length).toBeLessThanOrEqual(MOST_EVALUATION_EXAMPLES);
    expect(evaluation.length).toBeGreaterThan(MOST_EVALUATION_EXAMPLES - 2);
    expect(isByLabel).toBe(true);
    expect(sharedInputs(training, evaluation)).toBe(0);
    for (const own of Map.groupBy(evaluation, ({ output }) => output).values()) {
      expect(Math.abs(own.length - evaluation.length / 7)).toBeLessThan(10);
    }
  });

  it('gives the same examples backwards', () => {
    const sorted = (part: readonly Row[]) => [...inputs(part)].sort();
    const wanted = { examples: 3000 };
    expect(sorted(split(rows.toReversed(), wanted).evaluation)).toEqual(
      sorted(split(rows, wanted).evaluation),
    );
  });
});

describe('outputs', () => {
  test.each([
    ['of two rows each are labels', 20, 10, true],
    ['of fewer rows on average are texts', 20, 11, false],
    ['of more than a hundred kinds are texts', 2020, 101, false],
    ['of a hundred kinds are labels', 2000, 100, true],
  ])('%s', (_name, count, kinds, isByLabel) => {
    const rows = texts(count).map(({ input }, index) => ({ input, output: `${index % kinds}` }));
    expect(split(rows, { examples: 5 }).isByLabel).toBe(isByLabel);
  });

  test.each([
    ['are texts', 20, 20, false],
    ['are labels where several inputs have them', 20, 4, true],
  ])('of rows that are there three times %s', (_name, inputCount, kinds, isByLabel) => {
    const once = texts(inputCount).map(({ input }, index) => ({ input, output: `${index % kinds}` }));
    const chosen = split([...once, ...once, ...once], { examples: 6 });
    expect(chosen.evaluation).toHaveLength(6);
    expect(chosen.isByLabel).toBe(isByLabel);
  });

  it('that only one row has stay in the training', () => {
    const rows = [
      ...texts(30).map(({ input }) => ({ input, output: 'same' })),
      { input: 'odd', output: 'odd' },
    ];
    expect(outputs(split(rows, { examples: 30 }).evaluation)).toEqual(new Set(['same']));
  });
});

describe('groups of one input', () => {
  const threes = [...Array(30).keys()].map((index) => ({ input: `${index % 10}`, output: `${index}` }));

  test.each([
    [2, 0],
    [3, 3],
    [10, 9],
    [12, 12],
  ])('of three examples make %i asked ones %i', (examples, given) => {
    expect(split(threes, { examples }).evaluation).toHaveLength(given);
  });

  it('that would be too many are passed over for smaller ones', () => {
    const large = [...Array(40).keys()].map((index) => ({ input: 'large', output: `${index}` }));
    expect(split([...large, ...texts(40)], { examples: 10 }).evaluation).toHaveLength(10);
  });

  it('with more rows than any model takes stay in the training, and cost no memory', () => {
    const large = [...Array(6000).keys()].map((index) => ({ input: 'large', output: `${index}` }));
    const { evaluation } = split([...large, ...texts(20)], { examples: 5000 });
    expect(inputs(evaluation)).toEqual(inputs(texts(20)));
  });
});

test.each([
  ['whole shares', [60, 30, 10], 10, [6, 3, 1]],
  ['the largest remainder first', [70, 24, 6], 10, [7, 2, 1]],
  ['one for each label of ten rows', [1000, 12, 10], 5, [3, 1, 1]],
  ['none for a label of one row', [20, 1], 10, [10, 0]],
  ['fewer than there are labels', [50, 40, 30], 2, [1, 1, 0]],
  ['no more than leaves a row of each', [2, 2], 4, [1, 1]],
])('rows of the labels: %s', (_name, rows, goal, targets) => {
  expect([...labelTargets(new Map(rows.entries()), goal).values()]).toEqual(targets);
});
