/** What Google takes and this service cannot do. Nothing of it is taken and then forgotten: a request that asks for it is refused. */

import { notServed } from '../api-error.ts';
import { TEXT_ATTRIBUTES } from '../engine/object.ts';

export const UNIFORM_ACCESS = 'buckets have uniform bucket-level access, and nobody is denied anything';
const NO_KEYS = 'objects are stored as they are';
const GONE = 'an object that is replaced or deleted is gone';
const DELETABLE = 'an object can always be replaced and deleted';

/** Query parameters that ask for what is not here, and why it is not. */
const PARAMETERS: Record<string, string> = {
  predefinedAcl: UNIFORM_ACCESS,
  predefinedDefaultObjectAcl: UNIFORM_ACCESS,
  destinationPredefinedAcl: UNIFORM_ACCESS,
  copySourceAcl: UNIFORM_ACCESS,
  kmsKeyName: NO_KEYS,
  destinationKmsKeyName: NO_KEYS,
  softDeleted: GONE,
  restoreToken: GONE,
  enableObjectRetention: DELETABLE,
  overrideUnlockedRetention: DELETABLE,
  filter: 'objects have no contexts',
  deleteSourceObjects: 'the sources of a composition stay',
};

const HEADERS: Record<string, string> = {
  'x-goog-encryption-algorithm': NO_KEYS,
  'x-goog-copy-source-encryption-algorithm': NO_KEYS,
  'content-encoding': 'requests are not decompressed; `contentEncoding` says how an object is stored',
};

/** Throws when the query or a header asks for what is not here; a parameter that says no asks for nothing. */
export function refuseUnserved(query: URLSearchParams, headers: Record<string, unknown>): void {
  for (const [name, value] of query) {
    const why = PARAMETERS[name];
    if (why !== undefined && asksFor(value)) throw notServed(name, why);
  }
  for (const [name, why] of Object.entries(HEADERS)) {
    if (headers[name] !== undefined) throw notServed(name, why);
  }
}

/** How a resource in a request is read: what is kept, what only Google sets (and so ignores), what is not here and why. */
export interface FieldRules {
  kept: ReadonlySet<string>;
  outputOnly: ReadonlySet<string>;
  refused: Record<string, string>;
}

/** Throws for the first field that this service would have to forget. */
export function refuseFields(body: Record<string, unknown>, { kept, outputOnly, refused }: FieldRules): void {
  for (const [name, value] of Object.entries(body)) {
    if (kept.has(name) || outputOnly.has(name) || !asksFor(value)) continue;
    throw notServed(name, refused[name]);
  }
}

/** Values that say "as it is anyway", wherever they stand. */
const AS_IT_IS: readonly unknown[] = [null, undefined, false, 0, '', '0', 'DEFAULT', 'Disabled'];

/** False where nothing is asked: `false`, an empty list, a setting that is off. */
function asksFor(value: unknown): boolean {
  if (typeof value === 'string' && value.toLowerCase() === 'false') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object' || value === null) return !AS_IT_IS.includes(value);
  return Object.entries(value).some(([name, part]) => !name.endsWith('Time') && asksFor(part));
}

export const OBJECT_FIELDS: FieldRules = {
  // The checksums are compared with the bytes that came.
  kept: new Set(['name', ...TEXT_ATTRIBUTES, 'metadata', 'crc32c', 'md5Hash']),
  outputOnly: new Set([
    'kind',
    'id',
    'selfLink',
    'mediaLink',
    'bucket',
    'generation',
    'metageneration',
    'size',
    'etag',
    'owner',
    'componentCount',
    'timeCreated',
    'timeDeleted',
    'timeFinalized',
    'timeStorageClassUpdated',
    'updated',
    'restoreToken',
    'softDeleteTime',
    'hardDeleteTime',
    'retentionExpirationTime',
  ]),
  refused: {
    acl: UNIFORM_ACCESS,
    customerEncryption: NO_KEYS,
    kmsKeyName: NO_KEYS,
    eventBasedHold: DELETABLE,
    temporaryHold: DELETABLE,
    retention: DELETABLE,
    contexts: 'objects have no contexts',
  },
};

export const BUCKET_FIELDS: FieldRules = {
  kept: new Set(['name', 'location', 'storageClass', 'labels', 'iamConfiguration']),
  outputOnly: new Set([
    'kind',
    'id',
    'selfLink',
    'etag',
    'generation',
    'metageneration',
    'projectNumber',
    'owner',
    'locationType',
    'timeCreated',
    'updated',
    'satisfiesPZI',
    'satisfiesPZS',
    'softDeleteTime',
    'hardDeleteTime',
  ]),
  refused: {
    acl: UNIFORM_ACCESS,
    defaultObjectAcl: UNIFORM_ACCESS,
    autoclass: 'objects stay in their storage class',
    billing: 'nobody pays',
    cors: 'no browser of another origin is answered',
    customPlacementConfig: 'everything is on this machine',
    defaultEventBasedHold: DELETABLE,
    encryption: NO_KEYS,
    hierarchicalNamespace: 'the namespace is flat',
    ipFilter: 'only this machine is answered',
    lifecycle: 'nothing happens to objects by itself',
    logging: 'no usage logs are written',
    objectRetention: DELETABLE,
    retentionPolicy: DELETABLE,
    rpo: 'everything is on this machine',
    softDeletePolicy: GONE,
    versioning: GONE,
    website: 'no website is served',
  },
};
