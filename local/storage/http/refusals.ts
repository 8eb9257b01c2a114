/** What Google takes and this service cannot do. Nothing of it is taken and then forgotten: a request that asks for it is refused. */

import { notServed } from '../api-error.ts';

const ACCESS_CONTROL_LISTS = 'an access control list (buckets have uniform bucket-level access)';
const OWN_KEYS = 'encryption with a key of your own';

/** Query parameters that ask for what is not here. */
const PARAMETERS: Record<string, string> = {
  predefinedAcl: ACCESS_CONTROL_LISTS,
  predefinedDefaultObjectAcl: ACCESS_CONTROL_LISTS,
  destinationPredefinedAcl: ACCESS_CONTROL_LISTS,
  copySourceAcl: ACCESS_CONTROL_LISTS,
  kmsKeyName: OWN_KEYS,
  destinationKmsKeyName: OWN_KEYS,
  softDeleted: 'soft delete',
  restoreToken: 'soft delete',
  enableObjectRetention: 'retention',
  overrideUnlockedRetention: 'retention',
  filter: 'object contexts',
  deleteSourceObjects: 'deleting the sources of a composition',
};

const HEADERS: Record<string, string> = {
  'x-goog-encryption-algorithm': OWN_KEYS,
  'x-goog-copy-source-encryption-algorithm': OWN_KEYS,
  'content-encoding': 'a compressed request (give the object a contentEncoding in place of it)',
};

/** Throws when the query or a header asks for what is not here; a parameter that says no asks for nothing. */
export function refuseUnserved(query: URLSearchParams, headers: Record<string, unknown>): void {
  for (const [name, value] of query) {
    const what = PARAMETERS[name];
    if (what !== undefined && asksFor(value)) throw notServed(`${name}: ${what}`);
  }
  for (const [name, what] of Object.entries(HEADERS)) {
    if (headers[name] !== undefined) throw notServed(`${name}: ${what}`);
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
    throw notServed(`${name}: ${refused[name] ?? 'a field of this name'}`);
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
  kept: new Set([
    'name',
    'contentType',
    'contentEncoding',
    'contentDisposition',
    'contentLanguage',
    'cacheControl',
    'customTime',
    'storageClass',
    'metadata',
    // Compared with the bytes that came.
    'crc32c',
    'md5Hash',
  ]),
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
    acl: ACCESS_CONTROL_LISTS,
    customerEncryption: OWN_KEYS,
    kmsKeyName: OWN_KEYS,
    eventBasedHold: 'a hold',
    temporaryHold: 'a hold',
    retention: 'retention',
    contexts: 'object contexts',
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
    acl: ACCESS_CONTROL_LISTS,
    defaultObjectAcl: ACCESS_CONTROL_LISTS,
    autoclass: 'Autoclass',
    billing: 'requester pays',
    cors: 'CORS',
    customPlacementConfig: 'a placement of your own',
    defaultEventBasedHold: 'a hold',
    encryption: OWN_KEYS,
    hierarchicalNamespace: 'a hierarchical namespace',
    ipFilter: 'an IP filter',
    lifecycle: 'a lifecycle',
    logging: 'usage logs',
    objectRetention: 'retention',
    retentionPolicy: 'retention',
    rpo: 'turbo replication',
    softDeletePolicy: 'soft delete',
    versioning: 'versioning: an object that is replaced or deleted is gone',
    website: 'a website',
  },
};
