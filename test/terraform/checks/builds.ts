import { parse } from 'yaml';
import { bindingsOf } from '../../../scripts/terraform/bindings.ts';
import type { Instance } from '../../../scripts/terraform/deployment.ts';
import type { HclValue } from '../../../scripts/terraform/hcl/values.ts';
import { readRepoFile } from '../../support/repo-files.ts';
import { at, type Deployed, ofType } from './deployments.ts';
import { each, type Policy } from './policy.ts';

const TRIGGER = 'google_cloudbuild_trigger';

/** Which build runs as which account. */
const ACCOUNTS: Record<string, string> = {
  'cloudbuild.review.yaml': 'tunedrop-review@',
  'cloudbuild.yaml': 'tunedrop-plan@',
};

/** Where a trigger takes from a repository what it runs. */
const OF_A_REPOSITORY = ['filename', 'git_file_source', 'source_to_build', 'repository_event_config'];
/** Roles on a bucket that can make an object and read it, and no more. */
const ONLY_ADDS = ['roles/storage.objectCreator', 'roles/storage.objectViewer', 'roles/pubsub.publisher'];

const deploys = (instance: Instance) => String(at(instance, 'service_account')).includes('/tunedrop-deploy@');

export const BUILD_POLICIES: readonly Policy[] = [
  {
    name: 'a build of the repository runs as the account that is meant for it',
    findings: (deployed) =>
      each(deployed, [TRIGGER], (instance) => {
        const file = at(instance, 'filename');
        if (file === undefined) return undefined;
        const account = ACCOUNTS[String(file)];
        if (!account)
          return `runs ${file}, of which test/terraform/checks/builds.ts does not know the account`;
        return String(at(instance, 'service_account')).includes(`/${account}`)
          ? undefined
          : `runs ${file} as ${at(instance, 'service_account')}, and ${account} is meant for it`;
      }),
  },
  {
    name: 'nothing is applied that nobody approved',
    findings: (deployed) =>
      each(deployed, [TRIGGER], (instance) =>
        deploys(instance) && at(instance, 'approval_config', 'approval_required') !== true
          ? 'lacks approval_config.approval_required = true'
          : undefined,
      ),
  },
  {
    name: 'who applies takes its steps from bootstrap, and the hash of the plan from the message that is approved',
    findings: (deployed) =>
      each(deployed, [TRIGGER], (instance) => {
        if (!deploys(instance)) return undefined;
        const source = OF_A_REPOSITORY.find((name) => at(instance, name) !== undefined);
        if (source) return `has ${source}: what is pushed would run as the account that deploys`;
        const { steps } = parse(readRepoFile('cloudbuild.apply.yaml')) as { steps: { args: unknown }[] };
        const here = instance.arguments.build as { step?: { args: HclValue }[] }[] | undefined;
        if (
          JSON.stringify(here?.[0]?.step?.map(({ args }) => args)) !==
          JSON.stringify(steps.map(({ args }) => args))
        )
          return 'has other steps than cloudbuild.apply.yaml';
        return at(instance, 'substitutions', '_PLAN_SHA256') === '$(body.message.data.sha256)'
          ? undefined
          : 'does not take the SHA-256 of the plan out of the message';
      }),
  },
  {
    name: 'a kept plan cannot be replaced by who plans',
    findings: (deployed) =>
      bindingsOf(deployed.deployment)
        .filter(
          ({ member, role, on }) =>
            member.includes('tunedrop-plan@') && on.includes('plans') && !ONLY_ADDS.includes(role),
        )
        .map(
          ({ role }) =>
            `tunedrop-plan has ${role} on the kept plans, and could replace one after it was read`,
        ),
  },
  {
    name: 'a pull request is checked by an account that has nothing',
    findings: (deployed) => [
      ...each(deployed, [TRIGGER], (instance) =>
        at(instance, 'repository_event_config', 'pull_request', 'branch') &&
        !String(at(instance, 'service_account')).includes('/tunedrop-review@')
          ? 'runs what anybody brings as an account that has rights'
          : undefined,
      ),
      ...rightsOfReview(deployed),
    ],
  },
];

function rightsOfReview(deployed: Deployed): string[] {
  if (ofType(deployed, TRIGGER).length === 0) return [];
  return bindingsOf(deployed.deployment)
    .filter(({ member, role }) => member.includes('tunedrop-review@') && role !== 'roles/logging.logWriter')
    .map(({ role }) => `tunedrop-review has ${role}; what a pull request brings must not`);
}
