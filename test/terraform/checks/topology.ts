import type { Instance } from '../../../scripts/terraform/deployment.ts';
import { parseTemplate } from '../../../scripts/terraform/hcl/parse.ts';
import { referencesOf } from '../../../scripts/terraform/hcl/references.ts';
import { ConfigError, ENVIRONMENT_VARIABLES, readConfig } from '../../../shared/runtime/config.ts';
import { about, at, type Deployed, ofType } from './deployments.ts';
import { didYouMean, finding, type TerraformModule } from './module.ts';

export interface Trigger {
  kind: string;
  [setting: string]: unknown;
}

/** functions/functions.json */
export interface Topology {
  buckets: Record<string, unknown>;
  topics: Record<string, unknown>;
  functions: Record<string, { triggers: Trigger[]; [setting: string]: unknown }>;
}

const FUNCTION = 'google_cloudfunctions2_function';
const SUBSCRIPTION = 'google_pubsub_subscription';

/** Where what is deployed is not what functions.json says. */
export function topologyFindings(deployed: Deployed, { buckets, topics, functions }: Topology): string[] {
  const ofFunctions = Object.entries(functions);
  return [
    ...sameNames(deployed, FUNCTION, Object.keys(functions)),
    ...sameNames(deployed, 'google_pubsub_topic', Object.keys(topics)),
    ...bucketFindings(deployed, Object.keys(buckets)),
    ...ofFunctions.flatMap(([name, unit]) => sizeFindings(deployed, name, unit)),
    ...ofFunctions.flatMap(([name, { triggers }]) =>
      triggers.flatMap((trigger) => triggerFindings(deployed, name, trigger)),
    ),
    ...environmentFindings(deployed),
  ];
}

function sameNames(deployed: Deployed, type: string, names: string[]): string[] {
  const made = ofType(deployed, type);
  const have = made.map((instance) => String(at(instance, 'name')));
  return [
    ...names
      .filter((name) => !have.includes(name))
      .map((name) => `functions/functions.json has ${name}, and no ${type} has that name`),
    ...made
      .filter((instance) => !names.includes(String(at(instance, 'name'))))
      .map((instance) =>
        about(
          deployed,
          instance,
          `is called ${at(instance, 'name')}, which functions/functions.json does not have`,
        ),
      ),
  ];
}

function bucketFindings(deployed: Deployed, names: string[]): string[] {
  const have = ofType(deployed, 'google_storage_bucket').map((instance) => String(at(instance, 'name')));
  return names
    .filter((name) => !have.some((bucket) => bucket.endsWith(`-${name}`)))
    .map(
      (name) => `functions/functions.json has the bucket ${name}, and no google_storage_bucket is called so`,
    );
}

/** Setting of functions.json, and where it has to arrive. */
const SIZES: Record<string, string> = {
  memory: 'available_memory',
  timeoutSeconds: 'timeout_seconds',
  concurrency: 'max_instance_request_concurrency',
  maxInstances: 'max_instance_count',
};

function sizeFindings(deployed: Deployed, name: string, unit: Record<string, unknown>): string[] {
  return named(deployed, FUNCTION, name).flatMap((instance) =>
    Object.entries(SIZES)
      .filter(([setting, argument]) => at(instance, 'service_config', argument) !== unit[setting])
      .map(([setting, argument]) =>
        about(
          deployed,
          instance,
          `has ${argument} ${at(instance, 'service_config', argument)}, but functions/functions.json has ${setting} ${unit[setting]}`,
          argument,
        ),
      ),
  );
}

function named(deployed: Deployed, type: string, name: unknown): Instance[] {
  return ofType(deployed, type).filter((instance) => at(instance, 'name') === name);
}

