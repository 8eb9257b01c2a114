import { failure } from './failure.ts';
import { compareStrings } from './strings.ts';

/** Limits of names. https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const MAX_NAME_BYTES = 6 * 1024;
const MAX_ID_BYTES = 1500;
const MAX_DEPTH = 100;
const NUMERIC_ID = /^__id(-?\d+)__$/;
const DATABASE = /^projects\/[^/]+\/databases\/[^/]+$/;
const DOCUMENTS_ROOT = /^projects\/[^/]+\/databases\/[^/]+\/documents(?=\/|$)/;

/** Fails unless it is a database: `projects/P/databases/D`. */
export function checkDatabaseName(name = ''): void {
  if (DATABASE.test(name)) return;
  throw failure('INVALID_ARGUMENT', `Database name "${name}" is not projects/PROJECT/databases/DATABASE.`);
}

/** The path below `.../documents`, empty for the root. Fails on what is not a resource name. */
export function pathOf(name: string): string[] {
  const root = DOCUMENTS_ROOT.exec(name)?.[0];
  if (!root) {
    throw failure(
      'INVALID_ARGUMENT',
      `Resource name "${name}" does not begin with projects/PROJECT/databases/DATABASE/documents.`,
    );
  }
  return name === root ? [] : name.slice(root.length + 1).split('/');
}

/** Fails unless `name` is a document that a client may read or write. */
export function checkDocumentName(name = ''): string {
  const path = pathOf(name);
  if (path.length === 0 || path.length % 2 !== 0) {
    throw failure('INVALID_ARGUMENT', `Document name "${name}" lacks a document id.`);
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw failure('INVALID_ARGUMENT', `Document name is longer than ${MAX_NAME_BYTES} bytes.`);
  }
  if (path.length > 2 * MAX_DEPTH) {
    throw failure('INVALID_ARGUMENT', `Key path is too long. Cannot exceed ${MAX_DEPTH} elements.`);
  }
  for (const [index, id] of path.entries()) checkId(id, index % 2 === 0 ? 'Collection' : 'Resource');
  return name;
}

/** Fails unless it is what collections lie below: a document, or the root of all documents. */
export function checkParent(parent = ''): string {
  return pathOf(parent).length === 0 ? parent : checkDocumentName(parent);
}

/** Fails unless it can be the id of a collection. */
export function checkCollectionId(id: string): void {
  if (id.includes('/')) {
    throw failure('INVALID_ARGUMENT', `Collection id "${id}" is invalid because it contains "/".`);
  }
  checkId(id, 'Collection');
}

function checkId(id: string, kind: 'Collection' | 'Resource'): void {
  if (id === '' || id === '.' || id === '..') {
    throw failure('INVALID_ARGUMENT', `${kind} id "${id}" is invalid.`);
  }
  if (/^__.*__$/s.test(id) && (kind === 'Collection' || !NUMERIC_ID.test(id))) {
    throw failure('INVALID_ARGUMENT', `${kind} id "${id}" is invalid because it is reserved.`);
  }
  if (Buffer.byteLength(id) > MAX_ID_BYTES) {
    throw failure('INVALID_ARGUMENT', `${kind} id is longer than ${MAX_ID_BYTES} bytes.`);
  }
}

/** The database that something lies in: `projects/P/databases/D`. */
export function databaseOf(name: string): string {
  return name.split('/').slice(0, 4).join('/');
}

/** The collection that holds a document, as a full name. */
export function collectionOf(documentName: string): string {
  return documentName.slice(0, documentName.lastIndexOf('/'));
}

/** The last segment: a document's or a collection's own id. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Key order of two full names: segment by segment, numeric ids (`__id7__`) first and by value. */
export function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  if (collectionOf(left) === collectionOf(right)) return compareIds(idOf(left), idOf(right));
  const leftSegments = left.split('/');
  const rightSegments = right.split('/');
  for (const [index, segment] of leftSegments.entries()) {
    const other = rightSegments[index];
    if (other === undefined) return 1;
    const order = segment === other ? 0 : compareIds(segment, other);
    if (order !== 0) return order;
  }
  return -1;
}

function compareIds(left: string, right: string): number {
  const leftNumber = NUMERIC_ID.exec(left)?.[1];
  const rightNumber = NUMERIC_ID.exec(right)?.[1];
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return Number(BigInt(leftNumber) - BigInt(rightNumber));
  }
  if (leftNumber !== undefined) return -1;
  return rightNumber === undefined ? compareStrings(left, right) : 1;
}
