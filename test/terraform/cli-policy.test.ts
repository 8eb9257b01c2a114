import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planViolations, type ResourceChange } from '../../scripts/terraform/plan-policy.ts';
import { ROOT } from '../support/repo-files.ts';

type Change = Partial<ResourceChange['change']>;

const resource = (address: string, change: Change, mode: ResourceChange['mode'] = 'managed') => ({
  ...{ address, mode, type: address.split('.')[0] ?? '' },
  change: { actions: ['create'], after: {}, after_unknown: {}, ...change } as ResourceChange['change'],
});

const bucket = { public_access_prevention: 'enforced', uniform_bucket_level_access: true };
const served = { service_account_email: 'a@b', ingress_settings: 'ALLOW_INTERNAL_ONLY' };
const aFunction = { service_config: [served], build_config: [{ service_account: 'builder' }] };
const binding = { role: 'roles/run.invoker', member: 'serviceAccount:a@b' };

describe('the policy of plans', () => {
  test.each<{ name: string; address: string; change: Change; says: string[] }>([
    {
      name: 'a database that goes',
      address: 'google_firestore_database.this',
      change: { actions: ['delete'], after: null },
      says: ['google_firestore_database.this would be deleted'],
    },
    {
      name: 'a bucket that is replaced',
      address: 'google_storage_bucket.data["inbox"]',
      change: { actions: ['delete', 'create'], after: bucket },
      says: ['google_storage_bucket.data["inbox"] would be deleted and made again, without what is in it'],
    },
    {
      name: 'a key that is replaced, the new one first',
      address: 'google_kms_crypto_key.this[0]',
      change: { actions: ['create', 'delete'] },
      says: ['google_kms_crypto_key.this[0] would be deleted and made again, without what is in it'],
    },
    {
      name: 'the bucket that a build fills again',
      address: 'google_storage_bucket.source',
      change: { actions: ['delete', 'create'], after: bucket },
      says: [],
    },
    {
      name: 'a topic that goes',
      address: 'google_pubsub_topic.this["old"]',
      change: { actions: ['delete'], after: null },
      says: [],
    },
    {
      name: 'a bucket for everybody to open',
      address: 'google_storage_bucket.data["inbox"]',
      change: { actions: ['update'], after: { ...bucket, public_access_prevention: 'inherited' } },
      says: ['google_storage_bucket.data["inbox"] does not prevent public access'],
    },
    {
      name: 'a bucket with access lists',
      address: 'google_storage_bucket.data["inbox"]',
      change: { after: { ...bucket, uniform_bucket_level_access: null } },
      says: ['google_storage_bucket.data["inbox"] has access lists of single objects'],
    },
    {
      name: 'a binding to one account',
      address: 'google_project_iam_member.one',
      change: { after: binding },
      says: [],
    },
    {
      name: 'a binding to everybody',
      address: 'google_cloud_run_v2_service_iam_member.one',
      change: { after: { ...binding, member: 'allUsers' } },
      says: ['google_cloud_run_v2_service_iam_member.one gives roles/run.invoker to allUsers'],
    },
    {
      name: 'a binding to several, everybody among them',
      address: 'google_storage_bucket_iam_binding.one',
      change: { after: { role: 'roles/storage.admin', members: ['user:a@b', 'allAuthenticatedUsers'] } },
      says: ['google_storage_bucket_iam_binding.one gives roles/storage.admin to allAuthenticatedUsers'],
    },
    {
      name: 'a binding that goes',
      address: 'google_project_iam_member.one',
      change: { actions: ['delete'], after: null },
      says: [],
    },
    {
      name: 'a binding of a basic role',
      address: 'google_project_iam_member.one',
      change: { after: { ...binding, role: 'roles/editor' } },
      says: ['google_project_iam_member.one gives the basic role roles/editor'],
    },
    {
      name: 'a binding to somebody who is not known yet',
      address: 'google_project_iam_member.one',
      change: { after: { role: 'roles/run.invoker' }, after_unknown: { member: true } },
      says: ['google_project_iam_member.one: who gets the role is not known before the apply'],
    },
    {
      name: 'a function as it should be',
      address: 'google_cloudfunctions2_function.this["poll"]',
      change: { after: aFunction },
      says: [],
    },
    {
      name: 'a function that the internet can call',
      address: 'google_cloudfunctions2_function.this["poll"]',
      change: {
        after: { ...aFunction, service_config: [{ ...served, ingress_settings: 'ALLOW_ALL' }] },
      },
      says: ['google_cloudfunctions2_function.this["poll"] can be called from the internet'],
    },
    {
      name: 'a function without an account',
      address: 'google_cloudfunctions2_function.this["poll"]',
      change: { after: { ...aFunction, service_config: [{ ...served, service_account_email: null }] } },
      says: [
        `google_cloudfunctions2_function.this["poll"] has no account of its own: it would be the project's default`,
      ],
    },
    {
      name: 'a function that anybody builds',
      address: 'google_cloudfunctions2_function.this["poll"]',
      change: { after: { ...aFunction, build_config: [{}] } },
      says: [`google_cloudfunctions2_function.this["poll"] would be built by the project's default account`],
    },
  ])('says of $name: $says', ({ address, change, says }) => {
    expect(planViolations({ resource_changes: [resource(address, change)] })).toEqual(says);
  });

  test('looks at what is managed, and not at what is read', () => {
    const read = resource('google_storage_bucket.data', { actions: ['read'], after: {} }, 'data');
    expect(planViolations({ resource_changes: [read] })).toEqual([]);
    expect(planViolations({})).toEqual([]);
  });
});

describe('check-plan.ts', () => {
  test.each([
    { name: 'a plan that keeps everything', actions: ['no-op'], status: 0, says: 'The plan keeps all data' },
    { name: 'a plan that costs data', actions: ['delete'], status: 1, says: 'this would be deleted' },
  ] as const)('ends with $status after $name', ({ actions, status, says }) => {
    const plan = {
      resource_changes: [resource('google_firestore_database.this', { actions: [...actions] })],
    };
    const answer = spawnSync(process.execPath, [join(ROOT, 'scripts/terraform/check-plan.ts')], {
      input: JSON.stringify(plan),
      encoding: 'utf8',
    });
    expect(answer.stdout + answer.stderr).toContain(says);
    expect(answer.status).toBe(status);
  });
});
