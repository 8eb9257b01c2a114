import { at, ofType } from './deployments.ts';
import { each, type Policy } from './policy.ts';

const BUCKET = 'google_storage_bucket';
const FUNCTION = 'google_cloudfunctions2_function';
const WEEK = 604_800;

/** Where a resource says which key encrypts it. */
const ENCRYPTED_BY: Record<string, string[]> = {
  google_artifact_registry_repository: ['kms_key_name'],
  google_cloudfunctions2_function: ['kms_key_name'],
  google_firestore_database: ['cmek_config', 'kms_key_name'],
  google_pubsub_topic: ['kms_key_name'],
  google_storage_bucket: ['encryption', 'default_kms_key_name'],
  google_vertex_ai_tensorboard: ['encryption_spec', 'kms_key_name'],
};

/** What Terraform says of a resource, and which service of Google it is then asked of. */
const SERVICES: readonly [type: RegExp, service: string][] = [
  [/^google_artifact_registry_/, 'artifactregistry'],
  [/^google_billing_/, 'billingbudgets'],
  [/^google_cloud_run_/, 'run'],
  [/^google_cloud_scheduler_/, 'cloudscheduler'],
  [/^google_cloudbuild_/, 'cloudbuild'],
  // Functions are built by Cloud Build, run by Cloud Run, and woken by Eventarc.
  [/^google_cloudfunctions2_/, 'cloudfunctions'],
  [/^google_cloudfunctions2_/, 'cloudbuild'],
  [/^google_cloudfunctions2_/, 'eventarc'],
  [/^google_firestore_/, 'firestore'],
  [/^google_kms_/, 'cloudkms'],
  [/^google_logging_/, 'logging'],
  [/^google_monitoring_/, 'monitoring'],
  [/^google_project_iam_/, 'cloudresourcemanager'],
  [/^google_pubsub_/, 'pubsub'],
  [/^google_service_account/, 'iam'],
  [/^google_storage_/, 'storage'],
  [/^google_vertex_ai_/, 'aiplatform'],
];

/** What is there, and stays there. */
export const KEEPING: readonly Policy[] = [
  {
    name: 'every service that is used is turned on, and stays on',
    findings: (deployed) => {
      const on = ofType(deployed, 'google_project_service').map((instance) =>
        String(at(instance, 'service')),
      );
      const off = each(deployed, ['google_project_service'], (instance) =>
        at(instance, 'disable_on_destroy') === false
          ? undefined
          : 'lacks disable_on_destroy = false: others in the project may use it',
      );
      const types = [...new Set(deployed.deployment.instances.map(({ type }) => type))];
      const missing = types.flatMap((type) =>
        SERVICES.filter(
          ([pattern, service]) => pattern.test(type) && !on.includes(`${service}.googleapis.com`),
        ).map(([, service]) => `there is a ${type}, and ${service}.googleapis.com is not turned on`),
      );
      return [...missing, ...off];
    },
  },
  {
    name: 'what was deleted or replaced can be brought back',
    findings: (deployed) => [
      ...each(deployed, ['google_firestore_database'], (instance) =>
        at(instance, 'point_in_time_recovery_enablement') === 'POINT_IN_TIME_RECOVERY_ENABLED'
          ? undefined
          : 'lacks point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"',
      ),
      ...each(deployed, [BUCKET], (instance) => {
        if (at(instance, 'force_destroy') === true) return undefined;
        if (at(instance, 'versioning', 'enabled') !== true) return 'lacks versioning.enabled = true';
        const days = at(instance, 'soft_delete_policy', 'retention_duration_seconds') ?? WEEK;
        return Number(days) >= WEEK
          ? undefined
          : 'keeps deleted objects for less than a week (soft_delete_policy)';
      }),
    ],
  },
  {
    name: 'no rule deletes what is in use, but for staged data and kept plans',
    findings: (deployed) =>
      each(deployed, [BUCKET], (instance) => {
        if (at(instance, 'force_destroy') === true) return undefined;
        const rules = (instance.arguments.lifecycle_rule ?? []) as Record<
          string,
          Record<string, unknown>[]
        >[];
        const broad = rules.find(({ action, condition }) => {
          const [{ type } = {}] = action ?? [];
          const [{ matches_prefix, with_state } = {}] = condition ?? [];
          const prefixes = (matches_prefix ?? []) as string[];
          return type === 'Delete' && with_state !== 'ARCHIVED' && prefixes.join() !== 'staging/';
        });
        return broad
          ? `has a lifecycle_rule that deletes live objects: ${JSON.stringify(broad.condition)}`
          : undefined;
      }),
  },
  {
    name: 'dead letters are kept for a week',
    findings: (deployed) =>
      each(deployed, ['google_pubsub_subscription'], (instance) =>
        String(at(instance, 'message_retention_duration')) === `${WEEK}s`
          ? undefined
          : `lacks message_retention_duration = "${WEEK}s"`,
      ),
  },
  {
    name: 'where there is a key, everything is encrypted with it',
    findings: (deployed) => {
      if (ofType(deployed, 'google_kms_crypto_key').length === 0) return [];
      return each(deployed, Object.keys(ENCRYPTED_BY), (instance) => {
        const path = ENCRYPTED_BY[instance.type] ?? [];
        return String(at(instance, ...path)).includes('/cryptoKeys/')
          ? undefined
          : `is not encrypted with the key: ${path.join('.')} is not set`;
      });
    },
  },
  {
    name: 'a bundle is named after what is in it',
    findings: (deployed) =>
      each(deployed, ['google_storage_bucket_object'], (instance) =>
        /<filemd5\(.*\)>/.test(String(at(instance, 'name')))
          ? undefined
          : `is called ${at(instance, 'name')}, without a hash: new code under an old name is not deployed`,
      ),
  },
  {
    name: 'functions wait until Google’s agents have their roles',
    findings: (deployed) =>
      each(deployed, [FUNCTION], ({ block }) =>
        JSON.stringify(block.body.depends_on ?? []).includes('time_sleep.agents')
          ? undefined
          : 'lacks depends_on time_sleep.agents: the first apply would be refused',
      ),
  },
  {
    name: 'what works together is in one region',
    findings: (deployed) => {
      const types = [BUCKET, FUNCTION, 'google_artifact_registry_repository', 'google_cloud_scheduler_job'];
      const placeOf = (value: unknown) => String(value).toLowerCase();
      const [first] = ofType(deployed, FUNCTION).map((instance) => placeOf(at(instance, 'location')));
      if (first === undefined) return [];
      return each(deployed, types, (instance) => {
        const place = placeOf(at(instance, 'location') ?? at(instance, 'region'));
        return place === first ? undefined : `is in ${place}, and the functions are in ${first}`;
      });
    },
  },
];