/** What a trigger becomes: a type, how the one of this trigger is known, and what it has to say. */
function triggerFindings(deployed: Deployed, name: string, trigger: Trigger): string[] {
  const uri = `<${FUNCTION}.this["${name}"].service_config[0].uri>`;
  if (trigger.kind === 'storage') {
    return expected(deployed, { what: `the storage trigger of ${name}`, type: FUNCTION, name }, [
      [['event_trigger', 'event_type'], trigger.eventType],
      [['event_trigger', 'event_filters', 'attribute'], 'bucket'],
      [['event_trigger', 'event_filters', 'value'], bucketName(deployed, trigger.bucket)],
    ]);
  }
  if (trigger.kind === 'pubsub') {
    const topic = (id: unknown) => `<google_pubsub_topic.this["${id}"].id>`;
    return expected(
      deployed,
      { what: `the pubsub trigger of ${name}`, type: SUBSCRIPTION, name: trigger.subscription },
      [
        [['topic'], topic(trigger.topic)],
        [['ack_deadline_seconds'], trigger.ackDeadlineSeconds],
        [['retry_policy', 'minimum_backoff'], `${trigger.minimumBackoffSeconds}s`],
        [['retry_policy', 'maximum_backoff'], `${trigger.maximumBackoffSeconds}s`],
        [['dead_letter_policy', 'dead_letter_topic'], topic(trigger.deadLetterTopic)],
        [['dead_letter_policy', 'max_delivery_attempts'], trigger.maxDeliveryAttempts],
        [['push_config', 'oidc_token', 'audience'], uri],
      ],
    );
  }
  if (trigger.kind === 'schedule') {
    return expected(deployed, { what: `the schedule of ${name}`, type: 'google_cloud_scheduler_job', name }, [
      [['schedule'], trigger.schedule],
      [['attempt_deadline'], `${trigger.attemptDeadlineSeconds}s`],
      [['http_target', 'uri'], uri],
    ]);
  }
  return [
    `functions/functions.json has a trigger of kind ${trigger.kind}, for which terraform/ has no resource`,
  ];
}

function bucketName(deployed: Deployed, name: unknown): string {
  const bucket = ofType(deployed, 'google_storage_bucket').find((instance) =>
    String(at(instance, 'name')).endsWith(`-${name}`),
  );
  return String(bucket && at(bucket, 'name'));
}

function expected(
  deployed: Deployed,
  { what, type, name }: { what: string; type: string; name: unknown },
  values: [path: string[], value: unknown][],
): string[] {
  const instances = named(deployed, type, name);
  if (instances.length !== 1)
    return [`functions/functions.json has ${what}, and ${instances.length} ${type} called ${name}`];
  return instances.flatMap((instance) =>
    values
      .filter(([path, value]) => String(at(instance, ...path)) !== String(value))
      .map(([path, value]) =>
        about(
          deployed,
          instance,
          `has ${path.join('.')} ${at(instance, ...path)}, but functions/functions.json asks for ${value}`,
          path.at(-1),
        ),
      ),
  );
}

/** Names and schedules come from functions.json: none of them is written in HCL. */
export function literalFindings(module: TerraformModule): string[] {
  const from = [FUNCTION, SUBSCRIPTION, 'google_pubsub_topic', 'google_cloud_scheduler_job'];
  const blocks = module.blocks.filter(({ kind, type }) => kind === 'resource' && from.includes(type));
  const source = module.blocks.find(({ kind, name }) => kind === 'local' && name === 'topology');
  const reads = /^\$\{jsondecode\(file\("[^"]*\/functions\/functions\.json"\)\)\}$/.test(
    String(source?.body.value),
  );
  return [
    ...(reads
      ? []
      : ['terraform/topology.tf: local.topology is not jsondecode(file(".../functions/functions.json"))']),
    ...blocks.flatMap((block) =>
      ['name', 'schedule'].flatMap((argument) => {
        const value = block.body[argument];
        if (typeof value !== 'string') return [];
        const fromLoop = referencesOf(parseTemplate(value)).some(([root]) => root === 'each');
        return fromLoop
          ? []
          : [
              finding(
                module,
                block,
                `has ${argument} written out; it comes from functions/functions.json`,
                argument,
              ),
            ];
      }),
    ),
  ];
}

/** Each function gets every variable that it has to have, and none that it does not know; all of them can be read. */
function environmentFindings(deployed: Deployed): string[] {
  const known = ENVIRONMENT_VARIABLES.map(({ name }) => name);
  const required = ENVIRONMENT_VARIABLES.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return ofType(deployed, FUNCTION).flatMap((instance) => {
    const given = (at(instance, 'service_config', 'environment_variables') ?? {}) as Record<string, unknown>;
    const say = (what: string) => about(deployed, instance, what, 'environment_variables');
    const lacking = required
      .filter((name) => !(name in given))
      .map((name) => say(`lacks the environment variable ${name}`));
    const odd = Object.keys(given).filter((name) => !known.includes(name));
    return [
      ...lacking,
      ...odd.map((name) =>
        say(
          `has the environment variable ${name}, which shared/runtime/config.ts does not know${didYouMean(name, known)}`,
        ),
      ),
      ...(lacking.length > 0
        ? []
        : unreadable(given).map((problem) => say(`has an environment that it refuses: ${problem}`))),
    ];
  });
}

/** What readConfig says; a number stands for what only Google knows. */
function unreadable(given: Record<string, unknown>): string[] {
  const environment = Object.entries(given).map(([name, value]) => [
    name,
    String(value).replace(/<[^>]*>/g, '1'),
  ]);
  try {
    readConfig(Object.fromEntries(environment));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
