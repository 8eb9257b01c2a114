import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** terraform/schema/iam.json: what is known of Google's roles, as far as it is used. */
export interface IamFacts {
  source: string;
  /** Predefined roles that there are, each with the permissions of `NEEDED` and of our own roles that it has. */
  roles: Readonly<Record<string, readonly string[]>>;
  /** Permissions that some predefined role of Google has. */
  permissions: readonly string[];
}

export const IAM_FILE = fileURLToPath(new URL('../../terraform/schema/iam.json', import.meta.url));

export function readIamFacts(): IamFacts {
  return JSON.parse(readFileSync(IAM_FILE, 'utf8')) as IamFacts;
}

/** What Terraform needs to plan and to make a resource. */
export interface Needed {
  read: string;
  make: string;
}

const of = (resource: string, make = 'create'): Needed => ({
  read: `${resource}.get`,
  make: `${resource}.${make}`,
});
const policyOf = (resource: string): Needed => ({
  read: `${resource}.getIamPolicy`,
  make: `${resource}.setIamPolicy`,
});

/** By type, from the permissions that Google's pages name for the method behind it. A budget is the billing account's affair. */
export const NEEDED: Readonly<Record<string, Needed>> = {
  google_artifact_registry_repository: of('artifactregistry.repositories'),
  google_artifact_registry_repository_iam_member: policyOf('artifactregistry.repositories'),
  google_cloud_run_v2_service_iam_member: policyOf('run.services'),
  google_cloud_scheduler_job: of('cloudscheduler.jobs'),
  google_cloudfunctions2_function: of('cloudfunctions.functions'),
  google_firestore_backup_schedule: of('datastore.backupSchedules'),
  google_firestore_database: { read: 'datastore.databases.getMetadata', make: 'datastore.databases.create' },
  google_firestore_field: of('datastore.schemas', 'update'),
  google_firestore_index: of('datastore.schemas'),
  google_kms_crypto_key: of('cloudkms.cryptoKeys'),
  google_kms_crypto_key_iam_member: policyOf('cloudkms.cryptoKeys'),
  google_kms_key_ring: of('cloudkms.keyRings'),
  google_logging_metric: of('logging.logMetrics'),
  google_monitoring_alert_policy: of('monitoring.alertPolicies'),
  google_monitoring_dashboard: of('monitoring.dashboards'),
  google_monitoring_notification_channel: of('monitoring.notificationChannels'),
  google_project_iam_custom_role: of('iam.roles'),
  google_project_iam_member: policyOf('resourcemanager.projects'),
  google_project_service: of('serviceusage.services', 'enable'),
  google_pubsub_subscription: of('pubsub.subscriptions'),
  google_pubsub_subscription_iam_member: policyOf('pubsub.subscriptions'),
  google_pubsub_topic: of('pubsub.topics'),
  google_pubsub_topic_iam_member: policyOf('pubsub.topics'),
  google_service_account: of('iam.serviceAccounts'),
  google_service_account_iam_member: policyOf('iam.serviceAccounts'),
  google_storage_bucket: of('storage.buckets'),
  google_storage_bucket_iam_member: policyOf('storage.buckets'),
  google_storage_bucket_object: of('storage.objects'),
  google_vertex_ai_tensorboard: of('aiplatform.tensorboards'),
};
