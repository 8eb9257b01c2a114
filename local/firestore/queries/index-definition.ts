import { NAME_FIELD } from '../values/field-path.ts';
import type { Direction } from '../values/messages.ts';

/** One field of an index. CONTAINS is what Terraform calls `array_config = "CONTAINS"`. */
export interface IndexField {
  path: string;
  order: Direction | 'CONTAINS';
}

/** A declared index; one with a single field stands for a single-field index beyond the automatic ones. */
export interface IndexDefinition {
  /** Collection id, not a path. */
  collection: string;
  /** COLLECTION when left out. */
  scope?: 'COLLECTION' | 'COLLECTION_GROUP';
  /** Without the closing `__name__`, unless its direction differs from the last field's. */
  fields: readonly IndexField[];
}

/** An index closes with the name, in the direction of its last ordered field. */
export function withName(fields: readonly IndexField[]): IndexField[] {
  if (fields.at(-1)?.path === NAME_FIELD) return [...fields];
  const last = fields.findLast(({ order }) => order !== 'CONTAINS')?.order ?? 'ASCENDING';
  return [...fields, { path: NAME_FIELD, order: last }];
}
