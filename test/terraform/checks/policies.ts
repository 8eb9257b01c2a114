import { bindingsOf } from '../../../scripts/terraform/bindings.ts';
import type { Instance } from '../../../scripts/terraform/deployment.ts';
import { referencesIn } from '../../../scripts/terraform/hcl/references.ts';
import { about, at, type Deployed, ofType } from './deployments.ts';
import { each, eachBinding, type Policy } from './policy.ts';

const FUNCTION = 'google_cloudfunctions2_function';
const SUBSCRIPTION = 'google_pubsub_subscription';
const BASIC_ROLES = ['roles/owner', 'roles/editor', 'roles/viewer', 'roles/browser'];
const OWN_ACCOUNT = /([a-z0-9-]+)@[^@"/]+\.iam\.gserviceaccount\.com/g;

export const POLICIES: readonly Policy[] = [
  {
    name: 'nothing is public',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member }) =>
        /\ball(?:Authenticated)?Users\b/.test(member)
          ? `gives ${role} to the member ${member}, which is everybody`
          : undefined,
      ),
  },
  {
    name: 'no basic role is given',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member }) =>
        BASIC_ROLES.includes(role) ? `gives the basic role ${role} to ${member.split(':')[1]}` : undefined,
      ),
  },
  {
    name: 'no default account is used',
    findings: (deployed) => [
      ...eachBinding(deployed, ({ member }) =>
        /compute@developer|@appspot|google_compute_default_service_account/.test(member)
          ? `binds the member ${member}, a default account that others use too`
          : undefined,
      ),
      ...each(deployed, [FUNCTION], (instance) => {
        const accounts = [
          at(instance, 'service_config', 'service_account_email'),
          at(instance, 'build_config', 'service_account'),
        ];
        return accounts.every((account) => account && !/compute@developer|@appspot/.test(String(account)))
          ? undefined
          : 'runs or is built as the default account: service_config.service_account_email and build_config.service_account have to be set';
      }),
    ],
  },
  {
    name: 'every service account that is named is made here',
    findings: (deployed) => {
      const made = ofType(deployed, 'google_service_account').map((instance) =>
        String(at(instance, 'account_id')),
      );
      const named = (instance: Instance) =>
        [...JSON.stringify(instance.arguments).matchAll(OWN_ACCOUNT)].map(([, id = '']) => id);
      return deployed.deployment.instances.flatMap((instance) =>
        [...new Set(named(instance))]
          .filter((id) => !made.includes(id) && !/^(?:service-|other-)|^data\.|^google_/.test(id))
          .map((id) =>
            about(deployed, instance, `names the account ${id}, and no google_service_account has that id`),
          ),
      );
    },
  },
  {
    name: 'every account has an id that Google takes',
    findings: (deployed) =>
      each(deployed, ['google_service_account'], (instance) =>
        /^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$/.test(String(at(instance, 'account_id')))
          ? undefined
          : `has the id ${at(instance, 'account_id')}: 6 to 30 of a-z, 0-9 and - are allowed`,
      ),
  },
  {
    name: 'nobody may act as every account of the project',
    findings: (deployed) =>
      each(deployed, ['google_project_iam_member'], (instance) => {
        // Who deploys makes the accounts and has functions run as them; the approval stands before it.
        if (/tunedrop-deploy@/.test(String(at(instance, 'member')))) return undefined;
        const role = String(at(instance, 'role'));
        const permissions = permissionsOf(deployed, role);
        return /serviceAccountUser|serviceAccountTokenCreator/.test(role) ||
          permissions.includes('iam.serviceAccounts.actAs')
          ? `gives ${role} on the whole project; give it on the account (google_service_account_iam_member)`
          : undefined;
      }),
  },
  {
    name: 'a role of our own names each permission',
    findings: (deployed) =>
      each(deployed, ['google_project_iam_custom_role'], (instance) => {
        const permissions = (at(instance, 'permissions') ?? []) as string[];
        const odd = permissions.find((permission) => !/^[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+$/.test(permission));
        if (odd) return `has the permission ${odd}, which is none`;
        const twin = permissions.find((permission, place) => permissions.indexOf(permission) !== place);
        return twin ? `has the permission ${twin} twice` : undefined;
      }),
  },
  {
    name: 'every bucket has uniform access and refuses the public',
    findings: (deployed) =>
      each(deployed, ['google_storage_bucket'], (instance) => {
        if (at(instance, 'uniform_bucket_level_access') !== true)
          return 'lacks uniform_bucket_level_access = true';
        return at(instance, 'public_access_prevention') === 'enforced'
          ? undefined
          : 'lacks public_access_prevention = "enforced"';
      }),
  },
  {
    name: 'what cannot be made again is protected',
    findings: (deployed) =>
      each(
        deployed,
        ['google_firestore_database', 'google_kms_crypto_key', 'google_storage_bucket'],
        (instance) => {
          const { type, block } = instance;
          if (type === 'google_storage_bucket' && at(instance, 'force_destroy') === true) return undefined;
          const lifecycle = (block.body.lifecycle as { prevent_destroy?: boolean }[] | undefined)?.[0];
          if (lifecycle?.prevent_destroy !== true)
            return 'lacks lifecycle.prevent_destroy = true (or force_destroy, if it is worth nothing)';
          if (type !== 'google_firestore_database') return undefined;
          if (at(instance, 'delete_protection_state') !== 'DELETE_PROTECTION_ENABLED') {
            return 'lacks delete_protection_state = "DELETE_PROTECTION_ENABLED"';
          }
          return at(instance, 'deletion_policy') === 'DELETE' ? 'has deletion_policy = "DELETE"' : undefined;
        },
      ),
  },
  {
    name: 'buckets of data are never emptied by Terraform',
    findings: (deployed) =>
      each(deployed, ['google_storage_bucket'], (instance) =>
        instance.name === 'data' && at(instance, 'force_destroy') === true
          ? 'has force_destroy = true, and people’s data in it'
          : undefined,
      ),
  },
  {
    name: 'every function has an account of its own',
    findings: (deployed) => {
      const account = (instance: Instance) => String(at(instance, 'service_config', 'service_account_email'));
      const all = ofType(deployed, FUNCTION).map(account);
      return each(deployed, [FUNCTION], (instance) =>
        all.filter((email) => email === account(instance)).length > 1
          ? `runs as ${account(instance)}, and so does another function`
          : undefined,
      );
    },
  },
  {
    name: 'functions are reached from inside only',
    findings: (deployed) =>
      each(deployed, [FUNCTION], (instance) =>
        at(instance, 'service_config', 'ingress_settings') === 'ALLOW_INTERNAL_ONLY'
          ? undefined
          : 'lacks service_config.ingress_settings = "ALLOW_INTERNAL_ONLY"',
      ),
  },
  {
    name: 'functions run on a runtime that Google keeps',
    findings: (deployed) =>
      each(deployed, [FUNCTION], (instance) =>
        ['nodejs24', 'nodejs22'].includes(String(at(instance, 'build_config', 'runtime')))
          ? undefined
          : `is built with ${at(instance, 'build_config', 'runtime')}: nodejs24 lasts until April 2028`,
      ),
  },
  {
    name: 'an event is delivered until it was taken',
    findings: (deployed) =>
      each(deployed, [FUNCTION], (instance) => {
        if (!at(instance, 'event_trigger', 'event_type')) return undefined;
        if (at(instance, 'event_trigger', 'retry_policy') !== 'RETRY_POLICY_RETRY') {
          return 'lacks event_trigger.retry_policy = "RETRY_POLICY_RETRY": an event that fails once would be lost';
        }
        return at(instance, 'event_trigger', 'service_account_email')
          ? undefined
          : 'lacks event_trigger.service_account_email: the default account would deliver';
      }),
  },
  {
    name: 'a trigger is where its bucket is',
    findings: (deployed) =>
      each(deployed, [FUNCTION], (instance) => {
        if (!at(instance, 'event_trigger', 'event_type')) return undefined;
        const { event_trigger, dynamic } = instance.block.body as {
          event_trigger?: object;
          dynamic?: { event_trigger?: object };
        };
        const written = JSON.stringify(event_trigger ?? dynamic?.event_trigger ?? {});
        const region = /"trigger_region":"((?:\\.|[^"\\])*)"/.exec(written)?.[1]?.replace(/\\"/g, '"') ?? '';
        const fromBucket = referencesIn(region).some(
          ([type, , attribute]) => type === 'google_storage_bucket' && attribute === 'location',
        );
        if (!fromBucket)
          return 'has event_trigger.trigger_region that is not read from the location of its bucket';
        return region.includes('lower(')
          ? undefined
          : 'has event_trigger.trigger_region in capitals: a bucket’s location needs lower()';
      }),
  },
  {
    name: 'a push proves who it is, to the function it goes to',
    findings: (deployed) =>
      each(deployed, [SUBSCRIPTION], (instance) => {
        const endpoint = at(instance, 'push_config', 'push_endpoint');
        if (endpoint === undefined) return undefined;
        const audience = at(instance, 'push_config', 'oidc_token', 'audience');
        if (!at(instance, 'push_config', 'oidc_token', 'service_account_email'))
          return 'lacks push_config.oidc_token.service_account_email';
        if (
          !/^<google_cloudfunctions2_function\.\w+(?:\["\w+"\])?\.service_config\[0\]\.uri>$/.test(
            String(audience),
          )
        ) {
          return `has the audience ${audience}; it has to be the function’s service_config[0].uri alone`;
        }
        return String(endpoint).startsWith(`${audience}/`)
          ? undefined
          : `pushes to ${endpoint}, which is not below its audience`;
      }),
  },
  {
    name: 'a push is tried again slowly, and then kept as a dead letter',
    findings: (deployed) =>
      each(deployed, [SUBSCRIPTION], (instance) => {
        if (at(instance, 'push_config', 'push_endpoint') === undefined) return undefined;
        if (!at(instance, 'dead_letter_policy', 'dead_letter_topic'))
          return 'lacks dead_letter_policy.dead_letter_topic';
        return at(instance, 'retry_policy', 'minimum_backoff')
          ? undefined
          : 'lacks retry_policy.minimum_backoff';
      }),
  },
  {
    name: 'no subscription ends by itself',
    findings: (deployed) =>
      each(deployed, [SUBSCRIPTION], (instance) =>
        at(instance, 'expiration_policy', 'ttl') === ''
          ? undefined
          : 'lacks expiration_policy.ttl = "": it would end after 31 days without use',
      ),
  },
  {
    name: 'every topic of dead letters has a subscription that keeps them',
    findings: (deployed) => {
      const keeping = ofType(deployed, SUBSCRIPTION).filter(
        (instance) => !at(instance, 'push_config', 'push_endpoint'),
      );
      const kept = keeping.map((instance) => String(at(instance, 'topic')));
      return each(deployed, [SUBSCRIPTION], (instance) => {
        const topic = at(instance, 'dead_letter_policy', 'dead_letter_topic');
        return topic === undefined || kept.includes(String(topic))
          ? undefined
          : `sends dead letters to ${topic}, which has no subscription: they would be lost`;
      });
    },
  },
  {
    name: 'Pub/Sub may move dead letters',
    findings: (deployed) => {
      const bound = bindingsOf(deployed.deployment).filter(({ member }) =>
        member.includes('@gcp-sa-pubsub.'),
      );
      const may = (type: string, on: string, role: string) =>
        bound.some(
          ({ instance, role: given, on: resource }) =>
            instance.type === type && given === role && resource === on,
        );
      return each(deployed, [SUBSCRIPTION], (instance) => {
        const topic = /"([^"]+)"\]/.exec(
          String(at(instance, 'dead_letter_policy', 'dead_letter_topic') ?? ''),
        )?.[1];
        if (topic === undefined) return undefined;
        if (!may('google_pubsub_topic_iam_member', topic, 'roles/pubsub.publisher')) {
          return `sends dead letters to ${topic}, where Pub/Sub’s agent is no publisher`;
        }
        return may(
          'google_pubsub_subscription_iam_member',
          String(at(instance, 'name')),
          'roles/pubsub.subscriber',
        )
          ? undefined
          : 'sends dead letters, but Pub/Sub’s agent is no subscriber of it and cannot take the message away';
      });
    },
  },
  {
    name: 'who calls a function may call it',
    findings: (deployed) => {
      const invokers = bindingsOf(deployed.deployment).filter(({ role }) => role === 'roles/run.invoker');
      const may = (name: string, email: unknown) =>
        invokers.some(
          ({ on, member, instance }) =>
            on === name && member === `serviceAccount:${email}` && instance.type.includes('cloud_run_v2'),
        );
      const called = (instance: Instance, uri: unknown, email: unknown) => {
        const name = /\["(\w+)"\]/.exec(String(uri))?.[1] ?? String(uri);
        return may(name, email)
          ? undefined
          : about(
              deployed,
              instance,
              `has ${name} called as ${email}, which is no roles/run.invoker of its service`,
            );
      };
      return [
        ...ofType(deployed, SUBSCRIPTION).flatMap((instance) =>
          at(instance, 'push_config', 'push_endpoint')
            ? [
                called(
                  instance,
                  at(instance, 'push_config', 'push_endpoint'),
                  at(instance, 'push_config', 'oidc_token', 'service_account_email'),
                ),
              ]
            : [],
        ),
        ...ofType(deployed, 'google_cloud_scheduler_job').map((instance) =>
          called(
            instance,
            at(instance, 'http_target', 'uri'),
            at(instance, 'http_target', 'oidc_token', 'service_account_email'),
          ),
        ),
        ...ofType(deployed, FUNCTION).flatMap((instance) =>
          at(instance, 'event_trigger', 'event_type')
            ? [
                called(
                  instance,
                  `["${at(instance, 'name')}"]`,
                  at(instance, 'event_trigger', 'service_account_email'),
                ),
              ]
            : [],
        ),
      ].filter((what) => what !== undefined);
    },
  },
  {
    name: 'a service that is made anew gets its bindings anew',
    findings: (deployed) => [
      ...each(deployed, ['google_cloud_run_v2_service_iam_member'], ({ block }) =>
        JSON.stringify(block.body.lifecycle ?? '').includes('replace_triggered_by')
          ? undefined
          : 'lacks lifecycle.replace_triggered_by: a replaced function loses its bindings',
      ),
      ...each(
        deployed,
        ['google_cloudfunctions2_function_iam_member'],
        () =>
          'binds on the function, which refuses run.invoker; bind on its service (google_cloud_run_v2_service_iam_member)',
      ),
    ],
  },
];

function permissionsOf(deployed: Deployed, role: string): string[] {
  const own = ofType(deployed, 'google_project_iam_custom_role').find((instance) =>
    role.endsWith(`/${at(instance, 'role_id')}`),
  );
  return (own ? (at(own, 'permissions') as string[]) : []) ?? [];
}
