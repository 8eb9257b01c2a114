import { bindingsOf } from '../../scripts/terraform/bindings.ts';
import { blockBodyOf } from '../../scripts/terraform/hcl/blocks.ts';
import type { HclValue } from '../../scripts/terraform/hcl/values.ts';
import type { PlanJson } from '../../scripts/terraform/policy/plan.ts';
import { deploy } from './checks/deployments.ts';
import { readModule } from './checks/module.ts';

/** Every binding that Terraform plans, in one line: its address, who, which role, and under which condition; sorted. */
export function plannedBindings({ resource_changes = [] }: PlanJson): string[] {
  return resource_changes
    .filter(({ mode, type }) => mode === 'managed' && type.endsWith('_iam_member'))
    .map(({ address, change: { after } }) => {
      const [{ title = '' } = {}] = (after?.condition ?? []) as { title?: string }[];
      return line(address, String(after?.member), String(after?.role), title);
    })
    .sort();
}

/** The same, as this repository's own evaluator works it out of files of variables: what docs/security.md is made of. */
export function workedOutBindings(tfvars: readonly string[]): string[] {
  const given = tfvars.map((text) => blockBodyOf('given.tfvars', text) as Record<string, HclValue>);
  // A budget binds nobody, and the evaluator does not know the defaults of an object's members.
  const variables = Object.assign({}, ...given, { budget: null }) as Record<string, HclValue>;
  const { deployment } = deploy(readModule('terraform'), variables);
  return bindingsOf(deployment)
    .map(({ instance, member, role, only }) => line(instance.address, member, role, only))
    .sort();
}

/** A project's number is known to neither. */
function line(address: string, member: string, role: string, only: string): string {
  return `${address}: ${member.replace(/service-[^@]*@/, 'service-N@')} ${role} ${only}`;
}
