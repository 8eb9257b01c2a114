/** The ids of one column of the labels: each must stand in the file that the column refers to. */
import type { EmbeddingIssue, IdHint } from '../../issues/embedding.ts';
import type { Progress } from '../jsonl/json-lines.ts';
import type { ReportOf } from '../lines/reporter.ts';
import { createHashIndex } from '../tallies/hash-index.ts';
import type { TextHasher } from '../tallies/text-hash.ts';
import type { KnownIds } from './record-file.ts';

export interface References {
  /** Reports an id that does not exist where it first stands; its later lines only count as unusable. */
  check(id: string): void;
  /** Different ids that do not exist. */
  readonly unknown: number;
}

export interface ReferencesOptions {
  column: keyof typeof COLUMNS;
  /** The file that the column refers to; undefined where it was not read, and then every id passes. */
  known: KnownIds | undefined;
  /** The file of the other column. */
  other: KnownIds | undefined;
  hasher: TextHasher;
  reportLabel: ReportOf<EmbeddingIssue>;
  progress: Progress;
}

const COLUMNS = {
  query: { code: 'labels_query_unknown', path: 'query-id' },
  document: { code: 'labels_document_unknown', path: 'corpus-id' },
} as const;

/** What may have been meant by an id that does not exist; the first that does exist is named. */
const REPAIRS: readonly { hint: IdHint; repair: (id: string) => string }[] = [
  { hint: 'spaces', repair: (id) => id.trim() },
  { hint: 'quotes', repair: (id) => id.trim().replaceAll(/^["']|["']$/g, '') },
];

/** Makes the check of one column of one label file. */
export function createReferences(options: ReferencesOptions): References {
  const { known, other, hasher, reportLabel, progress } = options;
  const { code, path } = COLUMNS[options.column];
  const canTell = known?.ids.isComplete === true && known.ids.size > 0;
  const seen = createHashIndex();
  let unknown = 0;
  const has = (id: string) => known?.ids.has(id) === true;

  function isNew(id: string): boolean {
    hasher.reset();
    hasher.write(id);
    hasher.digest();
    return seen.add(hasher.low, hasher.high, progress.line, 0) === -1;
  }

  function hintFor(id: string): IdHint | undefined {
    const repair = REPAIRS.find(({ repair }) => repair(id) !== id && has(repair(id)));
    return repair?.hint ?? (other?.ids.has(id) ? 'swapped' : undefined);
  }

  return {
    get unknown() {
      return unknown;
    },
    check(id) {
      if (!canTell || has(id)) return;
      if (!isNew(id)) {
        progress.lastErrorLine = progress.line;
        return;
      }
      unknown += 1;
      const hint = hintFor(id);
      reportLabel(code, { id, unread: known.unread, ...(hint && { hint }) }, { path });
    },
  };
}
