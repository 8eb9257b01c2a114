/** Objects made from objects on the server: rewrite, copy, compose. */

import { apiError } from './api-error.ts';
import { type Call, type Handlers, readJson } from './call.ts';
import { createDigest, type Digest } from './digest.ts';
import { checkGeneration, readPart } from './media.ts';
import { nameProblem } from './names.ts';
import { checkPreconditions, parsePreconditions } from './preconditions.ts';
import { appendTo, withStaged } from './receive.ts';
import { attributesOf, isObject, type StoredObject, toResource } from './resource.ts';
import { sameFile, signatureOf } from './signature.ts';
import type { Store } from './store.ts';

const MAX_SOURCES = 32;

interface Source {
  bucket: string;
  name: string;
  check: (object: StoredObject) => void;
}

type CopyActions = 'rewriteObject' | 'copyObject' | 'composeObject';

export function createCopyHandlers(store: Store, baseUrl: () => string): Handlers<CopyActions> {
  /** Appends a source's bytes to the staged file; gives the object that they came from. */
  const appendSource = async (source: Source, staged: string, digest: Digest): Promise<StoredObject> => {
    const { object, handle } = await store.open(source.bucket, source.name, source.check);
    try {
      await appendTo(staged, readPart({ handle, start: 0, length: object.size }), digest);
      const after = signatureOf(await handle.stat({ bigint: true }));
      if (!sameFile(after, object.signature))
        throw apiError(503, 'The source was changed by hand meanwhile.');
      return object;
    } finally {
      await handle.close();
    }
  };

  const copy = async (call: Call): Promise<StoredObject> => {
    const { bucket, object: name, targetBucket, targetObject, query } = call;
    checkName(targetObject);
    const body = await readJson(call.request);
    const preconditions = parsePreconditions(query);
    const sourceConditions = parsePreconditions(query, 'ifSource');
    checkPreconditions(preconditions, store.find(targetBucket, targetObject), 'write');
    const check = (current: StoredObject) => {
      checkGeneration(current, query, 'sourceGeneration');
      checkPreconditions(sourceConditions, current, 'write');
    };
    const staged = store.stagingFile(targetBucket);
    return withStaged(staged, async () => {
      const digest = createDigest();
      const source = await appendSource({ bucket, name, check }, staged, digest);
      const { md5Hash, ...checksums } = digest.finish();
      return store.commit({
        bucket: targetBucket,
        name: targetObject,
        staged,
        preconditions,
        attributes: copiedAttributes(source, body),
        ...checksums,
        // A copy of a composed object is still one without MD5.
        ...(source.md5Hash === undefined ? {} : { md5Hash }),
        ...(source.componentCount === undefined ? {} : { componentCount: source.componentCount }),
      });
    });
  };

  const compose = async (call: Call): Promise<StoredObject> => {
    const body = await readJson(call.request);
    const sources = parseSources(call.bucket, body.sourceObjects);
    const destination = isObject(body.destination) ? body.destination : {};
    const staged = store.stagingFile(call.bucket);
    return withStaged(staged, async () => {
      const digest = createDigest();
      const used: StoredObject[] = [];
      for (const source of sources) used.push(await appendSource(source, staged, digest));
      const { size, crc32c } = digest.finish();
      return store.commit({
        bucket: call.bucket,
        name: call.object,
        staged,
        size,
        crc32c,
        preconditions: parsePreconditions(call.query),
        attributes: attributesOf({ contentType: used[0]?.attributes.contentType, ...destination }),
        componentCount: used.reduce((count, source) => count + (source.componentCount ?? 1), 0),
      });
    });
  };

  return {
    async rewriteObject(call) {
      const object = await copy(call);
      const size = String(object.size);
      const resource = toResource(object, baseUrl());
      const json = {
        kind: 'storage#rewriteResponse',
        totalBytesRewritten: size,
        objectSize: size,
        done: true,
      };
      return { status: 200, json: { ...json, resource } };
    },
    copyObject: async (call) => ({ status: 200, json: toResource(await copy(call), baseUrl()) }),
    async composeObject(call) {
      checkName(call.object);
      return { status: 200, json: toResource(await compose(call), baseUrl()) };
    },
  };
}

function checkName(name: string): void {
  const problem = nameProblem(name);
  if (problem !== undefined) throw apiError(400, problem);
}

/** Metadata in the request replaces the source's; none keeps it. A content type is kept unless a new one is given. */
function copiedAttributes(source: StoredObject, body: Record<string, unknown>) {
  const given = attributesOf(body);
  if (Object.keys(given).length === 0) return source.attributes;
  return { ...attributesOf({ contentType: source.attributes.contentType }), ...given };
}

function parseSources(bucket: string, list: unknown): Source[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_SOURCES) {
    throw apiError(400, `Compose takes 1 to ${MAX_SOURCES} sources.`);
  }
  return list.map((entry: unknown) => {
    if (!isObject(entry) || typeof entry.name !== 'string') throw apiError(400, 'Required');
    const query = new URLSearchParams();
    if (entry.generation !== undefined) query.set('generation', String(entry.generation));
    const conditions = isObject(entry.objectPreconditions) ? entry.objectPreconditions : {};
    for (const [name, value] of Object.entries(conditions)) query.set(name, String(value));
    const check = (object: StoredObject) => {
      checkGeneration(object, query);
      checkPreconditions(parsePreconditions(query), object, 'write');
    };
    return { bucket, name: entry.name, check };
  });
}
