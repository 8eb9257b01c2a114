/** The ids of one column of the labels: each must stand in the file that the column refers to. */
import type { IdHint } from '../../issues/embedding.ts';
import { createHashIndex } from '../tallies/hash-index.ts';
import type { EmbeddingTools, FilesBefore } from './tools.ts';

export interface References {
  /** Reports an id that does not exist where it first stands; its later lines only count as unusable. */
  check(id: string): void;
  /** Different ids that do not exist. */
  readonly unknown: number;
}

const COLUMNS = {
  query: { code: 'labels_query_unknown', path: 'query-id', file: 'queries', otherFile: 'corpus' },
  document: { code: 'labels_document_unknown', path: 'corpus-id', file: 'corpus', otherFile: 'queries' },
} as const;

/** What may have been meant by an id that does not exist; the first that does exist is named. */
const REPAIRS: readonly { hint: IdHint; repair: (id: string) => string }[] = [
  { hint: 'spaces', repair: (id) => id.trim() },
  { hint: 'quotes', repair: (id) => id.trim().replaceAll(/^["']|["']$/g, '') },
  { hint: 'case', repair: (id) => id.toLowerCase() },
  { hint: 'case', repair: (id) => id.toUpperCase() },
  { hint: 'case', repair: (id) => id.charAt(0).toUpperCase() + id.slice(1) },
  { hint: 'unicode', repair: (id) => id.normalize('NFC') },
  { hint: 'unicode', repair: (id) => id.normalize('NFD') },
];

/** Makes the check of one column of one label file; where the file it refers to was not read, every id passes. */
export function createReferences(
  column: keyof typeof COLUMNS,
  { hasher, report, progress }: EmbeddingTools,
  before: Pick<FilesBefore, 'queries' | 'corpus'>,
): References {
  const { code, path, file, otherFile } = COLUMNS[column];
  const { [file]: known, [otherFile]: other } = before;
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
      report(code, { unread: known.unread, hint: hintFor(id) }, { path });
    },
  };
}
