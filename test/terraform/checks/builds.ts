import { bindingsOf } from '../../../scripts/terraform/bindings.ts';
import { at, type Deployed, ofType } from './deployments.ts';
import { each, type Policy } from './policy.ts';

const TRIGGER = 'google_cloudbuild_trigger';

/** Which build runs as which account, and whether somebody is asked first. */
const BUILDS: Record<string, { account: string; asks: boolean }> = {
  'cloudbuild.review.yaml': { account: 'tunedrop-review@', asks: false },
  'cloudbuild.yaml': { account: 'tunedrop-plan@', asks: false },
  'cloudbuild.apply.yaml': { account: 'tunedrop-deploy@', asks: true },
};

export const BUILD_POLICIES: readonly Policy[] = [
  {
    name: 'a build runs as the account that is meant for it',
    findings: (deployed) =>
      each(deployed, [TRIGGER], (instance) => {
        const file = String(at(instance, 'filename'));
        const build = BUILDS[file];
        if (!build) return `runs ${file}, of which test/terraform/checks/builds.ts does not know the account`;
        return String(at(instance, 'service_account')).includes(`/${build.account}`)
          ? undefined
          : `runs ${file} as ${at(instance, 'service_account')}, and ${build.account} is meant for it`;
      }),
  },
  {
    name: 'nothing is applied that nobody approved',
    findings: (deployed) =>
      each(deployed, [TRIGGER], (instance) => {
        const asks = at(instance, 'approval_config', 'approval_required') === true;
        const deploys = String(at(instance, 'service_account')).includes('/tunedrop-deploy@');
        if (deploys && !asks) return 'lacks approval_config.approval_required = true';
        return at(instance, 'substitutions', '_ACTION') === undefined
          ? undefined
          : 'sets _ACTION, which is for a person who submits the first build';
      }),
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
