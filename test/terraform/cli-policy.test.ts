import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleDeployScripts } from '../../scripts/build.ts';
import { planViolations } from '../../scripts/terraform/plan-policy.ts';
import type { PlanJson, ResourceChange, Values } from '../../scripts/terraform/policy/plan.ts';
import { ROOT } from '../support/repo-files.ts';
import {
  account,
  aFunction,
  bucket,
  type Change,
  DANGEROUS,
  DATABASE,
  database,
  invoker,
  PROJECT,
  push,
  resource,
  runs,
  scheduled,
} from './dangerous-changes.ts';

/** A plan for the project, with the function that the others call. */
const planOf = (changes: ResourceChange[], more: PlanJson = {}): PlanJson => ({
  variables: { project_id: { value: PROJECT } },
  resource_changes: [
    resource('google_cloudfunctions2_function.this["submit"]', { actions: ['no-op'], after: aFunction }),
    ...changes,
  ],
  ...more,
});
const violationsOf = (address: string, change: Change) => planViolations(planOf([resource(address, change)]));

describe('a plan as it should be', () => {
  test.each<[address: string, after: Values]>([
    ['google_storage_bucket.data["inbox"]', bucket],
    [
      'google_storage_bucket.source',
      { public_access_prevention: 'enforced', uniform_bucket_level_access: true },
    ],
    ['google_firestore_database.this', database],
    ['google_firestore_field.expiring', { collection: 'uploads', ttl_config: [{}] }],
    ['google_cloudfunctions2_function.this["poll"]', aFunction],
    ['google_cloud_run_v2_service_iam_member.one', invoker],
    ['google_project_iam_member.runs', runs],
    [
      'google_storage_bucket_iam_member.up',
      { role: 'roles/storage.objectUser', member: 'group:tuners@example.com' },
    ],
    [
      'google_storage_bucket_iam_member.ci',
      { role: 'roles/storage.objectUser', member: `serviceAccount:${account('ci')}` },
    ],
    ['google_pubsub_subscription.push["a"]', push],
    ['google_pubsub_subscription.kept', {}],
    ['google_cloud_scheduler_job.this["poll"]', scheduled],
    ['google_project_iam_custom_role.this["runs"]', { permissions: ['datastore.entities.get'] }],
    ['google_project_service.this["a"]', { disable_on_destroy: false }],
    ['time_sleep.agents', {}],
  ])('says nothing of %s', (address, after) => {
    expect(violationsOf(address, { after })).toEqual([]);
  });

  test.each([
    ['a topic that goes', 'google_pubsub_topic.this["old"]'],
    ['a binding that goes', 'google_project_iam_member.one'],
    ['the bucket that a build fills again', 'google_storage_bucket.source'],
  ])('says nothing of %s', (_name, address) => {
    expect(violationsOf(address, { actions: ['delete'], after: null })).toEqual([]);
  });

  test('says nothing of an address that is known once its function is made', () => {
    const unknown = {
      push_config: [{ oidc_token: [{ service_account_email: account('tunedrop-trigger') }] }],
    };
    const subscription = resource('google_pubsub_subscription.push["a"]', {
      ...{ after: unknown, after_unknown: { push_config: [{ push_endpoint: true }] } },
    });
    const made = resource('google_cloudfunctions2_function.this["poll"]', { after: aFunction });
    expect(planViolations(planOf([made, subscription]))).toEqual([]);
    expect(planViolations(planOf([subscription]))).toEqual([
      expect.stringContaining('would call an address'),
    ]);
  });
});

describe('a dangerous change is refused', () => {
  test.each(DANGEROUS)('%s', (_name, address, change, says) => {
    const said = violationsOf(address, change);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^google_/);
    expect(said[0]?.startsWith(`${address} `)).toBe(true);
    expect(said[0]).toContain(says);
  });

  test('a program that runs where it is applied, in whichever module', () => {
    const inner = { resources: [{ address: 'time_sleep.x', provisioners: [{ type: 'local-exec' }] }] };
    const configuration = { root_module: { module_calls: { inner: { module: inner } } } };
    expect(planViolations(planOf([], { configuration }))).toEqual([
      'time_sleep.x runs a program where it is applied (local-exec)',
    ]);
  });

  test('a data source that runs a program, and a provider that nobody knows', () => {
    const external = resource('external.x', { actions: ['read'] }, 'data');
    const other = { ...resource('time_sleep.x', {}), provider_name: 'registry.terraform.io/someone/time' };
    expect(planViolations(planOf([external, other]))).toEqual([
      'external.x reads a external, which is not on the list',
      'time_sleep.x is of registry.terraform.io/someone/time, which is not on the list of providers',
    ]);
  });

  test('a plan that does not say for which project it is', () => {
    expect(planViolations({})).toEqual(['the plan does not say which project it is for (var.project_id)']);
  });
});

describe.each(['scripts/terraform/check-plan.ts', 'dist/deploy/check-plan.cjs'])('%s', (program) => {
  beforeAll(() => bundleDeployScripts());
  const check = (change: Change) =>
    spawnSync(process.execPath, [join(ROOT, program)], {
      input: JSON.stringify(planOf([resource(DATABASE, change)])),
      encoding: 'utf8',
    });

  test('says of a plan without a fault what was looked at, and what was not', () => {
    const { status, stdout } = check({ actions: ['no-op'], after: database });
    expect(status).toBe(0);
    expect(stdout).toContain('Nothing is wrong with the plan.');
    expect(stdout).toContain('Not checked: what the bundles do');
  });

  test('ends the build after a plan that costs data', () => {
    const { status, stderr } = check({ actions: ['delete'], after: null });
    expect(status).toBe(1);
    expect(stderr).toBe('google_firestore_database.this would be deleted\n');
  });
});
