import type { SchemaSnapshot } from '../../../scripts/terraform/schema.ts';
import { BUILD_POLICIES } from './builds.ts';
import { deploy, inputsOf } from './deployments.ts';
import { IAM_POLICIES } from './iam.ts';
import { KEEPING } from './keeping.ts';
import type { TerraformModule } from './module.ts';
import { POLICIES } from './policies.ts';
import type { Policy } from './policy.ts';
import { referenceFindings, unusedFindings } from './references.ts';
import { schemaFindings } from './schema.ts';
import { STRANGERS } from './strangers.ts';
import { literalFindings, type Topology, topologyFindings } from './topology.ts';
import { WATCHING } from './watching.ts';

/** All that has to hold for every deployment. */
export const ALL_POLICIES: readonly Policy[] = [
  ...POLICIES,
  ...IAM_POLICIES,
  ...KEEPING,
  ...WATCHING,
  ...BUILD_POLICIES,
  ...STRANGERS,
];

/** Every finding about one module, of all checks; what can only be worked out when the first checks pass comes after them. */
export function allFindings(module: TerraformModule, snapshot: SchemaSnapshot, topology: Topology): string[] {
  const written = [
    ...schemaFindings(module, snapshot),
    ...referenceFindings(module, snapshot),
    ...unusedFindings(module),
    ...(module.folder === 'terraform' ? literalFindings(module) : []),
  ];
  const workedOut = Object.values(inputsOf(module.folder)).flatMap((variables) => {
    try {
      const deployed = deploy(module, variables);
      const policies = ALL_POLICIES.flatMap(({ findings }) => findings(deployed));
      return [...policies, ...(module.folder === 'terraform' ? topologyFindings(deployed, topology) : [])];
    } catch (error) {
      return [`${module.folder} cannot be worked out: ${(error as Error).message}`];
    }
  });
  return [...new Set([...written, ...workedOut])];
}
