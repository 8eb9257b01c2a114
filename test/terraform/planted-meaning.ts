import { at, type Planted } from './planted.ts';

const FUNCTION = 'resource "google_cloudfunctions2_function"';
const PUSH = 'resource "google_pubsub_subscription" "push"';

/** Mistakes that a provider would take: what a deployment may not be, and what functions.json does not say. */
export const PLANTED_MEANING: readonly Planted[] = [
  {
    name: 'the retry policy of the event is gone',
    file: 'terraform/functions.tf',
    from: /\n\s+retry_policy .*/,
    to: '',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["validate"\\] lacks event_trigger.retry_policy',
    ),
  },
  {
    name: 'the trigger’s region is written out',
    file: 'terraform/functions.tf',
    from: /(trigger_region\s+=) .*/,
    to: '$1 "us-central1"',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["validate"\\] has event_trigger.trigger_region that is not read from',
    ),
  },
  {
    name: 'everybody is a member',
    file: 'terraform/storage.tf',
    within: 'resource "google_storage_bucket_iam_member" "inbox_validate"',
    from: /(member\s+=) .*/,
    to: '$1 "allUsers"',
    finds: at(
      'storage',
      'google_storage_bucket_iam_member.inbox_validate gives .* to the member allUsers, which is everybody',
    ),
  },
  {
    name: 'a basic role is given',
    file: 'terraform/vertex.tf',
    from: /"roles\/aiplatform\.user"/,
    to: '"roles/editor"',
    finds: at(
      'vertex',
      'google_project_iam_member.\\w+ gives the basic role roles/editor to tunedrop-tuning@',
    ),
  },
  {
    name: 'the default account of Compute Engine gets a role',
    file: 'terraform/vertex.tf',
    within: 'resource "google_project_iam_member" "tuning_vertex"',
    from: /(member\s+=) .*/,
    to: `$1 "serviceAccount:$\{data.google_project.this.number}-compute@developer.gserviceaccount.com"`,
    finds: at(
      'vertex',
      'google_project_iam_member.tuning_vertex binds the member .*-compute@developer.*, a default account',
    ),
  },
  {
    name: 'acting as any account of the project is allowed',
    file: 'terraform/vertex.tf',
    from: /"roles\/aiplatform\.user"/,
    to: '"roles/iam.serviceAccountUser"',
    finds: at(
      'vertex',
      'google_project_iam_member.\\w+ gives roles/iam.serviceAccountUser on the whole project',
    ),
  },
  {
    name: 'an account is named that nobody makes',
    file: 'terraform/functions.tf',
    within: FUNCTION,
    from: /(service_account_email\s+=) local\.email\[each\.key\]/,
    to: `$1 "tunedrop-$\{each.key}-runner@$\{var.project_id}.iam.gserviceaccount.com"`,
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] names the account tunedrop-poll-runner, and no google_service_account',
    ),
  },
  {
    name: 'functions share an account',
    file: 'terraform/functions.tf',
    from: /local\.email\[each\.key\]/,
    to: 'local.email.validate',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] runs as tunedrop-validate@.*, and so does another function',
    ),
  },
  {
    name: 'a function has no account of its own',
    file: 'terraform/functions.tf',
    from: /\n\s+service_account_email\s+= local\.email\[each\.key\]/,
    to: '',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] runs or is built as the default account',
    ),
  },
  {
    name: 'functions are open to the internet',
    file: 'terraform/functions.tf',
    from: /"ALLOW_INTERNAL_ONLY"/,
    to: '"ALLOW_ALL"',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] lacks service_config.ingress_settings = "ALLOW_INTERNAL_ONLY"',
    ),
  },
  {
    name: 'dead letters are kept by no subscription',
    file: 'terraform/pubsub.tf',
    within: 'resource "google_pubsub_subscription" "dead_letters"',
    from: /google_pubsub_topic\.this\[each\.key\]/,
    to: 'google_pubsub_topic.this["submit-requests"]',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.push\\["submit-requests-push"\\] sends dead letters to .*which has no subscription',
    ),
  },
  {
    name: 'Pub/Sub may not publish dead letters',
    file: 'terraform/pubsub.tf',
    from: /resource "google_pubsub_topic_iam_member" "agent_publishes_dead_letters" \{[\s\S]*?\n\}\n/,
    to: '',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.push\\["submit-requests-push"\\] sends dead letters to dead-letters, where Pub/Sub’s agent is no publisher',
    ),
  },
  {
    name: 'a push has no dead letters',
    file: 'terraform/pubsub.tf',
    within: PUSH,
    from: / {2}dead_letter_policy \{[\s\S]*?\n {2}\}\n/,
    to: '',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.push\\["submit-requests-push"\\] lacks dead_letter_policy',
    ),
  },
  {
    name: 'the audience of a push is its whole endpoint',
    file: 'terraform/pubsub.tf',
    from: /(audience\s+=) .*/,
    to: '$1 "https://example.com"',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.push\\["submit-requests-push"\\] has the audience https://example.com; it has to be',
    ),
  },
  {
    name: 'a subscription ends by itself',
    file: 'terraform/pubsub.tf',
    within: PUSH,
    from: / {2}expiration_policy \{[^}]*\}\n/,
    to: '',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.push\\["submit-requests-push"\\] lacks expiration_policy.ttl',
    ),
  },
  {
    name: 'a bucket may be made public',
    file: 'terraform/storage.tf',
    from: /\n\s+public_access_prevention\s+= "enforced"/,
    to: '',
    finds: at('storage', 'google_storage_bucket.data\\["inbox"\\] lacks public_access_prevention'),
  },
  {
    name: 'a bucket has access by object',
    file: 'terraform/storage.tf',
    from: /(uniform_bucket_level_access\s+=) true/,
    to: '$1 false',
    finds: at('storage', 'google_storage_bucket.data\\["inbox"\\] lacks uniform_bucket_level_access'),
  },
  {
    name: 'the database is not protected',
    file: 'terraform/firestore.tf',
    from: /"DELETE_PROTECTION_ENABLED"/,
    to: '"DELETE_PROTECTION_DISABLED"',
    finds: at('firestore', 'google_firestore_database.this lacks delete_protection_state'),
  },
  {
    name: 'the scheduler may not call',
    file: 'terraform/functions.tf',
    from: /local\.member\.scheduler/,
    to: 'local.member.build',
    finds: at(
      'scheduler',
      'google_cloud_scheduler_job.this\\["poll"\\] has poll called as tunedrop-scheduler@.*which is no roles/run.invoker',
    ),
  },
  {
    name: 'a topic’s name is written out',
    file: 'terraform/pubsub.tf',
    from: /(name\s+=) each\.key/,
    to: '$1 "submit-requests"',
    finds: at('pubsub', 'google_pubsub_topic.this has name written out'),
  },
  {
    name: 'the schedule is written out',
    file: 'terraform/scheduler.tf',
    from: /(schedule\s+=) .*/,
    to: '$1 "*/5 * * * *"',
    finds: at(
      'scheduler',
      'google_cloud_scheduler_job.this\\["poll"\\] has schedule \\*/5 \\* \\* \\* \\*, but functions/functions.json asks for',
    ),
  },
  {
    name: 'a kind of trigger has no resource',
    file: 'terraform/topology.tf',
    from: /kind == "schedule"/,
    to: 'kind == "cron"',
    finds:
      /^functions\/functions\.json has the schedule of poll, and 0 google_cloud_scheduler_job called poll/,
  },
  {
    name: 'an environment variable that functions need is not set',
    file: 'terraform/functions.tf',
    from: /\n\s+RESULTS_BUCKET .*/,
    to: '',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] lacks the environment variable RESULTS_BUCKET',
    ),
  },
  {
    name: 'an environment variable is set that no function knows',
    file: 'terraform/functions.tf',
    from: /RETRY_SCALE/,
    to: 'RETRY_SCAEL',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] has the environment variable RETRY_SCAEL, .*did you mean RETRY_SCALE',
    ),
  },
  {
    name: 'an environment variable has a value that functions refuse',
    file: 'terraform/functions.tf',
    from: /var\.warm_up_project \? "on" : "off"/,
    to: 'tostring(var.warm_up_project)',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this\\["poll"\\] has an environment that it refuses: WARM_UP_PROJECT',
    ),
  },
];
