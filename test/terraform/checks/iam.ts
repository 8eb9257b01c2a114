import { bindingsOf } from '../../../scripts/terraform/bindings.ts';
import { NEEDED, type Needed, readIamFacts } from '../../../scripts/terraform/iam-facts.ts';
import { about, at, type Deployed, ofType } from './deployments.ts';
import { didYouMean } from './module.ts';
import { eachBinding, type Policy } from './policy.ts';

const { roles, permissions } = readIamFacts();

/** Who makes buckets or plans them, and so has to see all. */
const MAKES_OR_PLANS = /tunedrop-(?:deploy|plan)@/;
const TUNING_AGENT = /@gcp-sa-vertex-(?:tune|moss-ft)\./;

/** Roles on the project that show nothing, and the one of bootstrap whose permissions are looked at one by one. */
const PLANS_WITH =
  /^(?:roles\/logging\.logWriter|roles\/serviceusage\.serviceUsageConsumer|projects\/[^/]+\/roles\/tunedrop\.planner)$/;
const DATA = /^(?:datastore\.entities|storage\.objects|logging\.(?:logEntries|logs)|secretmanager)\./;

/** Which of a need an account of bootstrap has to have. */
export const PLANS_AND_MAKES: readonly { account: string; need: keyof Needed }[] = [
  { account: 'tunedrop-plan', need: 'read' },
  { account: 'tunedrop-deploy', need: 'read' },
  { account: 'tunedrop-deploy', need: 'make' },
];

/** What is said of Google's roles and permissions, against terraform/schema/iam.json. */
export const IAM_POLICIES: readonly Policy[] = [
  {
    name: 'every role is one that Google has, or our own',
    findings: (deployed) =>
      bindingsOf(deployed.deployment)
        .filter(({ role }) => role.startsWith('roles/') && !(role in roles))
        .map(({ role, instance }) =>
          about(
            deployed,
            instance,
            `gives ${role}, which terraform/schema/iam.json does not have${didYouMean(role, Object.keys(roles))}`,
            'role',
          ),
        ),
  },
  {
    name: 'every permission of a role of our own is one that Google has',
    findings: (deployed) =>
      ofType(deployed, 'google_project_iam_custom_role').flatMap((instance) =>
        (at(instance, 'permissions') as string[])
          .filter((permission) => !permissions.includes(permission))
          .map((permission) =>
            about(
              deployed,
              instance,
              `has the permission ${permission}, which terraform/schema/iam.json does not have${didYouMean(permission, permissions)}`,
            ),
          ),
      ),
  },
  {
    name: 'who plans reads no data of the project',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member, only, type }) => {
        if (!member.includes('tunedrop-plan@') || type !== 'google_project_iam_member') return undefined;
        if (only === 'only bundles of functions') return undefined;
        return PLANS_WITH.test(role)
          ? undefined
          : `gives ${role} to the member ${member}, and nothing is known of what data it shows`;
      }).concat(
        ofType(deployed, 'google_project_iam_custom_role').flatMap((instance) =>
          instance.name === 'planner'
            ? (at(instance, 'permissions') as string[])
                .filter(
                  (permission) =>
                    !/\.(?:get|getMetadata|getIamPolicy|list)$/.test(permission) || DATA.test(permission),
                )
                .map((permission) =>
                  about(deployed, instance, `has the permission ${permission}, and a plan reads no data`),
                )
            : [],
        ),
      ),
  },
  {
    name: 'only who deploys administers',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member, only }) =>
        /admin|owner/i.test(role) && only === '' && !member.includes('tunedrop-deploy@')
          ? `gives ${role} to the member ${member}, without a condition`
          : undefined,
      ),
  },
  {
    name: 'who writes results writes below a folder of its own',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member, only }) =>
        role.endsWith('.object_writer') && only === ''
          ? `lets the member ${member} write anywhere in the bucket`
          : undefined,
      ),
  },
  {
    name: 'who runs jobs reaches no bucket but those that are given to it',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member, only, type }) =>
        type === 'google_project_iam_member' &&
        only === '' &&
        !MAKES_OR_PLANS.test(member) &&
        roles[role]?.some((permission) => permission.startsWith('storage.objects.'))
          ? `gives ${role} on the whole project to the member ${member}, and with it every bucket`
          : undefined,
      ),
  },
  {
    name: 'Google’s agents of tuning may take the place of every account that a job may name',
    findings: (deployed) => {
      const bindings = bindingsOf(deployed.deployment);
      const on = (role: RegExp) => bindings.filter((binding) => role.test(binding.role));
      const agents = new Set(
        bindings.map(({ member }) => member).filter((member) => TUNING_AGENT.test(member)),
      );
      const became = on(/serviceAccountTokenCreator$/).map((binding) => `${binding.member} ${binding.on}`);
      return on(/\.act_as$/).flatMap(({ instance, on: account }) =>
        [...agents]
          .filter((agent) => !became.includes(`${agent} ${account}`))
          .map((agent) =>
            about(deployed, instance, `names ${account}, whose place ${agent} cannot take: no token creator`),
          ),
      );
    },
  },
  {
    name: 'Google’s agents of tuning write output and nothing else',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member, only, type }) =>
        TUNING_AGENT.test(member) &&
        type === 'google_storage_bucket_iam_member' &&
        /objectUser|objectAdmin|objectCreator/.test(role) &&
        only === ''
          ? `lets the member ${member} write anywhere in the bucket`
          : undefined,
      ),
  },
  {
    name: 'on the whole project a function has roles of our own and no other',
    findings: (deployed) => {
      const accounts = ofType(deployed, 'google_cloudfunctions2_function').map((instance) =>
        String(at(instance, 'service_config', 'service_account_email')),
      );
      return eachBinding(deployed, ({ role, member, type }) =>
        type === 'google_project_iam_member' &&
        role.startsWith('roles/') &&
        accounts.includes(member.replace('serviceAccount:', ''))
          ? `gives ${role} on the whole project to the member ${member}, which runs a function`
          : undefined,
      );
    },
  },
];

/** What an account of bootstrap lacks to plan or to make what a deployment has. */
export function lackingFindings(
  deployed: Deployed,
  bootstrap: Deployed,
  { account, need }: (typeof PLANS_AND_MAKES)[number],
): string[] {
  const has = permissionsOf(bootstrap, account);
  const types = [...new Set(deployed.deployment.instances.map(({ type }) => type))];
  return types
    .map((type) => ({ type, permission: NEEDED[type]?.[need] }))
    .filter(({ permission }) => permission && !has.has(permission))
    .map(({ type, permission }) => `${account} lacks ${permission}, and there is a ${type}`);
}

/** What an account may do, whichever resource it is on; of Google's roles only what terraform/schema/iam.json follows. */
function permissionsOf(deployed: Deployed, account: string): ReadonlySet<string> {
  const own = new Map(
    ofType(deployed, 'google_project_iam_custom_role').map((instance) => [
      `${at(instance, 'role_id')}`,
      at(instance, 'permissions') as string[],
    ]),
  );
  return new Set(
    bindingsOf(deployed.deployment)
      .filter(({ member }) => member.startsWith(`serviceAccount:${account}@`))
      .flatMap(({ role }) => own.get(role.replace(/^projects\/[^/]+\/roles\//, '')) ?? roles[role] ?? []),
  );
}
