import { at, type Planted } from './planted.ts';

/** Mistakes that lose data, keep somebody from hearing of it, or make the first apply fail. */
export const PLANTED_KEEPING: readonly Planted[] = [
  {
    name: 'the database cannot be taken back to a minute',
    file: 'terraform/firestore.tf',
    from: /"POINT_IN_TIME_RECOVERY_ENABLED"/,
    to: '"POINT_IN_TIME_RECOVERY_DISABLED"',
    finds: at('firestore', 'google_firestore_database.this lacks point_in_time_recovery_enablement'),
  },
  {
    name: 'replaced uploads are gone',
    file: 'terraform/storage.tf',
    from: / {2}versioning \{\n\s+enabled = true\n {2}\}\n/,
    to: '',
    finds: at('storage', 'google_storage_bucket.data\\["inbox"\\] lacks versioning.enabled = true'),
  },
  {
    name: 'deleted uploads are gone',
    file: 'terraform/storage.tf',
    from: /(retention_duration_seconds =) 604800/,
    to: '$1 0',
    finds: at(
      'storage',
      'google_storage_bucket.data\\["inbox"\\] keeps deleted objects for less than a week',
    ),
  },
  {
    name: 'all results are deleted with the staged data',
    file: 'terraform/storage.tf',
    from: /\n\s+matches_prefix = .*/,
    to: '',
    finds: at(
      'storage',
      'google_storage_bucket.data\\["results"\\] has a lifecycle_rule that deletes live objects',
    ),
  },
  {
    name: 'dead letters are kept for ten minutes',
    file: 'terraform/pubsub.tf',
    within: 'resource "google_pubsub_subscription" "dead_letters"',
    from: /"604800s"/,
    to: '"600s"',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.dead_letters\\["dead-letters"\\] lacks message_retention_duration',
    ),
  },
  {
    name: 'a bucket is not encrypted with the key',
    file: 'terraform/storage.tf',
    from: / {2}dynamic "encryption" \{[\s\S]*?\n {2}\}\n/,
    to: '',
    finds: at('storage', 'google_storage_bucket.data\\["inbox"\\] is not encrypted with the key'),
  },
  {
    name: 'functions are not encrypted with the key',
    file: 'terraform/functions.tf',
    from: / {2}kms_key_name = .*\n/,
    to: '',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] is not encrypted with the key: kms_key_name is not set',
    ),
  },
  {
    name: 'a bundle has the name of the last one',
    file: 'terraform/storage.tf',
    from: /-\$\{filemd5\([^)]*\)\}\.zip"/,
    to: '.zip"',
    finds: at(
      'storage',
      'google_storage_bucket_object.bundle\\["poll"\\] is called functions/poll.zip, without a hash',
    ),
  },
  {
    name: 'a service is not turned on',
    file: 'terraform/apis.tf',
    from: /\n\s+"eventarc\.googleapis\.com",/,
    to: '',
    finds: /^there is a google_cloudfunctions2_function, and eventarc\.googleapis\.com is not turned on/,
  },
  {
    name: 'services that others use are turned off in the end',
    file: 'terraform/apis.tf',
    from: /disable_on_destroy = false/,
    to: 'disable_on_destroy = true',
    finds: at('apis', 'google_project_service.this\\["[\\w.]+"\\] lacks disable_on_destroy = false'),
  },
  {
    name: 'functions are made before Google’s agents have their roles',
    file: 'terraform/functions.tf',
    from: /\n\s+time_sleep\.agents,/,
    to: '',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] lacks depends_on time_sleep.agents',
    ),
  },
  {
    name: 'the schedule is in another region',
    file: 'terraform/scheduler.tf',
    from: /var\.region/,
    to: '"europe-west4"',
    finds: at(
      'scheduler',
      'google_cloud_scheduler_job.this\\["poll"\\] is in europe-west4, and the functions are in us-central1',
    ),
  },
  {
    name: 'a role is misspelt',
    file: 'terraform/vertex.tf',
    from: /"roles\/aiplatform\.user"/,
    to: '"roles/aiplatform.usr"',
    finds: at(
      'vertex',
      'google_project_iam_member.tuning_vertex gives roles/aiplatform.usr, .*did you mean roles/aiplatform.user',
    ),
  },
  {
    name: 'a permission is misspelt',
    file: 'terraform/iam.tf',
    from: /"aiplatform\.models\.get"/,
    to: '"aiplatform.model.get"',
    finds: at(
      'iam',
      'google_project_iam_custom_role.this\\["poller"\\] has the permission aiplatform.model.get, .*did you mean aiplatform.models.get',
    ),
  },
  {
    name: 'nobody is told of an alert',
    file: 'terraform/monitoring.tf',
    within: 'resource "google_monitoring_alert_policy" "errors"',
    from: /\n\s+notification_channels = .*/,
    to: '',
    finds: at('monitoring', 'google_monitoring_alert_policy.errors lacks notification_channels'),
  },
  {
    name: 'the heartbeat is not watched',
    file: 'terraform/monitoring.tf',
    from: /resource "google_monitoring_alert_policy" "heartbeat" \{[\s\S]*?\n\}\n/,
    to: '',
    finds: /^no google_monitoring_alert_policy watches the heartbeat of a schedule/,
  },
  {
    name: 'the metric of dead letters is misspelt',
    file: 'terraform/monitoring.tf',
    from: /num_undelivered_messages/,
    to: 'num_undelivered_message',
    finds: /^no google_monitoring_alert_policy watches dead letters/,
  },
  {
    name: 'a metric counts what is not written any more',
    file: 'terraform/monitoring.tf',
    from: /gave up on an event/,
    to: 'gave up an event',
    finds: at(
      'monitoring',
      'google_logging_metric.this\\["tunedrop_given_up"\\] counts "gave up an event .*", which no function writes',
    ),
  },
  {
    name: 'an alert is on a metric that there is not',
    file: 'terraform/monitoring.tf',
    from: /\/tunedrop_given_up\\"/,
    to: '/tunedrop_gave_up\\"',
    finds: at(
      'monitoring',
      'google_monitoring_alert_policy.threshold\\["given_up"\\] looks at tunedrop_gave_up',
    ),
  },
  {
    name: 'the heartbeat is taken for missing after two ticks',
    file: 'terraform/monitoring.tf',
    from: /"1800s"/,
    to: '"120s"',
    finds: at(
      'scheduler',
      'google_cloud_scheduler_job.this\\["poll"\\] ticks every 1 minutes, and its heartbeat is taken for missing after 120',
    ),
  },
];

