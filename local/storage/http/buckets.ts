/** The handlers for buckets. */

import { apiError, notServed } from '../api-error.ts';
import type { StorageEngine } from '../engine/engine.ts';
import type { Bucket, BucketSettings } from '../engine/object.ts';
import { checkPreconditions } from '../engine/preconditions.ts';
import { type Call, type Handlers, isRecord, type JsonBody, readJson } from './call.ts';
import { pageTokenOf, parseMaxResults, parsePageToken, parsePreconditions } from './query.ts';
import { BUCKET_FIELDS, refuseFields, UNIFORM_ACCESS } from './refusals.ts';
import { mergeText } from './resource.ts';

type BucketActions =
  | 'listBuckets'
  | 'insertBucket'
  | 'getBucket'
  | 'patchBucket'
  | 'updateBucket'
  | 'deleteBucket'
  | 'getStorageLayout'
  | 'getIamPolicy'
  | 'testIamPermissions'
  | 'listNone';

/** What a bucket has where nothing else is said. */
export const NEW_BUCKET: BucketSettings = { storageClass: 'STANDARD', labels: {} };

export function createBucketHandlers(engine: StorageEngine, baseUrl: () => string): Handlers<BucketActions> {
  const change = async (call: Call, from: (before: BucketSettings) => BucketSettings) => {
    const body = await readJson(call.request);
    const bucket = checked(engine.bucket(call.bucket), call);
    checkBody(body, bucket);
    const updated = engine.updateBucket(call.bucket, patchSettings(from(bucket.settings), body));
    return { status: 200, json: bucketResource(updated, baseUrl()) };
  };

  return {
    async listBuckets({ query }) {
      const { page, next } = pageOf(engine.buckets(), query);
      const items = page.map((bucket) => bucketResource(bucket, baseUrl()));
      return { status: 200, json: { kind: 'storage#buckets', items, nextPageToken: next } };
    },

    async insertBucket({ request }) {
      const body = await readJson(request);
      const name = checkName(body.name);
      checkBody(body);
      const location = typeof body.location === 'string' ? body.location.toUpperCase() : 'US';
      const made = engine.createBucket(name, location, patchSettings(NEW_BUCKET, body));
      return { status: 200, json: bucketResource(made, baseUrl()) };
    },

    async getBucket(call) {
      return {
        status: 200,
        json: bucketResource(checked(engine.bucket(call.bucket), call, 'read'), baseUrl()),
      };
    },

    patchBucket: (call) => change(call, (before) => before),
    updateBucket: (call) => change(call, () => NEW_BUCKET),

    async deleteBucket(call) {
      checked(engine.bucket(call.bucket), call);
      engine.removeBucket(call.bucket);
      return { status: 204 };
    },

    async getStorageLayout({ bucket: name }) {
      const { location } = engine.bucket(name);
      const place = { bucket: name, location, locationType: locationTypeOf(location) };
      return { status: 200, json: { kind: 'storage#storageLayout', ...place } };
    },

    async getIamPolicy({ bucket: name }) {
      const bucket = engine.bucket(name);
      // There is no access control: anybody may do anything.
      const bindings = [{ role: 'roles/storage.admin', members: ['allUsers'] }];
      const resourceId = `projects/_/buckets/${name}`;
      const etag = etagOf(bucket);
      return { status: 200, json: { kind: 'storage#policy', resourceId, version: 1, etag, bindings } };
    },

    async testIamPermissions({ bucket: name, query }) {
      engine.bucket(name);
      const permissions = query.getAll('permissions');
      return { status: 200, json: { kind: 'storage#testIamPermissionsResponse', permissions } };
    },

    /** What a bucket can have on Google Cloud and never has here. */
    async listNone({ bucket: name, method }) {
      engine.bucket(name);
      const [, resource] = /(\w+)\.list$/.exec(method) ?? [];
      return { status: 200, json: { kind: `storage#${resource}` } };
    },
  };
}

function pageOf(buckets: Bucket[], query: URLSearchParams): { page: Bucket[]; next: string | undefined } {
  const prefix = query.get('prefix') ?? '';
  const from = parsePageToken(query) ?? '';
  const found = buckets.filter(({ name }) => name.startsWith(prefix) && name >= from);
  const size = parseMaxResults(query);
  const next = found[size];
  return { page: found.slice(0, size), next: next && pageTokenOf(next.name) };
}

function checked(bucket: Bucket, { query }: Call, purpose: 'read' | 'write' = 'write'): Bucket {
  checkPreconditions(parsePreconditions(query), bucket, purpose);
  return bucket;
}

/** https://cloud.google.com/storage/docs/buckets#naming */
function checkName(name: unknown): string {
  if (typeof name === 'string' && /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)) return name;
  throw apiError(400, `Invalid bucket name: '${String(name)}'`);
}

/** Throws for what this service would have to forget. */
function checkBody(body: JsonBody, bucket?: Bucket): void {
  refuseFields(body, BUCKET_FIELDS);
  const access = isRecord(body.iamConfiguration) ? body.iamConfiguration : {};
  const uniform = isRecord(access.uniformBucketLevelAccess) ? access.uniformBucketLevelAccess : {};
  if (uniform.enabled === false) throw notServed('fine-grained access', UNIFORM_ACCESS);
  if (access.publicAccessPrevention === 'enforced') {
    throw notServed('publicAccessPrevention', UNIFORM_ACCESS);
  }
  if (bucket && typeof body.location === 'string' && body.location.toUpperCase() !== bucket.location) {
    throw apiError(400, 'The location of a bucket cannot be changed.');
  }
}

function patchSettings(before: BucketSettings, { storageClass, labels }: JsonBody): BucketSettings {
  return {
    storageClass: typeof storageClass === 'string' ? storageClass.toUpperCase() : before.storageClass,
    labels: labels === null ? {} : mergeText(before.labels, isRecord(labels) ? labels : {}),
  };
}

const etagOf = ({ metageneration }: Bucket) => Buffer.from(String(metageneration)).toString('base64');

/** https://cloud.google.com/storage/docs/locations */
function locationTypeOf(location: string): string {
  if (['US', 'EU', 'ASIA'].includes(location)) return 'multi-region';
  return location.includes('-') ? 'region' : 'dual-region';
}

/** The project is made up: nothing here has one. */
function bucketResource(bucket: Bucket, baseUrl: string) {
  const { name, location, settings } = bucket;
  return {
    kind: 'storage#bucket',
    id: name,
    name,
    selfLink: `${baseUrl}/storage/v1/b/${name}`,
    projectNumber: '0',
    location,
    locationType: locationTypeOf(location),
    storageClass: settings.storageClass,
    labels: Object.keys(settings.labels).length > 0 ? settings.labels : undefined,
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: true },
      publicAccessPrevention: 'inherited',
    },
    metageneration: String(bucket.metageneration),
    etag: etagOf(bucket),
    timeCreated: new Date(bucket.createdMs).toISOString(),
    updated: new Date(bucket.updatedMs).toISOString(),
  };
}
