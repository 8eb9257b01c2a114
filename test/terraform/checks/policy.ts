import { bindingsOf } from '../../../scripts/terraform/bindings.ts';
import type { Instance } from '../../../scripts/terraform/deployment.ts';
import { about, type Deployed, ofType } from './deployments.ts';

/** What has to hold for every deployment, with the sentences of where it does not. */
export interface Policy {
  name: string;
  findings(deployed: Deployed): string[];
}

/** One sentence for each instance that breaks a rule. */
export function each(
  deployed: Deployed,
  types: string[],
  broken: (instance: Instance) => string | undefined,
): string[] {
  return ofType(deployed, ...types).flatMap((instance) => {
    const what = broken(instance);
    return what === undefined ? [] : [about(deployed, instance, what)];
  });
}

export function eachBinding(
  deployed: Deployed,
  broken: (binding: { role: string; member: string; only: string; type: string }) => string | undefined,
) {
  return bindingsOf(deployed.deployment).flatMap(({ instance, ...binding }) => {
    const what = broken({ ...binding, type: instance.type });
    return what === undefined
      ? []
      : [about(deployed, instance, what, /member|account/.test(what) ? 'member' : 'role')];
  });
}
