import { at, ofType } from './deployments.ts';
import { each, eachBinding, type Policy } from './policy.ts';

const ON_DOCUMENTS = /tunedrop\.runs$|^roles\/datastore\./;

/** What a deployment keeps from browsers, from who runs something else in the project, and from who took a name first. */
export const STRANGERS: readonly Policy[] = [
  {
    name: 'no rules let a browser read documents: without rules Firestore answers none',
    findings: (deployed) =>
      each(
        deployed,
        ['google_firebaserules_ruleset', 'google_firebaserules_release'],
        () => 'lets browsers in',
      ),
  },
  {
    name: 'who reads or writes documents while it runs does so in one database',
    findings: (deployed) =>
      eachBinding(deployed, ({ role, member, only, type }) =>
        type === 'google_project_iam_member' &&
        ON_DOCUMENTS.test(role) &&
        !member.includes('tunedrop-deploy@') &&
        !only.startsWith('only the database ')
          ? `gives ${role} to the member ${member} for every database of the project`
          : undefined,
      ),
  },
  {
    name: 'a bucket has the name of the project in its own, which nobody else can have taken',
    findings: (deployed) => {
      const [binding] = ofType(deployed, 'google_project_iam_member');
      const project = String(binding && at(binding, 'project'));
      return each(deployed, ['google_storage_bucket'], (instance) =>
        String(at(instance, 'name')).startsWith(`${project}-`)
          ? undefined
          : `is called ${at(instance, 'name')}, which any other project may have`,
      );
    },
  },
];
