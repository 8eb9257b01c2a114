/** Values that stand in the metadata of plain files: two by RFC 9110 and by mistake, one that uploads in the manner of S3 leave. */
const PLAIN: readonly string[] = ['', 'identity', 'utf-8', 'aws-chunked'];

/**
 * In which way the metadata of an object say that it is packed (RFC 9110, 8.4); undefined where they do not. What is packed is never
 * read: its size says nothing of what comes out, and Cloud Storage unpacks some of it on the way (storage/docs/transcoding).
 */
export function packedAs(contentEncoding: string | undefined): string | undefined {
  const codings = (contentEncoding ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  const packed = codings.find((coding) => !PLAIN.includes(coding));
  if (packed === undefined) return undefined;
  return /^[a-z][a-z0-9-]{0,19}$/.test(packed) ? packed : 'unknown';
}
