/** An object in Cloud Storage, as far as a pipeline reads it. */
export interface ReadableObject {
  size: number;
  generation: string;
  /** The object's lines without their ends; absent where a reader only knows that the object is there. */
  lines?: () => AsyncIterable<string>;
  /** All of it; absent where a reader only reads lines. */
  bytes?: () => Promise<Uint8Array>;
}

/** Looks up `gs://bucket/object`; undefined where there is none. Rejects when the storage cannot be reached. */
export type ObjectReader = (gsUri: string) => Promise<ReadableObject | undefined>;

/** Bucket and object of a `gs://` URI, or undefined where it is none. */
export function parseGsUri(gsUri: string): { bucket: string; object: string } | undefined {
  const match = /^gs:\/\/([a-z0-9][a-z0-9._-]+)\/(.+)$/.exec(gsUri);
  if (!match?.[1] || !match[2]) return undefined;
  return { bucket: match[1], object: match[2] };
}
