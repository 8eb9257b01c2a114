import type { Facts } from './facts.ts';
import type { Finding } from './findings.ts';
import { firestoreFindings, quotaFindings, tensorboardFindings } from './jobs.ts';
import { apiFindings, bucketFindings, functionFindings } from './places.ts';
import { rightsFindings } from './rights.ts';
import { versionFindings } from './versions.ts';

/** Everything that is looked at, in the order of SUBJECTS. */
const LOOKS: readonly ((facts: Facts) => Finding[])[] = [
  apiFindings,
  bucketFindings,
  functionFindings,
  rightsFindings,
  tensorboardFindings,
  quotaFindings,
  firestoreFindings,
  (facts) => versionFindings(facts),
];

/** How a deployment stands, held against what Terraform makes. */
export function diagnose(facts: Facts): Finding[] {
  return LOOKS.flatMap((look) => look(facts));
}
