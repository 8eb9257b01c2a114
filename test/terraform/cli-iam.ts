import type { PlanJson, ResourceChange } from '../../scripts/terraform/plan-policy.ts';

/** Every binding of a plan in one line: who, which role, on what, and under which condition; sorted. */
export function bindingsOf({ resource_changes = [] }: PlanJson): string[] {
  return resource_changes
    .filter(({ mode, type }) => mode === 'managed' && type.endsWith('_iam_member'))
    .map(describe)
    .sort();
}

/** What a binding is on, by the argument that names it. */
const TARGETS = [
  'bucket',
  'topic',
  'subscription',
  'service_account_id',
  'repository',
  'crypto_key_id',
  'name',
  'project',
] as const;

function describe({ type, change: { after, after_unknown } }: ResourceChange): string {
  const values = after ?? {};
  const kind = type.replace(/^google_|_iam_member$/g, '').replaceAll('_', ' ');
  const target = TARGETS.find((name) => name in values || name in after_unknown);
  const on =
    kind === 'project' ? 'the project' : `${kind} ${(target && values[target]) ?? '(known after the apply)'}`;
  const [{ title } = {}] = (values.condition ?? []) as { title?: string }[];
  return `${memberName(values.member)}: ${values.role} on ${on}${title === undefined ? '' : `, ${title}`}`;
}

/** Our own accounts without the project that they are in. */
function memberName(member: unknown): string {
  return String(member).replace(/^serviceAccount:(tunedrop-\w+)@.*/, '$1');
}
