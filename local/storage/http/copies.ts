/** Objects made from objects on the server: rewrite, copy, move, compose. */

import { apiError } from '../api-error.ts';
import { createDigest, type Digest } from '../engine/digest.ts';
import type { StorageEngine } from '../engine/engine.ts';
import { nameProblem, type ObjectAttributes, type StoredObject } from '../engine/object.ts';
import { checkPreconditions } from '../engine/preconditions.ts';
import { type Call, type Handlers, isRecord, type JsonBody, readJson } from './call.ts';
import { readPart } from './media.ts';
import { checkGeneration, parsePreconditions } from './query.ts';
import { attributesOf, toResource } from './resource.ts';
import { appendTo, withBlob } from './uploads/receive.ts';

const MAX_SOURCES = 32;

type CopyActions = 'rewriteObject' | 'copyObject' | 'moveObject' | 'composeObject';

export function createCopyHandlers(engine: StorageEngine, baseUrl: () => string): Handlers<CopyActions> {
  const resource = (object: StoredObject) => ({ status: 200, json: toResource(object, baseUrl()) });
  return {
    async rewriteObject(call) {
      const object = await copy(engine, call);
      const size = String(object.size);
      const json = {
        kind: 'storage#rewriteResponse',
        totalBytesRewritten: size,
        objectSize: size,
        done: true,
        resource: toResource(object, baseUrl()),
      };
      return { status: 200, json };
    },
    copyObject: async (call) => resource(await copy(engine, call)),
    moveObject: async (call) => resource(move(engine, call)),
    composeObject: async (call) => resource(await compose(engine, call)),
  };
}

/** A copy shares its source's bytes, which never change. */
async function copy(engine: StorageEngine, call: Call): Promise<StoredObject> {
  const body = await readJson(call.request);
  checkName(call.targetObject);
  const source = checkedSource(engine.get(call.bucket, call.object), call.query);
  const attributes = copiedAttributes(source.attributes, body);
  const preconditions = parsePreconditions(call.query);
  engine.bucket(call.targetBucket);
  const blob = engine.blobs.link(source.blob);
  return await withBlob(engine, blob, async () =>
    engine.put({
      ...{ bucket: call.targetBucket, name: call.targetObject, blob, attributes, preconditions },
      ...checksumsOf(source),
    }),
  );
}

function move(engine: StorageEngine, { bucket, object: from, targetObject: to, query }: Call): StoredObject {
  checkName(to);
  checkedSource(engine.get(bucket, from), query);
  return engine.move(bucket, { from, to }, parsePreconditions(query));
}

async function compose(engine: StorageEngine, call: Call): Promise<StoredObject> {
  checkName(call.object);
  const body = await readJson(call.request);
  const sources = parseSources(body.sourceObjects);
  const destination = isRecord(body.destination) ? body.destination : {};
  const blob = engine.blobs.newId();
  return await withBlob(engine, blob, async () => {
    const digest = createDigest();
    const used: StoredObject[] = [];
    for (const source of sources)
      used.push(await append(engine, { ...source, bucket: call.bucket }, blob, digest));
    const { size, crc32c } = digest.finish();
    return engine.put({
      ...{ bucket: call.bucket, name: call.object, blob, size, crc32c },
      preconditions: parsePreconditions(call.query),
      attributes: attributesOf({ contentType: used[0]?.attributes.contentType, ...destination }),
      componentCount: used.reduce((count, source) => count + (source.componentCount ?? 1), 0),
    });
  });
}

interface Source {
  name: string;
  check: (object: StoredObject) => void;
}

/** Appends a source's bytes to the blob; gives the object that they came from. */
async function append(
  engine: StorageEngine,
  source: Source & { bucket: string },
  blob: string,
  digest: Digest,
): Promise<StoredObject> {
  const { object, handle } = await engine.open(source.bucket, source.name, source.check);
  try {
    await appendTo(engine.blobs.fileOf(blob), readPart({ handle, start: 0, length: object.size }), digest);
    return object;
  } finally {
    await handle.close();
  }
}

function checkName(name: string): void {
  const problem = nameProblem(name);
  if (problem !== undefined) throw apiError(400, problem);
}

function checkedSource(source: StoredObject, query: URLSearchParams): StoredObject {
  checkGeneration(source, query, 'sourceGeneration');
  checkPreconditions(parsePreconditions(query, 'ifSource'), source, 'write');
  return source;
}

/** A copy of a composed object is still one without MD5. */
const checksumsOf = ({ size, crc32c, md5Hash, componentCount }: StoredObject) => ({
  ...{ size, crc32c, md5Hash, componentCount },
});

/** Metadata in the request replaces the source's; none keeps it. A content type is kept unless a new one is given. */
function copiedAttributes(
  { storageClass: _, ...source }: ObjectAttributes,
  body: JsonBody,
): ObjectAttributes {
  const given = attributesOf(body);
  if (Object.keys(given).length === 0) return source;
  return { ...attributesOf({ contentType: source.contentType }), ...given };
}

function parseSources(list: unknown): Source[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_SOURCES) {
    throw apiError(400, `Compose takes 1 to ${MAX_SOURCES} sources.`);
  }
  return list.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry.name !== 'string') throw apiError(400, 'Required');
    const query = new URLSearchParams();
    if (entry.generation !== undefined) query.set('generation', String(entry.generation));
    const conditions = isRecord(entry.objectPreconditions) ? entry.objectPreconditions : {};
    for (const [name, value] of Object.entries(conditions)) query.set(name, String(value));
    const check = (object: StoredObject) => {
      checkGeneration(object, query);
      checkPreconditions(parsePreconditions(query), object, 'write');
    };
    return { name: entry.name, check };
  });
}