/** Rights that go too far. */
export const PLANTED_RIGHTS: readonly Planted[] = [
  {
    name: 'who uploads administers the bucket',
    file: 'terraform/storage.tf',
    from: /"roles\/storage\.objectUser"/,
    to: '"roles/storage.admin"',
    finds: at(
      'storage',
      'google_storage_bucket_iam_member.inbox_uploaders\\["[^"]+"\\] gives roles/storage.admin to the member group:tuners',
    ),
  },
  {
    name: 'functions write wherever they want',
    file: 'terraform/storage.tf',
    within: 'resource "google_storage_bucket_iam_member" "results_functions_write"',
    from: / {2}condition \{[\s\S]*?\n {2}\}\n/,
    to: '',
    finds: at(
      'storage',
      'google_storage_bucket_iam_member.results_functions_write\\["[^"]+"\\] lets the member .* write anywhere',
    ),
  },
  {
    name: 'a function publishes to every topic of the project',
    file: 'terraform/vertex.tf',
    from: /local\.role\.poller/,
    to: '"roles/pubsub.publisher"',
    finds: at(
      'vertex',
      'google_project_iam_member.poll_vertex gives roles/pubsub.publisher on the whole project to the member',
    ),
  },
  {
    name: 'the account of jobs reaches every bucket of the project',
    file: 'terraform/vertex.tf',
    within: 'resource "google_project_iam_member" "tuning_service_agent"',
    from: / {2}condition \{[\s\S]*?\n {2}\}\n/,
    to: '',
    finds: at(
      'vertex',
      'google_project_iam_member.tuning_service_agent\\["[^"]+"\\] gives roles/aiplatform.tuningServiceAgent on the whole project to the member .*every bucket',
    ),
  },
  {
    name: 'an agent of Google’s has a right on the whole project',
    file: 'terraform/storage.tf',
    from: /resource "google_storage_bucket_iam_member" "results_agents_write" \{\n {2}for_each = local\.open_agents\n\n {2}bucket = local\.results\n([\s\S]*?) {2}condition \{[\s\S]*?\n {2}\}\n/,
    to: 'resource "google_project_iam_member" "results_agents_write" {\n  for_each = local.open_agents\n\n  project = var.project_id\n$1',
    finds: at(
      'storage',
      'google_project_iam_member.results_agents_write\\["open_tuning"\\] gives roles/storage.objectUser on the whole project to the member .*gcp-sa-vertex-moss-ft',
    ),
  },
  {
    name: 'an agent of Google’s replaces the data that was checked',
    file: 'terraform/storage.tf',
    within: 'resource "google_storage_bucket_iam_member" "results_agents_write"',
    from: / {2}condition \{[\s\S]*?\n {2}\}\n/,
    to: '',
    finds: at(
      'storage',
      'google_storage_bucket_iam_member.results_agents_write\\["open_tuning"\\] lets the member .*gcp-sa-vertex-moss-ft.* write anywhere',
    ),
  },
  {
    name: 'no token is made of the account that a job names',
    file: 'terraform/vertex.tf',
    from: /resource "google_service_account_iam_member" "agents_become" \{[\s\S]*?\n\}\n/,
    to: '',
    finds: at(
      'vertex',
      'google_service_account_iam_member.act_as\\["poll as [^"]+"\\] names .* whose place .*gcp-sa-vertex-tune.* cannot take',
    ),
  },
  {
    name: 'a role of our own has one permission more',
    file: 'terraform/iam.tf',
    from: /"storage\.objects\.get",/,
    to: '"storage.objects.get", "storage.buckets.delete",',
    finds: at(
      'iam',
      'google_project_iam_custom_role.this\\["object_reader"\\] has the permission storage.buckets.delete',
    ),
  },
];

/** Mistakes in what plans and deploys. */
export const PLANTED_BOOTSTRAP: readonly Planted[] = [
  {
    name: 'an apply waits for nobody',
    file: 'terraform/bootstrap/builds.tf',
    from: /approval_required = true/,
    to: 'approval_required = false',
    finds: at(
      'bootstrap/builds',
      'google_cloudbuild_trigger.apply\\[0\\] lacks approval_config.approval_required',
    ),
  },
  {
    name: 'a push runs what it brings as the account that deploys',
    file: 'terraform/bootstrap/builds.tf',
    from: /account_name\.plan/,
    to: 'account_name.deploy',
    finds: at('bootstrap/builds', 'google_cloudbuild_trigger.plan\\[0\\] runs cloudbuild.yaml as '),
  },
  {
    name: 'who applies reads its steps out of the repository',
    file: 'terraform/bootstrap/builds.tf',
    from: / {2}build \{\n[\s\S]*?\n {2}\}\n/,
    to: '  filename = "cloudbuild.apply.yaml"\n',
    finds: at(
      'bootstrap/builds',
      'google_cloudbuild_trigger.apply\\[0\\] has filename: what is pushed would run',
    ),
  },
  {
    name: 'a plan is applied whatever its hash is',
    file: 'terraform/bootstrap/builds.tf',
    from: /body\.message\.data\.sha256/,
    to: 'body.message.data.plan',
    finds: at('bootstrap/builds', 'google_cloudbuild_trigger.apply\\[0\\] does not take the SHA-256'),
  },
  {
    name: 'who plans may replace a plan that was read',
    file: 'terraform/bootstrap/storage.tf',
    from: /storage\.objectCreator/,
    to: 'storage.objectUser',
    finds: /^tunedrop-plan has roles\/storage\.objectUser on the kept plans/,
  },
  {
    name: 'the account that plans reads run documents by a role of Google',
    file: 'terraform/bootstrap/iam.tf',
    from: /"roles\/serviceusage\.serviceUsageConsumer",\n {4}\]/,
    to: '"roles/serviceusage.serviceUsageConsumer",\n      "roles/datastore.viewer",\n    ]',
    finds: at(
      'bootstrap/iam',
      'google_project_iam_member.this\\["plan roles/datastore\\.viewer"\\] gives roles/datastore\\.viewer to the member serviceAccount:tunedrop-plan@',
    ),
  },
  {
    name: 'the account that plans reads run documents by its own role',
    file: 'terraform/bootstrap/iam.tf',
    from: /"datastore\.schemas\.list",/,
    to: '"datastore.entities.get",',
    finds: at(
      'bootstrap/iam',
      'google_project_iam_custom_role.planner has the permission datastore\\.entities\\.get',
    ),
  },
  {
    name: 'a pull request is checked by the account that deploys',
    file: 'terraform/bootstrap/builds.tf',
    from: /account_name\.review/,
    to: 'account_name.deploy',
    finds: at(
      'bootstrap/builds',
      'google_cloudbuild_trigger.review\\[0\\] runs what anybody brings as an account that has rights',
    ),
  },
  {
    name: 'the account that checks pull requests sees data',
    file: 'terraform/bootstrap/iam.tf',
    from: /review = \["roles\/logging\.logWriter"\]/,
    to: 'review = ["roles/logging.logWriter", "roles/storage.objectViewer"]',
    finds: /^tunedrop-review has roles\/storage\.objectViewer; what a pull request brings must not/,
  },
  {
    name: 'a state that was overwritten is gone',
    file: 'terraform/bootstrap/storage.tf',
    from: / {2}versioning \{\n\s+enabled = true\n {2}\}\n/,
    to: '',
    finds: at('bootstrap/storage', 'google_storage_bucket.state lacks versioning.enabled = true'),
  },
];
