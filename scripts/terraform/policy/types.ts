import { block, blocks, type ResourceChange, type Values } from './plan.ts';
import { PERMISSIONS, wrongRight } from './roles.ts';

/** What is asked of each type of resource. A type that is not in this table is refused. */

/** What is known of the whole plan. */
export interface PlanContext {
  project: string;
  /** Addresses that the functions of this plan answer at, as far as they are known before the apply. */
  functionUris: readonly string[];
  /** Whether a function is made or changed, so that its address may be known after the apply alone. */
  isAnyFunctionNew: boolean;
}

/** What is wrong with a resource as it would be; the sentence goes on from its address. */
type Check = (values: Values, resource: ResourceChange, context: PlanContext) => string | undefined;

const nothing: readonly Check[] = [];

/** A value that has to be this one. */
const is =
  (path: readonly string[], value: unknown, says: string): Check =>
  (values) => {
    const at = path.slice(0, -1).reduce((inner, name) => block(inner, name), values);
    return at[path.at(-1) ?? ''] === value ? undefined : says;
  };

/** Blocks that must not be there. */
const without =
  (names: readonly string[], says: string): Check =>
  (values) =>
    names.some((name) => blocks(values, name).length > 0) ? says : undefined;

const binding: readonly Check[] = [
  ({ role, member, condition }, { type }, { project }) => {
    if (typeof member !== 'string') return 'gives a role to somebody who is not known before the apply';
    if (typeof role !== 'string') return 'gives a role that is not known before the apply';
    const hasCondition = Array.isArray(condition) && condition.length > 0;
    return wrongRight({ type, role, member, hasCondition, project });
  },
];

/** Days after which what was replaced, and copies of data sets, may go: terraform/variables.tf. */
const LEAST_DAYS = { noncurrent: 7, staging: 14 };

/** Deletes nothing that lives, but the checked copies of data sets. */
const keepsObjects: Check = (values) => {
  const deletes = blocks(values, 'lifecycle_rule').filter((rule) => block(rule, 'action').type === 'Delete');
  const isKeeping = deletes.every((rule) => {
    const when = block(rule, 'condition');
    const prefixes = Array.isArray(when.matches_prefix) ? when.matches_prefix : [];
    const isStaging = prefixes.length > 0 && prefixes.every((prefix) => prefix === 'staging/');
    if (isStaging) return Number(when.age) >= LEAST_DAYS.staging;
    return when.with_state === 'ARCHIVED' && Number(when.days_since_noncurrent_time) >= LEAST_DAYS.noncurrent;
  });
  return isKeeping ? undefined : 'would delete objects by a rule';
};

const bucket: readonly Check[] = [
  is(['public_access_prevention'], 'enforced', 'does not prevent public access'),
  is(['uniform_bucket_level_access'], true, 'has access lists of single objects'),
  without(
    ['cors', 'website', 'logging'],
    'would be served to browsers, or tell another bucket of what is done',
  ),
];
const dataBucket: readonly Check[] = [
  ...bucket,
  keepsObjects,
  is(['versioning', 'enabled'], true, 'keeps no version of what is replaced'),
  ({ force_destroy }) => (force_destroy === true ? 'could be deleted with all that is in it' : undefined),
  (values) =>
    Number(block(values, 'soft_delete_policy').retention_duration_seconds) >= 604_800
      ? undefined
      : 'keeps what is deleted for less than seven days',
];

/** Which account a function runs as; `tunedrop-NAME` of this project. */
const ownAccount = (account: unknown, project: string) =>
  new RegExp(
    `^(?:projects/[^/]+/serviceAccounts/)?tunedrop-[a-z0-9-]+@${project}\\.iam\\.gserviceaccount\\.com$`,
  ).test(String(account));

/** An address that calls go to, with a token of ours: a function of this plan, or one that is made by it. */
const callsAFunction = (uri: unknown, isUnknown: boolean, { functionUris, isAnyFunctionNew }: PlanContext) =>
  isUnknown ? isAnyFunctionNew : functionUris.some((own) => uri === own || String(uri).startsWith(`${own}/`));

const ELSEWHERE = 'would call an address with a token of this project that is no function of this plan';

