/** The outputs of a classification: how often each label is there, and which look misspelled. */
import { firstOf } from '../lines/progress.ts';
import type { Reporter } from '../lines/reporter.ts';
import type { LabelStatistics } from '../statistics.ts';

/** Where each label of a classification stands first, and how often it is there. */
export type KnownLabels = ReadonlyMap<
  string,
  { readonly count: number; readonly firstLine: number; readonly firstRecord: number }
>;

export interface LabelTally {
  /** `record`: 0 where lines tell examples apart. */
  add(output: string, line: number, record?: number): void;
  /** False once the outputs are known to be no labels: then `add` need not be called any more. */
  readonly isOpen: boolean;
  /** Every label; undefined without a classification task, or when the outputs are no labels. */
  known(): KnownLabels | undefined;
  /** Undefined when the outputs are no labels. */
  statistics(): LabelStatistics | undefined;
  /** Advice about imbalance and about spellings. */
  reportAll(report: Reporter): void;
}

interface Label {
  text: string;
  count: number;
  firstLine: number;
  firstRecord: number;
}

const MAX_LABEL_LENGTH = 100;
const MAX_LABELS = 1000;
const FEW_LABELS = 20;
const TOP_LABELS = 20;
const IMBALANCE = 10;
/** Ours: what fewer examples have may be the text of one of them, and a text is never repeated. */
const LEAST_OF_LABEL = 3;
/** Comparing each with each: 200 labels are 20,000 short comparisons. */
const MAX_COMPARED = 200;

/** Makes a tally; without a classification task it gives up at the first long output or the 21st different one. */
export function createLabelTally(isClassification: boolean): LabelTally {
  const labels = new Map<string, Label>();
  const maxLabels = isClassification ? MAX_LABELS : FEW_LABELS;
  let isLabels = true;
  let examples = 0;

  const ranked = () =>
    [...labels.values()].sort(
      (a, b) => b.count - a.count || a.firstLine - b.firstLine || a.firstRecord - b.firstRecord,
    );
  /** As many different outputs as examples are texts, not classes. */
  const holds = () => isLabels && labels.size > 0 && (isClassification || labels.size * 2 <= examples);

  return {
    get isOpen() {
      return isLabels;
    },
    add(output, line, record = 0) {
      if (!isLabels) return;
      examples += 1;
      const label = output.length <= MAX_LABEL_LENGTH ? labels.get(output) : undefined;
      if (label) label.count += 1;
      else if (output.length <= MAX_LABEL_LENGTH && labels.size < maxLabels) {
        labels.set(output, { text: output, count: 1, firstLine: line, firstRecord: record });
      } else {
        isLabels = false;
        labels.clear();
      }
    },
    known: () => (isClassification && holds() ? labels : undefined),
    statistics() {
      if (!holds()) return undefined;
      const areLabels = isClassification && examples >= labels.size * LEAST_OF_LABEL;
      const top = areLabels
        ? ranked()
            .filter(({ count }) => count >= LEAST_OF_LABEL)
            .slice(0, TOP_LABELS)
        : [];
      return { distinct: labels.size, top: top.map(({ text, count }) => ({ label: text, count })) };
    },
    reportAll(report) {
      if (!holds()) return;
      const byCount = ranked();
      const most = byCount[0];
      const least = byCount.at(-1);
      if (most && least && most.count > least.count * IMBALANCE) {
        report(
          'dataset_label_imbalance',
          { most: most.count, least: least.count },
          { line: least.firstLine, record: least.firstRecord },
        );
      }
      if (isClassification && byCount.length === 1) {
        report('dataset_single_label', { examples }, { line: 0 });
      }
      reportTypos(byCount.slice(0, MAX_COMPARED), report);
    },
  };
}

/** Reports each label that reads like a more frequent one. */
function reportTypos(byCount: readonly Label[], report: Reporter): void {
  byCount.forEach((label, rank) => {
    const other = byCount.slice(0, rank).find((more) => looksLike(label, more));
    if (!other) return;
    report(
      'dataset_label_typo',
      { count: label.count, otherCount: other.count, ...firstOf(other.firstLine, other.firstRecord) },
      { line: label.firstLine, record: label.firstRecord, path: 'output_text' },
    );
  });
}

/** The same but for case and punctuation, or a rare long label one letter away: `grade1` and `grade2` are no typos. */
function looksLike(label: Label, more: Label): boolean {
  const a = fold(label.text);
  const b = fold(more.text);
  if (a === b && a !== '') return true;
  const isRare = label.count * IMBALANCE <= more.count || label.count === 1;
  return isRare && a.length >= 5 && !/\d/.test(a + b) && isOneEditAway(a, b);
}

const fold = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{P}_]/gu, '');

/** Whether one letter was changed, added or left out. */
function isOneEditAway(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at);
  return rest === long.slice(at + 1);
}
