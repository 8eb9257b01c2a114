import type { Fields } from './messages.ts';

/** One version of a document; never changed in place. Times are microseconds since the epoch. */
export interface StoredDocument {
  readonly name: string;
  readonly fields: Fields;
  readonly createMicros: number;
  readonly updateMicros: number;
}

/** Documents by name, by the full name of their collection. No collection is empty. */
export type Collections = ReadonlyMap<string, ReadonlyMap<string, StoredDocument>>;

/** New versions by document name; undefined deletes. */
export type Changes = ReadonlyMap<string, StoredDocument | undefined>;
