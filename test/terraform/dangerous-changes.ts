import type { ResourceChange, Values } from '../../scripts/terraform/policy/plan.ts';

/** Resources as a plan of this deployment has them, and changes of them that nobody may apply. */

export type Change = Partial<ResourceChange['change']>;

export const resource = (address: string, change: Change, mode: ResourceChange['mode'] = 'managed') => ({
  ...{ address, mode, type: address.split('.')[0] ?? '' },
  change: { actions: ['create'], after: {}, after_unknown: {}, ...change } as ResourceChange['change'],
});

export const PROJECT = 'some-project';
export const account = (name: string) => `${name}@${PROJECT}.iam.gserviceaccount.com`;
const DAYS = 86_400;
const oldVersions = {
  action: [{ type: 'Delete' }],
  condition: [{ days_since_noncurrent_time: 30, with_state: 'ARCHIVED' }],
};
export const bucket = {
  public_access_prevention: 'enforced',
  uniform_bucket_level_access: true,
  versioning: [{ enabled: true }],
  soft_delete_policy: [{ retention_duration_seconds: 7 * DAYS }],
  lifecycle_rule: [oldVersions],
};
export const database = {
  delete_protection_state: 'DELETE_PROTECTION_ENABLED',
  point_in_time_recovery_enablement: 'POINT_IN_TIME_RECOVERY_ENABLED',
  deletion_policy: 'ABANDON',
};
const URI = 'https://submit-abc-uc.a.run.app';
const served = {
  service_account_email: account('tunedrop-submit'),
  ingress_settings: 'ALLOW_INTERNAL_ONLY',
  environment_variables: { VERTEX_AI_ENDPOINT: '' },
  uri: URI,
};
export const aFunction = {
  service_config: [served],
  build_config: [{ service_account: account('tunedrop-build') }],
};
export const invoker = { role: 'roles/run.invoker', member: `serviceAccount:${account('tunedrop-trigger')}` };
export const push = {
  push_config: [
    {
      push_endpoint: `${URI}/projects/${PROJECT}/topics/submit-requests`,
      oidc_token: [{ service_account_email: account('tunedrop-trigger') }],
    },
  ],
};
export const scheduled = { http_target: [{ uri: URI }] };
const condition = [{ title: 'only one database' }];
export const runs = {
  role: `projects/${PROJECT}/roles/tunedrop.runs`,
  member: `serviceAccount:${account('tunedrop-poll')}`,
  condition,
};

const rule = (when: Values, type = 'Delete') => ({
  after: { ...bucket, lifecycle_rule: [{ action: [{ type }], condition: [when] }] },
});
const INBOX = 'google_storage_bucket.data["inbox"]';
const POLL = 'google_cloudfunctions2_function.this["poll"]';
export const DATABASE = 'google_firestore_database.this';
const BINDING = 'google_project_iam_member.one';
const foreign = 'https://elsewhere-xyz-uc.a.run.app';

