import { fieldReader } from '../queries/filters.ts';
import type { QueryGuard } from '../queries/indexes.ts';
import { documentMessage, sourceTest } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import type { Transactions } from '../transactions/transactions.ts';
import type { View } from '../transactions/views.ts';
import { failure } from '../values/failure.ts';
import { NAME_FIELD } from '../values/field-path.ts';
import type {
  Consistency,
  DocumentMask,
  DocumentMessage,
  StructuredQuery,
  Timestamp,
  Value,
} from '../values/messages.ts';
import { checkParent, compareNames, idOf } from '../values/names.ts';
import { compareStrings } from '../values/strings.ts';
import { type RpcContext, unary } from './calls.ts';
import { pathsOf } from './documents.ts';
import { cutPage, invalidToken, lastOf, type PageRequest, pageSizeOf } from './pages.ts';
import type { FieldsCodec } from './protos.ts';

interface ListDocumentsRequest extends Consistency, PageRequest {
  parent: string;
  collectionId?: string;
  /** Such as `priority desc, age`. */
  orderBy?: string;
  mask?: DocumentMask;
  showMissing?: boolean;
}

interface ListCollectionIdsRequest extends PageRequest {
  parent: string;
  readTime?: Timestamp;
}

export interface ListRpcDeps {
  store: DocumentStore;
  transactions: Transactions;
  guard: QueryGuard;
  codec: FieldsCodec;
}

type Orders = NonNullable<StructuredQuery['orderBy']>;

/** Lists of what lies below a document or the root. */
export function listRpcs(context: RpcContext, deps: ListRpcDeps) {
  return {
    ListDocuments: unary(context, 'ListDocuments', (request: ListDocumentsRequest, caller) =>
      deps.transactions.read({ ...request, caller }, (view) => listDocuments(deps, request, view)),
    ),
    ListCollectionIds: unary(context, 'ListCollectionIds', (request: ListCollectionIdsRequest) => {
      if (request.readTime)
        throw failure('UNIMPLEMENTED', 'The local Firestore keeps no past versions to read.');
      const last = lastOf(request)?.toString();
      const left = childCollectionIds(deps.store, checkParent(request.parent)).filter(
        (id) => last === undefined || compareStrings(id, last) > 0,
      );
      const { items, nextPageToken } = cutPage(left, pageSizeOf(request), (id) => Buffer.from(id));
      return { collectionIds: items, nextPageToken };
    }),
  };
}

async function listDocuments(
  { store, guard, codec }: ListRpcDeps,
  request: ListDocumentsRequest,
  view: View,
) {
  const { parent, collectionId = '', mask, showMissing = false } = request;
  if (showMissing && request.orderBy) {
    throw failure('INVALID_ARGUMENT', 'cannot specify an order when show_missing is true');
  }
  const paths = pathsOf(mask);
  const size = pageSizeOf(request);
  const orderBy = ordersOf(request.orderBy ?? '');
  const after = keysOf(codec, orderBy, lastOf(request));
  const query: StructuredQuery = {
    from: [{ collectionId }],
    orderBy,
    startAt: after && { values: after, before: false },
    limit: showMissing ? undefined : { value: size + 1 },
  };
  guard({ parent, query });
  const found = (await view.query({ parent, query })).map((document) => ({
    message: documentMessage(document, paths),
    keys: () => orderBy.map(({ field }) => fieldReader(field.fieldPath)(document) as Value),
  }));
  const missing = showMissing ? missingDocuments(store, { parent, collectionId, after: after?.[0] }) : [];
  const left = missing.length === 0 ? found : [...found, ...missing].sort(byName);
  const { items, nextPageToken } = cutPage(left, size, ({ keys }) =>
    codec.encode({ keys: { valueType: 'arrayValue', arrayValue: { values: keys() } } }),
  );
  return { documents: items.map(({ message }) => message), nextPageToken };
}

interface Listed {
  message: DocumentMessage;
  /** Its values in the order of the list. */
  keys: () => Value[];
}

const byName = (left: Listed, right: Listed) => compareNames(left.message.name, right.message.name);

/** The order as a query has it; always down to the name, so that a page can begin after any document. */
function ordersOf(text: string): Orders {
  const clause = /\s*((?:`(?:[^`\\]|\\.)+`|[^`,\s])+)(?:\s+(asc|desc))?\s*(?:,|$)/iy;
  const orders: Orders = [];
  for (let at = 0; at < text.length; at = clause.lastIndex) {
    clause.lastIndex = at;
    const match = clause.exec(text);
    if (!match) throw failure('INVALID_ARGUMENT', `Invalid order by clause "${text}".`);
    const direction = match[2]?.toLowerCase() === 'desc' ? 'DESCENDING' : 'ASCENDING';
    orders.push({ field: { fieldPath: match[1] ?? '' }, direction });
  }
  if (orders.some(({ field }) => field.fieldPath === NAME_FIELD)) return orders;
  return [
    ...orders,
    { field: { fieldPath: NAME_FIELD }, direction: orders.at(-1)?.direction ?? 'ASCENDING' },
  ];
}

/** The values that the last document of an earlier page has in the order of the list. */
function keysOf(codec: FieldsCodec, orders: Orders, last: Buffer | undefined): Value[] | undefined {
  if (!last) return undefined;
  try {
    const { keys } = codec.decode(last);
    if (keys?.valueType === 'arrayValue' && keys.arrayValue.values?.length === orders.length) {
      return keys.arrayValue.values;
    }
  } catch {
    // No token of ours.
  }
  throw invalidToken();
}

/** Documents that do not exist but have something below them; only their name is known. */
function missingDocuments(
  store: DocumentStore,
  { parent, collectionId, after }: { parent: string; collectionId: string; after: Value | undefined },
): Listed[] {
  const isAsked = sourceTest({ parent, query: { from: [{ collectionId }] } });
  const names = [...store.collections().keys()].flatMap((collection) =>
    ancestorsOf(collection, parent).filter((name) => isAsked(name.slice(0, name.lastIndexOf('/')))),
  );
  const last = after?.valueType === 'referenceValue' ? after.referenceValue : undefined;
  return [...new Set(names)]
    .filter((name) => !store.get(name) && (last === undefined || compareNames(name, last) > 0))
    .map((name) => ({
      message: { name },
      keys: () => [{ valueType: 'referenceValue', referenceValue: name }],
    }));
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
