/** What administrators ask of databases and indexes: here they are to be seen, and are made elsewhere. */

import { type IndexDefinition, withName } from '../queries/index-definition.ts';
import type { DocumentStore } from '../store.ts';
import { failure } from '../values/failure.ts';
import { checkDatabaseName, databaseOf } from '../values/names.ts';
import { type RpcContext, unary } from './calls.ts';

export interface AdminRpcDeps {
  store: DocumentStore;
  indexes: readonly IndexDefinition[];
}

/** Reads of google.firestore.admin.v1.FirestoreAdmin. */
export function adminRpcs(context: RpcContext, { store, indexes }: AdminRpcDeps) {
  return {
    ListDatabases: unary(context, 'ListDatabases', ({ parent = '' }: { parent?: string }) => ({
      databases: databasesOf(store, parent).map(database),
    })),
    GetDatabase: unary(context, 'GetDatabase', ({ name = '' }: { name?: string }) => {
      checkDatabaseName(name);
      return database(name);
    }),
    ListIndexes: unary(context, 'ListIndexes', ({ parent = '' }: { parent?: string }) => ({
      indexes: indexesBelow(databaseOf(parent), indexes).filter(
        ({ name }) => parent.endsWith('/collectionGroups/-') || name.startsWith(`${parent}/`),
      ),
    })),
    GetIndex: unary(context, 'GetIndex', ({ name = '' }: { name?: string }) => {
      const found = indexesBelow(databaseOf(name), indexes).find((index) => index.name === name);
      if (!found) throw failure('NOT_FOUND', `Index "${name}" not found.`);
      return found;
    }),
  };
}

/** Every database exists; those that are known by name are the one by default and those with documents. */
function databasesOf(store: DocumentStore, project: string): string[] {
  const used = [...store.collections().keys()]
    .map(databaseOf)
    .filter((name) => name.startsWith(`${project}/`));
  return [...new Set([`${project}/databases/(default)`, ...used])].sort();
}

function database(name: string) {
  return { name, type: 'FIRESTORE_NATIVE' };
}

function indexesBelow(database: string, indexes: readonly IndexDefinition[]) {
  return indexes.map(({ collection, scope = 'COLLECTION', fields }, position) => ({
    name: `${database}/collectionGroups/${collection}/indexes/declared-${position + 1}`,
    queryScope: scope,
    fields: withName(fields).map(({ path, order }) =>
      order === 'CONTAINS' ? { fieldPath: path, arrayConfig: order } : { fieldPath: path, order },
    ),
    state: 'READY',
  }));
}
