import { STORAGE_NAMES } from '../models/limits.ts';

export type GsUri = { ok: true; bucket: string; name: string } | { ok: false; problem: string };

const GS = 'gs://';
/** Cloud Storage has no names of one or two characters; captured requests of Google’s SDK do, and nothing hangs on it here. */
const BUCKET = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;
const IP_ADDRESS = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/;
const CONTROL = /\p{Cc}/u;

/**
 * Takes a `gs://` URI apart by Cloud Storage's naming rules. It is not a URL: nothing is decoded, and `#`, `?`, `@` and `%`
 * are characters of the name like others (a URL parser would cut and bend them). `name` may be empty.
 */
export function parseGsUri(uri: string): GsUri {
  if (!uri.startsWith(GS)) return { ok: false, problem: 'not a gs:// URI' };
  const rest = uri.slice(GS.length);
  const slash = rest.indexOf('/');
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  const name = slash < 0 ? '' : rest.slice(slash + 1);
  const problem = problemOfBucket(bucket) ?? problemOfName(name);
  return problem === undefined ? { ok: true, bucket, name } : { ok: false, problem };
}

function problemOfBucket(bucket: string): string | undefined {
  if (bucket === '') return 'without a bucket';
  if (bucket === 'gs:') return 'with gs:// twice';
  const { maxBucketLength, maxDottedBucketLength } = STORAGE_NAMES;
  const parts = bucket.length > maxDottedBucketLength ? [bucket] : bucket.split('.');
  const isRightLength = parts.every((part) => part !== '' && part.length <= maxBucketLength);
  if (isRightLength && BUCKET.test(bucket) && !IP_ADDRESS.test(bucket)) return undefined;
  return 'with a bucket name that Cloud Storage does not have';
}

function problemOfName(name: string): string | undefined {
  if (CONTROL.test(name)) return 'with a control character in the name';
  if (Buffer.byteLength(name) > STORAGE_NAMES.maxObjectNameBytes) {
    return `with a name longer than ${STORAGE_NAMES.maxObjectNameBytes} bytes`;
  }
  // To Cloud Storage dots are part of the name; a file system mounted over it would leave the directory.
  if (name.split('/').some((segment) => segment === '.' || segment === '..')) {
    return 'with . or .. between slashes';
  }
  return undefined;
}

/** The `gs://` URI of an object; names are opaque and never encoded. */
export function gsUri({ bucket, name }: { bucket: string; name: string }): string {
  return `gs://${bucket}/${name}`;
}

/** The top-level folder of a name in a bucket, without its slash; empty for what lies at the top. */
export function topFolder(name: string): string {
  return name.includes('/') ? (name.split('/')[0] ?? '') : '';
}