export const CHECKS_OF_TYPE: Readonly<Record<string, readonly Check[]>> = {
  google_artifact_registry_repository: [is(['format'], 'DOCKER', 'is no repository of images')],
  google_artifact_registry_repository_iam_member: binding,
  google_billing_budget: nothing,
  google_cloud_run_v2_service_iam_member: binding,
  google_cloud_scheduler_job: [
    without(['pubsub_target', 'app_engine_http_target'], 'calls something else than a function'),
    (values, { change: { after_unknown } }, context) =>
      callsAFunction(
        block(values, 'http_target').uri,
        block(after_unknown, 'http_target').uri === true,
        context,
      )
        ? undefined
        : ELSEWHERE,
  ],
  google_cloudfunctions2_function: [
    (values) =>
      block(values, 'service_config').service_account_email
        ? undefined
        : "has no account of its own: it would be the project's default",
    is(['service_config', 'ingress_settings'], 'ALLOW_INTERNAL_ONLY', 'can be called from the internet'),
    (values) =>
      block(values, 'build_config').service_account
        ? undefined
        : "would be built by the project's default account",
    (values, _resource, { project }) =>
      [block(values, 'service_config').service_account_email, block(values, 'build_config').service_account]
        .filter(Boolean)
        .every((account) => ownAccount(account, project))
        ? undefined
        : 'runs or is built as an account that is not of this deployment',
    (values) => {
      const { environment_variables: variables } = block(values, 'service_config');
      const { VERTEX_AI_ENDPOINT: endpoint = '' } = (variables ?? {}) as Values;
      return endpoint === '' ? undefined : 'would send its token to a host that a variable names';
    },
  ],
  google_firestore_backup_schedule: nothing,
  google_firestore_database: [
    is(['delete_protection_state'], 'DELETE_PROTECTION_ENABLED', 'is not protected from being deleted'),
    is(
      ['point_in_time_recovery_enablement'],
      'POINT_IN_TIME_RECOVERY_ENABLED',
      'could not be brought back to an earlier time',
    ),
    is(['deletion_policy'], 'ABANDON', 'would be deleted with what Terraform forgets'),
  ],
  google_firestore_field: [
    (values) =>
      blocks(values, 'ttl_config').length > 0 && values.collection !== 'uploads'
        ? `would delete documents of ${values.collection} by a time in them`
        : undefined,
  ],
  google_firestore_index: nothing,
  google_kms_crypto_key: nothing,
  google_kms_crypto_key_iam_member: binding,
  google_kms_key_ring: nothing,
  google_logging_metric: nothing,
  google_monitoring_alert_policy: [
    ({ enabled }) => (enabled === false ? 'is an alert that nobody hears of: it is off' : undefined),
  ],
  google_monitoring_dashboard: nothing,
  google_monitoring_notification_channel: [
    ({ enabled }) => (enabled === false ? 'is a channel that tells nobody: it is off' : undefined),
  ],
  google_project_iam_custom_role: [
    ({ permissions }) => {
      if (!Array.isArray(permissions)) return 'has permissions that are not known before the apply';
      const more = permissions.filter((permission) => !PERMISSIONS.has(String(permission)));
      return more.length === 0
        ? undefined
        : `would hold ${more.join(', ')}, which no call of the product needs`;
    },
  ],
  google_project_iam_member: binding,
  google_project_service: [
    ({ disable_on_destroy }) =>
      disable_on_destroy === false ? undefined : 'would be switched off for the whole project when it goes',
  ],
  google_pubsub_subscription: [
    without(['bigquery_config', 'cloud_storage_config'], 'would copy its messages to somewhere else'),
    (values, { change: { after_unknown } }, context) => {
      if (blocks(values, 'push_config').length === 0) return undefined;
      const isUnknown = block(after_unknown, 'push_config').push_endpoint === true;
      const { push_endpoint: endpoint } = block(values, 'push_config');
      if (!callsAFunction(endpoint, isUnknown, context)) return ELSEWHERE;
      const { service_account_email: account } = block(values, 'push_config', 'oidc_token');
      return ownAccount(account, context.project) ? undefined : 'calls without a token of this deployment';
    },
  ],
  google_pubsub_subscription_iam_member: binding,
  google_pubsub_topic: nothing,
  google_pubsub_topic_iam_member: binding,
  google_service_account: nothing,
  google_service_account_iam_member: binding,
  google_storage_bucket: dataBucket,
  google_storage_bucket_iam_member: binding,
  google_storage_bucket_object: nothing,
  google_vertex_ai_tensorboard: nothing,
  time_sleep: nothing,
};

/** What holds only what a build fills again. */
export const CHECKS_OF_SOURCE_BUCKET: readonly Check[] = bucket;
