/** An object as the catalog keeps it and as Google's JSON shows it. */

import type { Checksums } from './digest.ts';

const TEXT_ATTRIBUTES = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'storageClass',
] as const;

/** What a client may set on an object. */
export type ObjectAttributes = { [name in (typeof TEXT_ATTRIBUTES)[number]]?: string } & {
  metadata?: Record<string, string>;
};

export interface StoredObject extends Checksums {
  bucket: string;
  name: string;
  /** Microseconds, unique over all objects of this service. */
  generation: number;
  metageneration: number;
  createdMs: number;
  updatedMs: number;
  attributes: ObjectAttributes;
  /** Only for composed objects. */
  componentCount?: number;
  /** Where the bytes are, below the bucket's folder, with `/`. */
  path: string;
  /** The file's identity when its bytes were last read; see `signature.ts`. */
  signature: string;
}

/** Google's JSON for an object; int64 values are strings. https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
export interface ObjectResource extends ObjectAttributes {
  kind: 'storage#object';
  id: string;
  selfLink: string;
  mediaLink: string;
  name: string;
  bucket: string;
  generation: string;
  metageneration: string;
  contentType: string;
  size: string;
  md5Hash?: string;
  crc32c: string;
  etag: string;
  storageClass: string;
  componentCount?: number;
  timeCreated: string;
  updated: string;
  timeStorageClassUpdated: string;
}

export function etagOf(object: StoredObject): string {
  return Buffer.from(`${object.generation}/${object.metageneration}`).toString('base64');
}

/** `baseUrl` is this server's own address: the links in the resource lead back here. */
export function toResource(object: StoredObject, baseUrl: string): ObjectResource {
  const { bucket, name, generation, attributes } = object;
  const place = `storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
  const created = new Date(object.createdMs).toISOString();
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${baseUrl}/${place}`,
    mediaLink: `${baseUrl}/download/${place}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation: String(generation),
    metageneration: String(object.metageneration),
    ...attributes,
    contentType: attributes.contentType ?? 'application/octet-stream',
    storageClass: attributes.storageClass ?? 'STANDARD',
    size: String(object.size),
    ...(object.md5Hash === undefined ? {} : { md5Hash: object.md5Hash }),
    crc32c: object.crc32c,
    etag: etagOf(object),
    ...(object.componentCount === undefined ? {} : { componentCount: object.componentCount }),
    timeCreated: created,
    updated: new Date(object.updatedMs).toISOString(),
    timeStorageClassUpdated: created,
  };
}

type Json = Record<string, unknown>;

/** The attributes that a request body sets; everything else in it is ignored, as the cloud ignores output-only fields. */
export function attributesOf(body: Json): ObjectAttributes {
  return patchAttributes({}, body);
}

/** Applies a PATCH body: null removes, `metadata` is merged key by key. */
export function patchAttributes(before: ObjectAttributes, body: Json): ObjectAttributes {
  const after: ObjectAttributes = { ...before };
  for (const name of TEXT_ATTRIBUTES) {
    const value = body[name];
    if (typeof value === 'string') after[name] = value;
    if (value === null) delete after[name];
  }
  if (body.metadata === null) delete after.metadata;
  if (isObject(body.metadata)) after.metadata = patchMetadata(before.metadata ?? {}, body.metadata);
  return after;
}

function patchMetadata(before: Record<string, string>, changes: Json): Record<string, string> {
  const merged = Object.entries({ ...before, ...changes });
  return Object.fromEntries(
    merged.filter(([, value]) => value !== null).map(([key, value]) => [key, String(value)]),
  );
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
