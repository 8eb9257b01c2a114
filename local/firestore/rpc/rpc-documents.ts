import { sourceTest, toMessage } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import { failure } from '../values/failure.ts';
import type { Consistency, DocumentMask, DocumentMessage } from '../values/messages.ts';
import { checkDocumentName, compareNames, idOf } from '../values/names.ts';
import { compareStrings } from '../values/strings.ts';
import { toTimestamp } from '../values/timestamps.ts';
import type { Transactions } from '../writes/transactions.ts';
import { type RpcContext, serverStream, unary } from './rpc.ts';

const DEFAULT_PAGE = 300;

interface GetDocumentRequest extends Consistency {
  name: string;
  mask?: DocumentMask;
}

interface BatchGetRequest extends Consistency {
  documents?: string[];
  mask?: DocumentMask;
}

interface ListDocumentsRequest extends Consistency {
  parent: string;
  collectionId?: string;
  pageSize?: number;
  pageToken?: string;
  mask?: DocumentMask;
  showMissing?: boolean;
}

interface ListCollectionIdsRequest {
  parent: string;
  pageSize?: number;
  pageToken?: string;
}

/** Reads by name, and lists of names. */
export function documentRpcs(context: RpcContext, store: DocumentStore, transactions: Transactions) {
  return {
    GetDocument: unary(context, 'GetDocument', (request: GetDocumentRequest) =>
      transactions.read(request, async (view) => {
        const [document] = await view.documents([checkDocumentName(request.name)]);
        if (!document) throw failure('NOT_FOUND', `Document "${request.name}" not found.`);
        return toMessage(document, pathsOf(request.mask));
      }),
    ),
    BatchGetDocuments: serverStream(context, 'BatchGetDocuments', (request: BatchGetRequest) =>
      transactions.read(request, async (view) => {
        const names = (request.documents ?? []).map(checkDocumentName);
        const documents = await view.documents(names);
        const readTime = toTimestamp(store.readMicros());
        const results = documents.map((document, index) => ({
          ...(document
            ? { found: toMessage(document, pathsOf(request.mask)) }
            : { missing: names[index] ?? '' }),
          readTime,
        }));
        return view.begun ? [{ transaction: view.begun }, ...results] : results;
      }),
    ),
    ListDocuments: unary(context, 'ListDocuments', (request: ListDocumentsRequest) =>
      transactions.read(request, async (view) => {
        const { parent, collectionId = '', mask } = request;
        const query = { from: [{ collectionId }] };
        const found: DocumentMessage[] = (await view.query({ parent, query })).map((document) =>
          toMessage(document, pathsOf(mask)),
        );
        const missing = request.showMissing ? missingDocuments(store, parent, collectionId) : [];
        const all = [...found, ...missing].sort((left, right) => compareNames(left.name, right.name));
        const { items, nextPageToken } = page(all, request);
        return { documents: items, nextPageToken };
      }),
    ),
    ListCollectionIds: unary(context, 'ListCollectionIds', (request: ListCollectionIdsRequest) => {
      const { items, nextPageToken } = page(childCollectionIds(store, request.parent), request);
      return { collectionIds: items, nextPageToken };
    }),
  };
}

function pathsOf(mask: DocumentMask | undefined): string[] | undefined {
  return mask && (mask.fieldPaths ?? []);
}

/** Documents that do not exist but have something below them; only their name is known. */
function missingDocuments(store: DocumentStore, parent: string, collectionId: string): DocumentMessage[] {
  const isAsked = sourceTest({ parent, query: { from: [{ collectionId }] } });
  const names = [...store.collections().keys()].flatMap((collection) =>
    ancestorsOf(collection, parent).filter((name) => isAsked(name.slice(0, name.lastIndexOf('/')))),
  );
  return [...new Set(names)].filter((name) => !store.get(name)).map((name) => ({ name }));
}

/** Names of the documents between `parent` and a collection below it. */
function ancestorsOf(collection: string, parent: string): string[] {
  if (!collection.startsWith(`${parent}/`)) return [];
  const segments = collection.slice(parent.length + 1).split('/');
  return segments.flatMap((_, index) =>
    index % 2 === 1 ? [`${parent}/${segments.slice(0, index + 1).join('/')}`] : [],
  );
}

/** Ids of the collections directly below, also of those that only hold something deeper. */
function childCollectionIds(store: DocumentStore, parent: string): string[] {
  const below = [...store.collections().keys()].filter((collection) => collection.startsWith(`${parent}/`));
  const ids = below.map(
    (collection) => collection.slice(parent.length + 1).split('/')[0] ?? idOf(collection),
  );
  return [...new Set(ids)].sort(compareStrings);
}

/** A page token is the position to go on from. */
function page<T>(all: T[], { pageSize, pageToken }: { pageSize?: number; pageToken?: string }) {
  const from = Number(pageToken ?? 0);
  const to = from + (pageSize || DEFAULT_PAGE);
  return { items: all.slice(from, to), nextPageToken: to < all.length ? String(to) : '' };
}
