/** The handlers for one object's metadata and for listing. */

import type { StorageEngine } from '../engine/engine.ts';
import { listObjects } from '../engine/listing.ts';
import type { StoredObject } from '../engine/object.ts';
import { checkPreconditions } from '../engine/preconditions.ts';
import { type Call, type Handlers, readJson } from './call.ts';
import { checkGeneration, pageTokenOf, parseListQuery, parsePreconditions } from './query.ts';
import { attributesOf, patchAttributes, toResource } from './resource.ts';

type ObjectActions = 'listObjects' | 'getObject' | 'patchObject' | 'replaceMetadata' | 'deleteObject';

export function createObjectHandlers(engine: StorageEngine, baseUrl: () => string): Handlers<ObjectActions> {
  const change = async (call: Call, merge: typeof patchAttributes) => {
    const body = await readJson(call.request);
    // Nothing waits between looking and writing: the preconditions hold for what is changed.
    const object = checked(engine.get(call.bucket, call.object), call.query, 'write');
    const updated = engine.update(object, merge(object.attributes, body));
    return { status: 200, json: toResource(updated, baseUrl()) };
  };

  return {
    async listObjects({ bucket, query }) {
      engine.bucket(bucket);
      const objectsFrom = (name: string, limit: number) => engine.objectsFrom(bucket, name, limit);
      const { items, prefixes, next } = listObjects(objectsFrom, parseListQuery(query));
      const json = {
        kind: 'storage#objects',
        nextPageToken: next === undefined ? undefined : pageTokenOf(next),
        prefixes: prefixes.length > 0 ? prefixes : undefined,
        items: items.length > 0 ? items.map((item) => toResource(item, baseUrl())) : undefined,
      };
      return { status: 200, json };
    },

    async getObject({ bucket, object, query }) {
      const found = checked(engine.get(bucket, object), query, 'read');
      return { status: 200, json: toResource(found, baseUrl()) };
    },

    patchObject: (call) => change(call, patchAttributes),
    replaceMetadata: (call) => change(call, (_before, body) => attributesOf(body)),

    async deleteObject({ bucket, object, query }) {
      engine.remove(bucket, object, (current) => void checked(current, query, 'write'));
      return { status: 204 };
    },
  };
}

function checked(object: StoredObject, query: URLSearchParams, purpose: 'read' | 'write'): StoredObject {
  checkGeneration(object, query);
  checkPreconditions(parsePreconditions(query), object, purpose);
  return object;
}
