import type { IssueLocation, Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { NAMES } from '../models/limits.ts';

const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{Lm}\p{M}\p{Nd}_-]*$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{Nd}_-]*$/u;
/** Ours, and those that Vertex AI and its uploader set. */
const RESERVED_LABEL = /^(?:managed-by$|tunedrop|goog|vertex-ai-|tune-type$)/;

/** Checks the user’s labels by the rules of Vertex AI, and that none is reserved. */
export function checkLabels(labels: Record<string, unknown>, locate: Locate): ManifestIssue[] {
  const entries = Object.entries(labels);
  if (entries.length > NAMES.maxUserLabels) {
    const expected = `at most ${NAMES.maxUserLabels} labels`;
    return [
      manifestIssue('invalid_value', locate('labels'), {
        key: 'labels',
        found: `${entries.length}`,
        expected,
      }),
    ];
  }
  return entries.flatMap(([label, value]): ManifestIssue[] => {
    const at = locate('labels', label);
    return [...checkLabel(label, at), ...checkLabelValue(label, value, at)];
  });
}

function checkLabel(label: string, at: IssueLocation): ManifestIssue[] {
  if (isLabelPart(label, LABEL_KEY)) {
    return RESERVED_LABEL.test(label) ? [manifestIssue('label_reserved', at, { label })] : [];
  }
  const expected = 'label keys of at most 64 lowercase letters, digits, _ and -, beginning with a letter';
  const remedy = respelt(label, LABEL_KEY, (right) => `Write the label as ${shown(right)}.`);
  return [manifestIssue('invalid_value', at, { key: 'labels', found: shown(label), expected, remedy })];
}

function checkLabelValue(label: string, value: unknown, at: IssueLocation): ManifestIssue[] {
  if (typeof value === 'string' && isLabelPart(value, LABEL_VALUE)) return [];
  const expected = 'label values of at most 64 lowercase letters, digits, _ and -, in quotes';
  const found = `${isLabelPart(label, LABEL_KEY) ? label : shown(label)}: ${shown(value)}`;
  const remedy = respelt(value, LABEL_VALUE, (right) => `Write the value as ${shown(right)}.`);
  return [manifestIssue('invalid_value', at, { key: 'labels', found, expected, remedy })];
}

/** In lower case, with what a label does not take as -; undefined where that is no label either. */
function respelt(value: unknown, pattern: RegExp, words: (right: string) => string): string | undefined {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  const right = String(value)
    .toLowerCase()
    .replace(/[^\p{Ll}\p{Lo}\p{Lm}\p{M}\p{Nd}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return isLabelPart(right, pattern) && right !== '' ? words(right) : undefined;
}

function isLabelPart(text: string, pattern: RegExp): boolean {
  return (
    text.length <= 2 * NAMES.maxLabelLength && [...text].length <= NAMES.maxLabelLength && pattern.test(text)
  );
}
