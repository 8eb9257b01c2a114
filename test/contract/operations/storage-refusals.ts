import { OPERATIONS } from '../../../local/storage/http/operations.ts';
import { type Operation, refused } from './operation.ts';
import { RefusedCall, type StorageClients } from './storage-client.ts';

/** Operations of the JSON API that are not here. */
const NOT_HERE = [
  'buckets.setIamPolicy',
  'buckets.lockRetentionPolicy',
  'buckets.relocate',
  'buckets.restore',
  'buckets.operations.get',
  'buckets.operations.cancel',
  'buckets.operations.advanceRelocateBucket',
  'objects.watchAll',
  'objects.bulkRestore',
  'objects.restore',
  'objects.getIamPolicy',
  'objects.setIamPolicy',
  'objects.testIamPermissions',
  'bucketAccessControls.list',
  'bucketAccessControls.insert',
  'bucketAccessControls.get',
  'bucketAccessControls.patch',
  'bucketAccessControls.update',
  'bucketAccessControls.delete',
  'defaultObjectAccessControls.list',
  'defaultObjectAccessControls.insert',
  'defaultObjectAccessControls.get',
  'defaultObjectAccessControls.patch',
  'defaultObjectAccessControls.update',
  'defaultObjectAccessControls.delete',
  'objectAccessControls.list',
  'objectAccessControls.insert',
  'objectAccessControls.get',
  'objectAccessControls.patch',
  'objectAccessControls.update',
  'objectAccessControls.delete',
  'notifications.insert',
  'notifications.get',
  'notifications.delete',
  'folders.list',
  'folders.insert',
  'folders.get',
  'folders.delete',
  'folders.rename',
  'managedFolders.insert',
  'managedFolders.get',
  'managedFolders.delete',
  'managedFolders.getIamPolicy',
  'managedFolders.setIamPolicy',
  'managedFolders.testIamPermissions',
  'anywhereCaches.insert',
  'anywhereCaches.get',
  'anywhereCaches.update',
  'anywhereCaches.disable',
  'anywhereCaches.pause',
  'anywhereCaches.resume',
  'projects.hmacKeys.create',
  'projects.hmacKeys.list',
  'projects.hmacKeys.get',
  'projects.hmacKeys.update',
  'projects.hmacKeys.delete',
  'projects.serviceAccount.get',
  'channels.stop',
] as const;

/** Settings of a bucket that are not here, each with a value that asks for it. */
const BUCKET_SETTINGS: Record<string, unknown> = {
  acl: [{ entity: 'allUsers', role: 'READER' }],
  autoclass: { enabled: true },
  billing: { requesterPays: true },
  cors: [{ origin: ['*'], method: ['GET'] }],
  customPlacementConfig: { dataLocations: ['US-EAST1', 'US-WEST1'] },
  defaultEventBasedHold: true,
  defaultObjectAcl: [{ entity: 'allUsers', role: 'READER' }],
  encryption: { defaultKmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' },
  hierarchicalNamespace: { enabled: true },
  ipFilter: { mode: 'Enabled' },
  lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 30 } }] },
  logging: { logBucket: 'logs' },
  objectRetention: { mode: 'Enabled' },
  retentionPolicy: { retentionPeriod: '3600' },
  rpo: 'ASYNC_TURBO',
  softDeletePolicy: { retentionDurationSeconds: '604800' },
  versioning: { enabled: true },
  website: { mainPageSuffix: 'index.html' },
};

/** Fields of an object that are not here, each with a value that asks for it. */
const OBJECT_FIELDS: Record<string, unknown> = {
  acl: [{ entity: 'allUsers', role: 'READER' }],
  contexts: { custom: { a: { value: 'b' } } },
  customerEncryption: { encryptionAlgorithm: 'AES256' },
  eventBasedHold: true,
  kmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/k',
  retention: { mode: 'Locked', retainUntilTime: '2030-01-01T00:00:00Z' },
  temporaryHold: true,
};

