/** Which examples of a file are kept for the evaluation. Pure, streaming, memory flat; no seed and no chance. */
import { MOST_EVALUATION_EXAMPLES } from '../../models/evaluation-limits.ts';
import { createInputGroups, type ExamplePlace, type InputGroup, type SplitExample } from './input-groups.ts';
import { labelTargets } from './label-targets.ts';

export interface EvaluationChooser {
  add(example: SplitExample): void;
  /** How many examples there are. */
  readonly examples: number;
  /** Chooses; may be asked again for another number. */
  choose(wanted: EvaluationWanted): ChosenEvaluation;
}

export interface EvaluationWanted {
  /** So many examples, fewer where groups do not make it up. */
  examples: number;
  /** What the bytes of the evaluation may be at most, as a share of those that are left to train on. */
  maxByteShare?: number | undefined;
}

export interface ChosenEvaluation {
  /** In the order of the file. */
  places: ExamplePlace[];
  /** Whether each label has its share. */
  isByLabel: boolean;
}

/** Ours: so many different outputs are labels, where each answers two inputs on average; more are texts, copies of rows or not. */
const MAX_LABELS = 100;

const areLabelsOf = (labels: ReadonlyMap<number, number>, groups: readonly InputGroup[]) =>
  groups.reduce((answers, { outputs }) => answers + outputs.length, 0) >= labels.size * 2;

/**
 * Makes the chooser of one file. Examples with one input form a group, and a group goes to one side as a whole. Groups are in the order
 * of a hash of their input, and the first are taken; one that would be too many is passed over. Where outputs are labels, each label
 * gets its share first.
 */
export function createEvaluationChooser(): EvaluationChooser {
  const groups = createInputGroups(MOST_EVALUATION_EXAMPLES);
  /** Rows of each output, until there are too many outputs to be labels. */
  let labels: Map<number, number> | undefined = new Map();
  const total = { examples: 0, bytes: 0 };

  return {
    get examples() {
      return total.examples;
    },
    add(example) {
      total.examples += 1;
      total.bytes += example.bytes;
      const output = example.output >>> 0;
      labels?.set(output, (labels.get(output) ?? 0) + 1);
      if (labels && labels.size > MAX_LABELS) labels = undefined;
      groups.add(example);
    },
    choose({ examples, maxByteShare = Infinity }) {
      const inOrder = groups.inOrder();
      const areLabels = labels !== undefined && areLabelsOf(labels, inOrder);
      const goal = Math.max(0, Math.min(examples, MOST_EVALUATION_EXAMPLES, total.examples - 1));
      const choice = createChoice({ goal, maxByteShare, totalBytes: total.bytes });
      if (areLabels && labels !== undefined) choice.takeByLabel(inOrder, labels);
      else choice.takeAll(inOrder);
      return { places: choice.places(), isByLabel: areLabels };
    },
  };
}

interface ChoiceBounds {
  goal: number;
  maxByteShare: number;
  totalBytes: number;
}

/** What is taken so far. */
function createChoice({ goal, maxByteShare, totalBytes }: ChoiceBounds) {
  const taken = new Set<InputGroup>();
  let rows = 0;
  let bytes = 0;

  function fits(group: InputGroup): boolean {
    const after = bytes + group.bytes;
    const isLight = maxByteShare === Infinity || after <= maxByteShare * (totalBytes - after);
    return !taken.has(group) && rows + group.places.length <= goal && isLight;
  }

  function take(group: InputGroup): void {
    taken.add(group);
    rows += group.places.length;
    bytes += group.bytes;
  }

  return {
    takeAll(groups: readonly InputGroup[]) {
      for (const group of groups) if (fits(group)) take(group);
    },
    /** Each label up to its share, then whatever makes up the number. A row of each label is left to train on. */
    takeByLabel(groups: readonly InputGroup[], rowsOf: ReadonlyMap<number, number>) {
      const targets = labelTargets(rowsOf, goal);
      const takenOf = new Map<number, number>();
      const takeUpTo = (mostOf: (label: number) => number) => {
        for (const group of groups) {
          if (!fits(group)) continue;
          const after = (label: number, count: number) => (takenOf.get(label) ?? 0) + count;
          if (group.outputs.some(([label, count]) => after(label, count) > mostOf(label))) continue;
          take(group);
          for (const [label, count] of group.outputs) takenOf.set(label, after(label, count));
        }
      };
      takeUpTo((label) => targets.get(label) ?? 0);
      takeUpTo((label) => (rowsOf.get(label) ?? 0) - 1);
    },
    places: (): ExamplePlace[] =>
      [...taken].flatMap((group) => group.places).sort((a, b) => a.example - b.example),
  };
}
