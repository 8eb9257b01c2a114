/** What Google's servers say of a query without its index: a sentence, and a link to the page of the console that makes the index. */

import type { IndexDefinition, IndexField } from './index-definition.ts';

export interface MissingIndex {
  /** `projects/P/databases/D`. */
  database: string;
  /** The fields without the closing name, where its direction is that of the last one. */
  index: Required<IndexDefinition>;
}

const ORDERS = { ASCENDING: 1, DESCENDING: 2 } as const;
const SCOPES = { COLLECTION: 1, COLLECTION_GROUP: 2 } as const;
const SHORT = { ASCENDING: 'ASC', DESCENDING: 'DESC', CONTAINS: 'CONTAINS' } as const;

/** The words and the two kinds of link are those of Google's servers, then what to declare here. */
export function missingIndexMessage(missing: MissingIndex): string {
  const { collection, scope, fields } = missing.index;
  const [only] = fields;
  const isSingle = scope === 'COLLECTION_GROUP' && fields.length === 2 && only !== undefined;
  const need = isSingle
    ? `The query requires a COLLECTION_GROUP_${SHORT[only.order]} index for collection ${collection} and field ${only.path}.`
    : 'The query requires an index.';
  const link = isSingle ? exemptionLink(missing, only) : compositeLink(missing);
  const declared = (isSingle ? [only] : fields).map(({ path, order }) => `${path} ${order}`).join(', ');
  return (
    `${need} You can create it here: ${link} ` +
    `(in the embedded cloud: declare one on collection "${collection}", scope ${scope}: ${declared})`
  );
}

function compositeLink({ database, index: { collection, scope, fields } }: MissingIndex): string {
  const name = `${database}/collectionGroups/${collection}/indexes/_`;
  return consolePage(database, `create_composite=${encodeIndex(name, scope, fields)}`);
}

/** A field of a collection group has no index of its own until the automatic ones are changed for it. */
function exemptionLink({ database, index: { collection, scope } }: MissingIndex, field: IndexField): string {
  const name = `${database}/collectionGroups/${collection}/fields/${field.path}`;
  return consolePage(database, `create_exemption=${encodeIndex(name, scope, [field])}`);
}

function consolePage(database: string, query: string): string {
  return `https://console.firebase.google.com/v1/r/project/${database.split('/')[1]}/firestore/indexes?${query}`;
}

/** The message google.firestore.admin.v1.Index (index.proto): its name 1, scope 2, fields 3, in base64 for addresses. */
function encodeIndex(name: string, scope: keyof typeof SCOPES, fields: readonly IndexField[]): string {
  const encoded = fields.map(({ path, order }) =>
    order === 'CONTAINS'
      ? [...textField(1, path), (3 << 3) | 0, 1]
      : [...textField(1, path), (2 << 3) | 0, ORDERS[order]],
  );
  const bytes = [
    ...textField(1, name),
    (2 << 3) | 0,
    SCOPES[scope],
    ...encoded.flatMap((field) => bytesField(3, field)),
  ];
  return Buffer.from(bytes).toString('base64url');
}

const textField = (number: number, text: string) => bytesField(number, [...Buffer.from(text)]);

function bytesField(number: number, bytes: number[]): number[] {
  return [(number << 3) | 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
