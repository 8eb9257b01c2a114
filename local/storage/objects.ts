/** The handlers for one object's metadata and for listing. */

import { type Call, type Handlers, readJson } from './call.ts';
import type { Catalog } from './catalog.ts';
import { listObjects, parseListQuery } from './listing.ts';
import { checkGeneration } from './media.ts';
import { checkPreconditions, parsePreconditions } from './preconditions.ts';
import { attributesOf, patchAttributes, type StoredObject, toResource } from './resource.ts';
import type { Store } from './store.ts';

export interface ObjectHandlerOptions {
  store: Store;
  catalog: Catalog;
  baseUrl: () => string;
}

type ObjectActions = 'listObjects' | 'getObject' | 'patchObject' | 'replaceMetadata' | 'deleteObject';

export function createObjectHandlers(options: ObjectHandlerOptions): Handlers<ObjectActions> {
  const { store, catalog, baseUrl } = options;

  const checked = (object: StoredObject, query: URLSearchParams, purpose: 'read' | 'write') => {
    checkGeneration(object, query);
    checkPreconditions(parsePreconditions(query), object, purpose);
    return object;
  };

  const change = async (call: Call, merge: typeof patchAttributes) => {
    const body = await readJson(call.request);
    // Nothing waits between looking and writing: the preconditions hold for what is changed.
    const object = checked(store.get(call.bucket, call.object), call.query, 'write');
    const updated = store.update(object, merge(object.attributes, body));
    return { status: 200, json: toResource(updated, baseUrl()) };
  };

  return {
    async listObjects({ bucket, query }) {
      store.folderOf(bucket);
      const { items, prefixes, nextPageToken } = listObjects(catalog, bucket, parseListQuery(query));
      const json = {
        kind: 'storage#objects',
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
        ...(prefixes.length === 0 ? {} : { prefixes }),
        ...(items.length === 0 ? {} : { items: items.map((item) => toResource(item, baseUrl())) }),
      };
      return { status: 200, json };
    },

    async getObject({ bucket, object, query }) {
      const found = checked(store.get(bucket, object), query, 'read');
      return { status: 200, json: toResource(found, baseUrl()) };
    },

    patchObject: (call) => change(call, patchAttributes),
    replaceMetadata: (call) => change(call, (_before, body) => attributesOf(body)),

    async deleteObject({ bucket, object, query }) {
      await store.remove(bucket, object, (current) => void checked(current, query, 'write'));
      return { status: 204 };
    },
  };
}
