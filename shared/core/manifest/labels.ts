import type { Locate } from '../issues/issue.ts';
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
    const key = 'labels';
    if (!isLabelPart(label, LABEL_KEY)) {
      const expected = 'label keys of at most 64 lowercase letters, digits, _ and -, beginning with a letter';
      return [manifestIssue('invalid_value', at, { key, found: shown(label), expected })];
    }
    if (RESERVED_LABEL.test(label)) return [manifestIssue('label_reserved', at, { label })];
    if (typeof value === 'string' && isLabelPart(value, LABEL_VALUE)) return [];
    const expected = 'label values of at most 64 lowercase letters, digits, _ and -, in quotes';
    return [manifestIssue('invalid_value', at, { key, found: `${label}: ${shown(value)}`, expected })];
  });
}

function isLabelPart(text: string, pattern: RegExp): boolean {
  return (
    text.length <= 2 * NAMES.maxLabelLength && [...text].length <= NAMES.maxLabelLength && pattern.test(text)
  );
}