export const DANGEROUS: [name: string, address: string, change: Change, says: string][] = [
  // What holds data
  ['a database that goes', DATABASE, { actions: ['delete'], after: null }, 'would be deleted'],
  [
    'a bucket that is replaced',
    INBOX,
    { actions: ['delete', 'create'], after: bucket },
    'made again, without',
  ],
  [
    'a key that is replaced',
    'google_kms_crypto_key.this[0]',
    { actions: ['create', 'delete'] },
    'made again',
  ],
  [
    'backups that end',
    'google_firestore_backup_schedule.daily[0]',
    { actions: ['delete'], after: null },
    'deleted',
  ],
  ['a rule that deletes uploads', INBOX, rule({ age: 1 }), 'would delete objects by a rule'],
  [
    'a rule that deletes results',
    INBOX,
    rule({ age: 30, matches_prefix: ['output/'] }),
    'would delete objects',
  ],
  [
    'a rule that deletes all, staged or not',
    INBOX,
    rule({ age: 30, matches_prefix: ['staging/', ''] }),
    'by a rule',
  ],
  ['staged copies that go too early', INBOX, rule({ age: 1, matches_prefix: ['staging/'] }), 'by a rule'],
  [
    'old versions that go at once',
    INBOX,
    rule({ days_since_noncurrent_time: 0, with_state: 'ARCHIVED' }),
    'by a rule',
  ],
  ['versions off', INBOX, { after: { ...bucket, versioning: [{ enabled: false }] } }, 'keeps no version'],
  [
    'soft deletes off',
    INBOX,
    { after: { ...bucket, soft_delete_policy: [{ retention_duration_seconds: 0 }] } },
    'seven',
  ],
  [
    'a bucket that goes when it is full',
    INBOX,
    { after: { ...bucket, force_destroy: true } },
    'with all that is in it',
  ],
  [
    'protection off',
    DATABASE,
    { after: { ...database, delete_protection_state: 'DELETE_PROTECTION_DISABLED' } },
    'not protected',
  ],
  [
    'recovery off',
    DATABASE,
    { after: { ...database, point_in_time_recovery_enablement: null } },
    'earlier time',
  ],
  [
    'a database that goes with its state',
    DATABASE,
    { after: { ...database, deletion_policy: 'DELETE' } },
    'forgets',
  ],
  [
    'documents that expire',
    'google_firestore_field.x',
    { after: { collection: 'runs', ttl_config: [{}] } },
    'of runs by a time',
  ],
  ['an alert that is off', 'google_monitoring_alert_policy.x', { after: { enabled: false } }, 'it is off'],
  [
    'an API that goes for everybody',
    'google_project_service.x',
    { after: { disable_on_destroy: true } },
    'whole project',
  ],
  // Who may do what
  [
    'a policy in place of bindings',
    'google_project_iam_policy.x',
    {},
    'is a google_project_iam_policy, which is not on',
  ],
  [
    'a binding that takes a role from others',
    'google_storage_bucket_iam_binding.x',
    {},
    'not on the list of types',
  ],
  ['an access list of objects', 'google_storage_bucket_acl.x', {}, 'not on the list of types'],
  ['a key of an account', 'google_service_account_key.x', {}, 'not on the list of types'],
  ['a key of Cloud Storage', 'google_storage_hmac_key.x', {}, 'not on the list of types'],
  ['a machine', 'google_compute_instance.x', {}, 'not on the list of types'],
  [
    'everybody',
    BINDING,
    { after: { ...runs, member: 'allUsers' } },
    'to allUsers, who is nobody of this project',
  ],
  ['a whole domain', BINDING, { after: { ...runs, member: 'domain:example.com' } }, 'nobody of this project'],
  [
    'an account of another project',
    BINDING,
    { after: { ...runs, member: 'serviceAccount:tunedrop-poll@other.iam.gserviceaccount.com' } },
    'nobody of this project',
  ],
  [
    'a default account',
    BINDING,
    { after: { ...runs, member: 'serviceAccount:123-compute@developer.gserviceaccount.com' } },
    'nobody of this project',
  ],
  [
    'somebody who is not known',
    BINDING,
    { after: { role: runs.role }, after_unknown: { member: true } },
    'who is not known',
  ],
  [
    'a person where an account belongs',
    BINDING,
    { after: { ...runs, member: 'user:a@example.com' } },
    'that role is for: accounts of this deployment',
  ],
  [
    'a basic role',
    BINDING,
    { after: { ...runs, role: 'roles/editor' } },
    'roles/editor, which is not on the list',
  ],
  [
    'a role that gives roles',
    BINDING,
    { after: { ...runs, role: 'roles/iam.serviceAccountTokenCreator' } },
    'not on the list',
  ],
  [
    'a role of our own from another project',
    BINDING,
    { after: { ...runs, role: 'projects/other/roles/tunedrop.runs' } },
    'not on the list',
  ],
  ['a right without its condition', BINDING, { after: { ...runs, condition: [] } }, 'without a condition'],
  [
    'a permission more',
    'google_project_iam_custom_role.x',
    { after: { permissions: ['datastore.entities.get', 'iam.serviceAccountKeys.create'] } },
    'would hold iam.serviceAccountKeys.create',
  ],
  // What is open, and what is called
  [
    'a bucket for everybody to open',
    INBOX,
    { after: { ...bucket, public_access_prevention: 'inherited' } },
    'public access',
  ],
  [
    'a bucket with access lists',
    INBOX,
    { after: { ...bucket, uniform_bucket_level_access: null } },
    'access lists',
  ],
  [
    'a bucket that browsers read',
    INBOX,
    { after: { ...bucket, cors: [{ origin: ['*'] }] } },
    'served to browsers',
  ],
  [
    'a function for the internet',
    POLL,
    { after: { ...aFunction, service_config: [{ ...served, ingress_settings: 'ALLOW_ALL' }] } },
    'from the internet',
  ],
  [
    'a function without an account',
    POLL,
    { after: { ...aFunction, service_config: [{ ...served, service_account_email: null }] } },
    'no account of its own',
  ],
  [
    'a function of another account',
    POLL,
    { after: { ...aFunction, service_config: [{ ...served, service_account_email: account('owner') }] } },
    'not of this deployment',
  ],
  [
    'a function that anybody builds',
    POLL,
    { after: { ...aFunction, build_config: [{}] } },
    "project's default account",
  ],
  [
    'a function whose token leaves',
    POLL,
    {
      after: {
        ...aFunction,
        service_config: [{ ...served, environment_variables: { VERTEX_AI_ENDPOINT: foreign } }],
      },
    },
    'send its token',
  ],
  [
    'messages pushed elsewhere',
    'google_pubsub_subscription.x',
    { after: { push_config: [{ ...push.push_config[0], push_endpoint: `${foreign}/projects/p` }] } },
    'would call an address',
  ],
  [
    'messages pushed to a name that begins alike',
    'google_pubsub_subscription.x',
    { after: { push_config: [{ ...push.push_config[0], push_endpoint: `${URI}.evil.com/` }] } },
    'would call an address',
  ],
  [
    'messages pushed without a token',
    'google_pubsub_subscription.x',
    { after: { push_config: [{ push_endpoint: `${URI}/x` }] } },
    'without a token',
  ],
  [
    'messages copied into a table',
    'google_pubsub_subscription.x',
    { after: { bigquery_config: [{ table: 't' }] } },
    'somewhere else',
  ],
  [
    'a schedule that calls elsewhere',
    'google_cloud_scheduler_job.x',
    { after: { http_target: [{ uri: foreign }] } },
    'would call an address',
  ],
];
