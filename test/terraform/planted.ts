import type { Texts } from '../../scripts/terraform/hcl/blocks.ts';

/** One mistake in a copy of the real files, and the sentence that it is found with. */
export interface Planted {
  name: string;
  file: string;
  /** What is replaced; the first of it, or the first after the block whose header this begins with. */
  from: RegExp;
  to: string;
  /** The block that has the mistake: its header's beginning. */
  within?: string;
  finds: RegExp;
}

const PUSH = 'resource "google_pubsub_subscription" "push"';
/** The beginning of a sentence about a block of one file. */
export const at = (file: string, rest: string) => new RegExp(`^terraform/${file}\\.tf:\\d+: ${rest}`);

/** Mistakes in what is written: arguments, values, references. */
export const PLANTED_WORDS: readonly Planted[] = [
  {
    name: 'an argument is misspelt',
    file: 'terraform/functions.tf',
    from: /ingress_settings(\s+=)/,
    to: 'ingres_settings$1',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this has service_config.ingres_settings, .*did you mean ingress_settings',
    ),
  },
  {
    name: 'a value is none of those allowed',
    file: 'terraform/firestore.tf',
    from: /"DELETE_PROTECTION_ENABLED"/,
    to: '"DELETE_PROTECTION_ON"',
    finds: at(
      'firestore',
      'google_firestore_database.this has delete_protection_state, which is "DELETE_PROTECTION_ON", but has to be one of',
    ),
  },
  {
    name: 'a list stands where a text has to be',
    file: 'terraform/scheduler.tf',
    from: /"POST"/,
    to: '[1, 2]',
    finds: at(
      'scheduler',
      'google_cloud_scheduler_job.this has http_target.http_method, which is \\[1,2\\], but a text is expected',
    ),
  },
  {
    name: 'a value that is only used sometimes is none of those allowed',
    file: 'terraform/functions.tf',
    from: /"ALLOW_INTERNAL_ONLY"/,
    to: 'var.cmek ? "ALLOW_INTERNAL_ONLY" : "ALLOW_INTERNL"',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this has service_config.ingress_settings, which is "ALLOW_INTERNL", but',
    ),
  },
  {
    name: 'what is required is missing',
    file: 'terraform/firestore.tf',
    from: / {2}location_id .*\n/,
    to: '',
    finds: at('firestore', 'google_firestore_database.this lacks location_id, which is required'),
  },
  {
    name: 'a text stands where a number has to be',
    file: 'terraform/pubsub.tf',
    within: PUSH,
    from: /(ack_deadline_seconds\s+=) .*/,
    to: '$1 "ten"',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.push has ack_deadline_seconds, which is "ten", but a number is expected',
    ),
  },
  {
    name: 'a block is written as an argument',
    file: 'terraform/storage.tf',
    from: /versioning \{\n\s+enabled = true\n\s+\}/,
    to: 'versioning = true',
    finds: at('storage', 'google_storage_bucket.data has versioning as an argument, but it is a block'),
  },
  {
    name: 'a block that may stand once stands twice',
    file: 'terraform/pubsub.tf',
    within: PUSH,
    from: /( {2}retry_policy \{[\s\S]*?\n {2}\}\n)/,
    to: '$1$1',
    finds: at('pubsub', 'google_pubsub_subscription.push has 2 blocks retry_policy, but at most 1 may be'),
  },
  {
    name: 'a resource is of a type that the provider has not',
    file: 'terraform/pubsub.tf',
    from: /"google_pubsub_topic" "this"/,
    to: '"google_pubsub_topics" "this"',
    finds: at(
      'pubsub',
      'google_pubsub_topics.this is of type google_pubsub_topics, .*did you mean google_pubsub_topic',
    ),
  },
  {
    name: 'what only Google sets is set',
    file: 'terraform/scheduler.tf',
    from: /( {2}time_zone)/,
    to: '  state = "PAUSED"\n$1',
    finds: at('scheduler', 'google_cloud_scheduler_job.this has state, which the provider sets'),
  },
  {
    name: 'a reference leads to no attribute',
    file: 'terraform/scheduler.tf',
    from: /service_config\[0\]\.uri/,
    to: 'service_config[0].url',
    finds: at(
      'scheduler',
      'google_cloud_scheduler_job.this refers to .*service_config.url: it has no attribute url; did you mean uri',
    ),
  },
  {
    name: 'a reference leads to no resource',
    file: 'terraform/pubsub.tf',
    within: PUSH,
    from: /google_pubsub_topic\.this/,
    to: 'google_pubsub_topic.that',
    finds: at(
      'pubsub',
      'google_pubsub_subscription.push refers to google_pubsub_topic.that.id: no google_pubsub_topic is called that; did you mean this',
    ),
  },
  {
    name: 'a variable is misspelt',
    file: 'terraform/functions.tf',
    from: /var\.region/,
    to: 'var.regoin',
    finds: at(
      'functions',
      'google_cloudfunctions2_function.this refers to var.regoin: no variable is called so; did you mean region',
    ),
  },
  {
    name: 'a local is misspelt',
    file: 'terraform/scheduler.tf',
    from: /local\.schedule_triggers/,
    to: 'local.schedule_trigger',
    finds: at(
      'scheduler',
      'google_cloud_scheduler_job.this refers to local.schedule_trigger: no local is called so',
    ),
  },
  {
    name: 'each is used without for_each',
    file: 'terraform/storage.tf',
    within: 'resource "google_storage_bucket" "source"',
    from: /var\.region/,
    to: 'each.value',
    finds: at('storage', 'google_storage_bucket.source refers to each.value: the block has no for_each'),
  },
  {
    name: 'a variable is used by nothing',
    file: 'terraform/variables.tf',
    from: /^/,
    to: 'variable "left_over" {\n  type = string\n}\n\n',
    finds: at('variables', 'var.left_over is used by nothing'),
  },
];

/** The texts with the mistake. Throws when there is nothing to replace, so that no plant tests nothing. */
export function plant(texts: Texts, { name, file, from, to, within }: Planted): Texts {
  const text = texts[file] ?? '';
  const start = within ? text.indexOf(within) : 0;
  const changed = start < 0 ? text : text.slice(0, start) + text.slice(start).replace(from, to);
  if (changed === text) throw new Error(`"${name}" changes nothing in ${file}: its pattern is out of date`);
  return { ...texts, [file]: changed };
}