/** Parameters that are not here, each with a call that has it. */
const PARAMETERS: Record<string, string> = {
  predefinedAcl: 'POST upload/storage/v1/b/B/o?uploadType=media&name=x&predefinedAcl=private',
  kmsKeyName: 'POST upload/storage/v1/b/B/o?uploadType=media&name=x&kmsKeyName=k',
  softDeleted: 'GET storage/v1/b/B/o?softDeleted=true',
  filter: 'GET storage/v1/b/B/o?filter=contexts.a:*',
  destinationPredefinedAcl: 'POST storage/v1/b/B/o/x/copyTo/b/B/o/y?destinationPredefinedAcl=private',
  destinationKmsKeyName: 'POST storage/v1/b/B/o/x/rewriteTo/b/B/o/y?destinationKmsKeyName=k',
  enableObjectRetention: 'POST storage/v1/b?enableObjectRetention=true',
  deleteSourceObjects: 'POST storage/v1/b/B/o/x/compose?deleteSourceObjects=true',
};

const HEADERS: Record<string, string> = {
  'x-goog-encryption-algorithm': 'AES256',
  'x-goog-copy-source-encryption-algorithm': 'AES256',
  'content-encoding': 'gzip',
};

type Row = Operation<StorageClients>;

/** A row whose refusal begins with the name of what is refused. */
const row = (name: string, subject: string, probe: Row['probe']): Row =>
  refused([name, 'notImplemented'], async (client) => {
    await probe(client).catch((error: unknown) => {
      if (error instanceof RefusedCall && !error.message.startsWith(`${subject} is not part of`)) {
        throw new Error(`refused without its name: ${error.message}`);
      }
      throw error;
    });
  });

const operationRows = NOT_HERE.map((short) => {
  const name = `storage.${short}`;
  return row(name, name, ({ call }) => {
    const { verb = '', path = '' } = OPERATIONS.find((operation) => operation.name === name) ?? {};
    return call(verb, `storage/v1/${path.replace(/\{\w+\}/g, 'some')}`);
  });
});

const settingRows = Object.entries(BUCKET_SETTINGS).map(([field, value]) =>
  row(`storage.buckets.insert, patch and update: ${field}`, field, async ({ call, fresh, aBucket }) => {
    const body = { [field]: value };
    const { name } = await aBucket();
    const tries = [
      call('POST', 'storage/v1/b', { body: { name: fresh(), ...body } }),
      call('PATCH', `storage/v1/b/${name}`, { body }),
      call('PUT', `storage/v1/b/${name}`, { body }),
    ];
    return await allRefused(tries);
  }),
);

const fieldRows = Object.entries(OBJECT_FIELDS).map(([field, value]) =>
  row(`storage.objects.insert, patch and rewrite: ${field}`, field, async ({ call, aBucket }) => {
    const body = { [field]: value };
    const bucket = await aBucket();
    await bucket.file('x').save('x');
    const tries = [
      call('POST', `upload/storage/v1/b/${bucket.name}/o?uploadType=resumable&name=y`, { body }),
      call('PATCH', `storage/v1/b/${bucket.name}/o/x`, { body }),
      call('POST', `storage/v1/b/${bucket.name}/o/x/rewriteTo/b/${bucket.name}/o/y`, { body }),
    ];
    return await allRefused(tries);
  }),
);

const parameterRows = Object.entries(PARAMETERS).map(([parameter, line]) =>
  row(`the parameter ${parameter}`, parameter, ({ call }) => {
    const [verb = '', path = ''] = line.split(' ');
    return call(verb, path);
  }),
);

const headerRows = Object.entries(HEADERS).map(([header, value]) =>
  row(`the header ${header}`, header, ({ call }) =>
    call('POST', 'upload/storage/v1/b/B/o?uploadType=media&name=x', { headers: { [header]: value } }),
  ),
);

const otherRows = [
  row('batch requests', 'a batch request', ({ call }) => call('POST', 'batch/storage/v1')),
  row('XML API: all else', 'PUT of the XML API', ({ call }) => call('PUT', 'some-bucket/x')),
];

/** Rejects with the refusal that all of them have; with another error when one was taken or the refusals differ. */
async function allRefused(tries: Promise<unknown>[]): Promise<never> {
  const refusals = (await Promise.allSettled(tries)).map((outcome) =>
    outcome.status === 'rejected' ? String(outcome.reason.message) : 'taken',
  );
  if (new Set(refusals).size > 1) throw new Error(`not refused alike: ${refusals.join(' | ')}`);
  await Promise.all(tries);
  throw new Error('nothing was refused');
}

export const STORAGE_REFUSALS: readonly Row[] = [
  ...operationRows,
  ...settingRows,
  ...fieldRows,
  ...parameterRows,
  ...headerRows,
  ...otherRows,
];
