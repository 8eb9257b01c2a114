/** What is Firestore's own in addresses over HTTP, beside the rules of its methods. */

import type { BoundField } from '../../rest-beside-grpc/http-rules.ts';
import type { DocumentStore } from '../store.ts';

/** `documents/runs` is a collection, `documents/runs/a` a document: over HTTP, the number of segments alone tells them apart. */
export function isDocumentPath([field, value]: BoundField): boolean {
  const [, below] = /\/documents(?:\/(.+))?$/.exec(value) ?? [];
  return !/^(?:name|parent|document\.name)$/.test(field) || (below?.split('/').length ?? 0) % 2 === 0;
}

/** `DELETE /emulator/v1/projects/P/databases/D/documents`, with which test suites begin anew on Google's emulator. */
export function emptyDatabase(store: DocumentStore, verb: string, path: string): object | undefined {
  const root =
    verb === 'DELETE' && /^\/emulator\/v1\/(projects\/[^/]+\/databases\/[^/]+\/documents)$/.exec(path)?.[1];
  if (!root) return undefined;
  const below = [...store.collections()].filter(([collection]) => collection.startsWith(`${root}/`));
  store.commit(
    new Map(below.flatMap(([, documents]) => [...documents.keys()].map((name) => [name, undefined]))),
  );
  return {};
}
