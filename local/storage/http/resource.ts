/** Objects as Google's JSON shows them and takes them. */

import { type ObjectAttributes, type StoredObject, TEXT_ATTRIBUTES } from '../engine/object.ts';
import { isRecord, type JsonBody } from './call.ts';
import { OBJECT_FIELDS, refuseFields } from './refusals.ts';

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
  md5Hash?: string | undefined;
  crc32c: string;
  etag: string;
  storageClass: string;
  componentCount?: number | undefined;
  timeCreated: string;
  updated: string;
  timeStorageClassUpdated: string;
}

export function etagOf({ generation, metageneration }: StoredObject): string {
  return Buffer.from(`${generation}/${metageneration}`).toString('base64');
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
    md5Hash: object.md5Hash,
    crc32c: object.crc32c,
    etag: etagOf(object),
    componentCount: object.componentCount,
    timeCreated: created,
    updated: new Date(object.updatedMs).toISOString(),
    timeStorageClassUpdated: created,
  };
}

/** The attributes that a request body sets; throws for what this service would have to forget. */
export function attributesOf(body: JsonBody): ObjectAttributes {
  return patchAttributes({}, body);
}

/** Applies a PATCH body: null removes, `metadata` is merged key by key. */
export function patchAttributes(before: ObjectAttributes, body: JsonBody): ObjectAttributes {
  refuseFields(body, OBJECT_FIELDS);
  const after: ObjectAttributes = { ...before };
  for (const name of TEXT_ATTRIBUTES) {
    const value = body[name];
    if (typeof value === 'string') after[name] = value;
    if (value === null) delete after[name];
  }
  if (body.metadata === null) delete after.metadata;
  if (isRecord(body.metadata)) after.metadata = mergeText(before.metadata ?? {}, body.metadata);
  return after;
}

/** Texts by name with these changes: null removes one. */
export function mergeText(before: Record<string, string>, changes: JsonBody): Record<string, string> {
  const merged = Object.entries({ ...before, ...changes });
  return Object.fromEntries(
    merged.filter(([, value]) => value !== null).map(([key, value]) => [key, String(value)]),
  );
}
