import { documentMessage } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import type { Transactions } from '../transactions/transactions.ts';
import { failure } from '../values/failure.ts';
import { parseMask } from '../values/field-path.ts';
import type { Consistency, DocumentMask } from '../values/messages.ts';
import { checkDatabaseName, checkDocumentName } from '../values/names.ts';
import { toTimestamp } from '../values/timestamps.ts';
import { type RpcContext, serverStream, unary } from './calls.ts';

interface GetDocumentRequest extends Consistency {
  name: string;
  mask?: DocumentMask;
}

interface BatchGetRequest extends Consistency {
  database?: string;
  documents?: string[];
  mask?: DocumentMask;
}

/** Reads by name. */
export function documentRpcs(context: RpcContext, store: DocumentStore, transactions: Transactions) {
  return {
    GetDocument: unary(context, 'GetDocument', (request: GetDocumentRequest, caller) =>
      transactions.read({ ...request, caller }, async (view) => {
        const paths = pathsOf(request.mask);
        const [document] = await view.documents([checkDocumentName(request.name)]);
        if (!document) throw failure('NOT_FOUND', `Document "${request.name}" not found.`);
        return documentMessage(document, paths);
      }),
    ),
    BatchGetDocuments: serverStream(context, 'BatchGetDocuments', (request: BatchGetRequest, caller) =>
      transactions.read({ ...request, caller }, async (view) => {
        checkDatabaseName(request.database);
        const paths = pathsOf(request.mask);
        const names = (request.documents ?? []).map(checkDocumentName);
        const documents = await view.documents(names);
        const readTime = toTimestamp(store.readMicros());
        const results = documents.map((document, index) => ({
          ...(document ? { found: documentMessage(document, paths) } : { missing: names[index] ?? '' }),
          readTime,
        }));
        return view.begun ? [{ transaction: view.begun }, ...results] : results;
      }),
    ),
  };
}

/** The paths of a mask; undefined for whole documents. Fails on one that is no path, also where no document is found. */
export function pathsOf(mask: DocumentMask | undefined): string[] | undefined {
  if (!mask) return undefined;
  const paths = mask.fieldPaths ?? [];
  parseMask(paths);
  return paths;
}
