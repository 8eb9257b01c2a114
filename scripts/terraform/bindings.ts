import type { Deployment, Instance } from './deployment.ts';
import type { HclValue } from './hcl/values.ts';

/** Who may do what on which resource. */
export interface Binding {
  /** `serviceAccount:tunedrop-poll@…` */
  member: string;
  /** `roles/pubsub.publisher`, or the full name of a role of the project's own. */
  role: string;
  /** Name of the resource; of a whole project its id. */
  on: string;
  /** The condition's sentence, empty for none. */
  only: string;
  instance: Instance;
}

/** Every IAM binding of a deployment. */
export function bindingsOf({ instances }: Deployment): Binding[] {
  return instances
    .filter(({ type }) => type.endsWith('_iam_member'))
    .map((instance) => {
      const { member, role, condition, ...rest } = instance.arguments;
      const { project, location: _location, ...names } = rest;
      return {
        member: String(member),
        role: String(role),
        on: String(Object.values(names)[0] ?? project),
        only: titleOf(condition),
        instance,
      };
    });
}

function titleOf(condition: HclValue | undefined): string {
  const [first] = Array.isArray(condition) ? condition : [];
  return typeof first === 'object' && first !== null && 'title' in first ? String(first.title) : '';
}
