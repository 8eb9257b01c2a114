/** An object and a bucket as the engine keeps them. */

import type { Checksums } from './digest.ts';

export const TEXT_ATTRIBUTES = [
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
  componentCount?: number | undefined;
  /** The id of the file that has the bytes; see `blobs.ts`. Bytes never change, so a generation has one for good. */
  blob: string;
}

export interface Bucket {
  name: string;
  metageneration: number;
  createdMs: number;
  updatedMs: number;
  /** Given when it was made, and never changed. */
  location: string;
  /** What a client may set on a bucket. */
  settings: BucketSettings;
}

export interface BucketSettings {
  /** Of objects that name none themselves. */
  storageClass: string;
  labels: Record<string, string>;
}

const MAX_NAME_BYTES = 1024;

/** What is wrong with an object name, or undefined. https://cloud.google.com/storage/docs/objects#naming */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'Required';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `The object name is over ${MAX_NAME_BYTES} bytes.`;
  if (!name.isWellFormed()) return 'The object name is not valid Unicode.';
  if (/[\r\n]/.test(name)) return 'The object name holds a line break.';
  if (name === '.' || name === '..') return 'The object name may not be "." or "..".';
  if (name.startsWith('.well-known/acme-challenge/')) return 'The object name uses a reserved prefix.';
  return undefined;
}
