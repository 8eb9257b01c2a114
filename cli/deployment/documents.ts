import type { CallApi } from './call.ts';
import type { FoundDeployment } from './find.ts';
import { type FirestoreValue, plainFields } from './values.ts';

/** A document as it was read. */
export interface ReadDocument {
  /** The last part of its name. */
  id: string;
  data: Record<string, unknown>;
}

/** A query as Firestore's REST API takes it, without its collection: reference/rest/v1/RestQuery. */
export interface RestQuery {
  where?: object | undefined;
  orderBy?: readonly object[] | undefined;
  startAt?: object | undefined;
  limit?: number | undefined;
}

/** Reads the documents of a deployment over Firestore's REST API, which is the same for an emulator. */
export interface RestDocuments {
  /** The documents at these paths, such as `runs/ID`, in this order; undefined where there is none. */
  get(paths: readonly string[]): Promise<(ReadDocument | undefined)[]>;
  /** Of a collection such as `runs` or `runs/ID/metrics`. */
  query(collection: string, query: RestQuery): Promise<ReadDocument[]>;
  /** Full name of a document, as a value of a query. */
  nameOf(path: string): string;
}

interface StoredDocument {
  name: string;
  fields?: Record<string, FirestoreValue>;
}

export function createDocuments(call: CallApi, { project, database, local }: FoundDeployment): RestDocuments {
  const root = `projects/${project}/databases/${database}/documents`;
  const origin = local ? local.firestore : 'https://firestore.googleapis.com';
  if (origin === '')
    throw new Error(
      'FIRESTORE_EMULATOR_HOST is not set beside the other emulators: where are the documents?',
    );
  const post = async <Answer>(at: string, body: object): Promise<Answer[]> => {
    const url = `${origin}/v1/${at}`;
    const doing = `reading from the database ${database} of ${project}`;
    return (await (await call({ method: 'POST', url, body, doing, isRepeatable: true })).json()) as Answer[];
  };
  return {
    nameOf: (path) => `${root}/${path}`,

    async get(paths) {
      const answers = await post<{ found?: StoredDocument }>(`${root}:batchGet`, {
        documents: paths.map((path) => `${root}/${path}`),
      });
      const found = new Map(answers.flatMap(({ found }) => (found ? [[found.name, found]] : [])));
      return paths.map((path) => foundDocument(found.get(`${root}/${path}`)));
    },

    async query(collection, query) {
      const parts = collection.split('/');
      const parent = [root, ...parts.slice(0, -1)].join('/');
      const from = [{ collectionId: parts.at(-1) }];
      const answers = await post<{ document?: StoredDocument }>(`${parent}:runQuery`, {
        structuredQuery: { from, ...query },
      });
      return answers.flatMap(({ document }) => foundDocument(document) ?? []);
    },
  };
}

function foundDocument(document: StoredDocument | undefined): ReadDocument | undefined {
  return document && { id: document.name.split('/').at(-1) ?? '', data: plainFields(document.fields) };
}
