/**
 * Every operation of Google's JSON API, as its discovery document of June 2025 lists them, with the handler that serves it. One
 * without a handler is refused by its name. https://storage.googleapis.com/$discovery/rest?version=v1
 */

export type Action =
  | 'listBuckets'
  | 'insertBucket'
  | 'getBucket'
  | 'patchBucket'
  | 'updateBucket'
  | 'deleteBucket'
  | 'getStorageLayout'
  | 'getIamPolicy'
  | 'testIamPermissions'
  | 'listNone'
  | 'listObjects'
  | 'getObject'
  | 'readMedia'
  | 'patchObject'
  | 'replaceMetadata'
  | 'deleteObject'
  | 'rewriteObject'
  | 'copyObject'
  | 'moveObject'
  | 'composeObject'
  | 'upload'
  | 'continueUpload'
  | 'cancelUpload';

export interface Operation {
  /** Google's name of it; faults and history know calls by it. */
  name: string;
  verb: string;
  path: string;
  action?: Action | undefined;
}

type Row = [name: string, verb: string, path: string, action?: Action | undefined];

const ALL = ['list', 'insert', 'get', 'patch', 'update', 'delete'];
const FEW = ['list', 'insert', 'get', 'delete'];

const ROWS: Row[] = [
  ['storage.buckets.list', 'GET', 'b', 'listBuckets'],
  ['storage.buckets.insert', 'POST', 'b', 'insertBucket'],
  ['storage.buckets.get', 'GET', 'b/{bucket}', 'getBucket'],
  ['storage.buckets.patch', 'PATCH', 'b/{bucket}', 'patchBucket'],
  ['storage.buckets.update', 'PUT', 'b/{bucket}', 'updateBucket'],
  ['storage.buckets.delete', 'DELETE', 'b/{bucket}', 'deleteBucket'],
  ['storage.buckets.getStorageLayout', 'GET', 'b/{bucket}/storageLayout', 'getStorageLayout'],
  ['storage.buckets.getIamPolicy', 'GET', 'b/{bucket}/iam', 'getIamPolicy'],
  ['storage.buckets.testIamPermissions', 'GET', 'b/{bucket}/iam/testPermissions', 'testIamPermissions'],
  ['storage.buckets.setIamPolicy', 'PUT', 'b/{bucket}/iam'],
  ['storage.buckets.lockRetentionPolicy', 'POST', 'b/{bucket}/lockRetentionPolicy'],
  ['storage.buckets.relocate', 'POST', 'b/{bucket}/relocate'],
  ['storage.buckets.restore', 'POST', 'b/{bucket}/restore'],
  ['storage.buckets.operations.list', 'GET', 'b/{bucket}/operations', 'listNone'],
  ['storage.buckets.operations.get', 'GET', 'b/{bucket}/operations/{id}'],
  ['storage.buckets.operations.cancel', 'POST', 'b/{bucket}/operations/{id}/cancel'],
  [
    'storage.buckets.operations.advanceRelocateBucket',
    'POST',
    'b/{bucket}/operations/{id}/advanceRelocateBucket',
  ],

  ['storage.objects.list', 'GET', 'b/{bucket}/o', 'listObjects'],
  // Before those with an object's name: `watch` and `bulkRestore` would be one.
  ['storage.objects.watchAll', 'POST', 'b/{bucket}/o/watch'],
  ['storage.objects.bulkRestore', 'POST', 'b/{bucket}/o/bulkRestore'],
  ['storage.objects.get', 'GET', 'b/{bucket}/o/{object}', 'getObject'],
  ['storage.objects.patch', 'PATCH', 'b/{bucket}/o/{object}', 'patchObject'],
  ['storage.objects.update', 'PUT', 'b/{bucket}/o/{object}', 'replaceMetadata'],
  ['storage.objects.delete', 'DELETE', 'b/{bucket}/o/{object}', 'deleteObject'],
  [
    'storage.objects.rewrite',
    'POST',
    'b/{bucket}/o/{object}/rewriteTo/b/{targetBucket}/o/{targetObject}',
    'rewriteObject',
  ],
  [
    'storage.objects.copy',
    'POST',
    'b/{bucket}/o/{object}/copyTo/b/{targetBucket}/o/{targetObject}',
    'copyObject',
  ],
  ['storage.objects.move', 'POST', 'b/{bucket}/o/{object}/moveTo/o/{targetObject}', 'moveObject'],
  ['storage.objects.compose', 'POST', 'b/{bucket}/o/{object}/compose', 'composeObject'],
  ['storage.objects.restore', 'POST', 'b/{bucket}/o/{object}/restore'],
  ['storage.objects.getIamPolicy', 'GET', 'b/{bucket}/o/{object}/iam'],
  ['storage.objects.setIamPolicy', 'PUT', 'b/{bucket}/o/{object}/iam'],
  ['storage.objects.testIamPermissions', 'GET', 'b/{bucket}/o/{object}/iam/testPermissions'],

  ...collection('bucketAccessControls', 'b/{bucket}/acl'),
  ...collection('defaultObjectAccessControls', 'b/{bucket}/defaultObjectAcl'),
  ...collection('objectAccessControls', 'b/{bucket}/o/{object}/acl'),
  ...collection('notifications', 'b/{bucket}/notificationConfigs', { operations: FEW, list: 'listNone' }),
  ...collection('folders', 'b/{bucket}/folders', { operations: FEW }),
  ['storage.folders.rename', 'POST', 'b/{bucket}/folders/{id}/renameTo/folders/{target}'],
  ...collection('managedFolders', 'b/{bucket}/managedFolders', { operations: FEW, list: 'listNone' }),
  ['storage.managedFolders.getIamPolicy', 'GET', 'b/{bucket}/managedFolders/{id}/iam'],
  ['storage.managedFolders.setIamPolicy', 'PUT', 'b/{bucket}/managedFolders/{id}/iam'],
  ['storage.managedFolders.testIamPermissions', 'GET', 'b/{bucket}/managedFolders/{id}/iam/testPermissions'],
  ...collection('anywhereCaches', 'b/{bucket}/anywhereCaches', {
    operations: ['list', 'insert', 'get'],
    list: 'listNone',
  }),
  ['storage.anywhereCaches.update', 'PATCH', 'b/{bucket}/anywhereCaches/{id}'],
  ['storage.anywhereCaches.disable', 'POST', 'b/{bucket}/anywhereCaches/{id}/disable'],
  ['storage.anywhereCaches.pause', 'POST', 'b/{bucket}/anywhereCaches/{id}/pause'],
  ['storage.anywhereCaches.resume', 'POST', 'b/{bucket}/anywhereCaches/{id}/resume'],
  ['storage.projects.hmacKeys.create', 'POST', 'projects/{project}/hmacKeys'],
  ['storage.projects.hmacKeys.list', 'GET', 'projects/{project}/hmacKeys'],
  ['storage.projects.hmacKeys.get', 'GET', 'projects/{project}/hmacKeys/{id}'],
  ['storage.projects.hmacKeys.update', 'PUT', 'projects/{project}/hmacKeys/{id}'],
  ['storage.projects.hmacKeys.delete', 'DELETE', 'projects/{project}/hmacKeys/{id}'],
  ['storage.projects.serviceAccount.get', 'GET', 'projects/{project}/serviceAccount'],
  ['storage.channels.stop', 'POST', 'channels/stop'],
];

/** Paths are below `/storage/v1/`. The upload of `storage.objects.insert` has addresses of its own: see `routes.ts`. */
export const OPERATIONS: readonly Operation[] = ROWS.map(([name, verb, path, action]) => ({
  ...{ name, verb, path, action },
}));

interface CollectionOptions {
  operations?: string[];
  /** What serves the list, where it is served. */
  list?: Action;
}

/** The usual operations on a list of things that this service does not have. */
function collection(name: string, path: string, { operations = ALL, list }: CollectionOptions = {}): Row[] {
  const usual: Row[] = [
    [`storage.${name}.list`, 'GET', path, list],
    [`storage.${name}.insert`, 'POST', path],
    [`storage.${name}.get`, 'GET', `${path}/{id}`],
    [`storage.${name}.patch`, 'PATCH', `${path}/{id}`],
    [`storage.${name}.update`, 'PUT', `${path}/{id}`],
    [`storage.${name}.delete`, 'DELETE', `${path}/{id}`],
  ];
  return usual.filter(([operation]) => operations.some((known) => operation.endsWith(`.${known}`)));
}
