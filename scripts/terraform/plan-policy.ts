/** What a plan may not do, whoever asks for it: over `terraform show -json PLAN`, where every value is resolved. */

/** The parts of https://developer.hashicorp.com/terraform/internals/json-format that are read here. */
export interface PlanJson {
  resource_changes?: ResourceChange[];
}

export interface ResourceChange {
  address: string;
  mode: 'managed' | 'data';
  type: string;
  change: {
    actions: ('no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget')[];
    after: Record<string, unknown> | null;
    /** `true` where a value is known after the apply. */
    after_unknown: Record<string, unknown>;
  };
}

/** What holds data of people, or cannot be made again: keys and their rings stay in a project for ever. */
const KEPT_TYPES = [
  'google_firestore_database',
  'google_kms_crypto_key',
  'google_kms_key_ring',
  'google_storage_bucket',
];

/** But for the bucket with bundles, which a build fills again. */
const MAY_GO = /^google_storage_bucket\.source$/;

const EVERYBODY = new Set(['allUsers', 'allAuthenticatedUsers']);
const BASIC_ROLES = new Set(['roles/owner', 'roles/editor', 'roles/viewer']);

/** What is wrong with a plan, one sentence each; empty when nothing is. */
export function planViolations({ resource_changes = [] }: PlanJson): string[] {
  const managed = resource_changes.filter(({ mode }) => mode === 'managed');
  return managed.flatMap((resource) => POLICIES.flatMap((policy) => policy(resource) ?? []));
}

type Policy = (resource: ResourceChange) => string | undefined;

const POLICIES: readonly Policy[] = [
  ({ address, type, change: { actions } }) => {
    if (!KEPT_TYPES.includes(type) || MAY_GO.test(address) || !actions.includes('delete')) return undefined;
    return actions.includes('create')
      ? `${address} would be deleted and made again, without what is in it`
      : `${address} would be deleted`;
  },
  ({ address, type, change: { after } }) => {
    if (!after || !/_iam_(?:member|binding)$/.test(type)) return undefined;
    const members = Array.isArray(after.members) ? after.members : [after.member];
    if (!members.every((member) => typeof member === 'string')) {
      return `${address}: who gets the role is not known before the apply`;
    }
    const everybody = members.find((member) => EVERYBODY.has(member));
    if (everybody) return `${address} gives ${after.role} to ${everybody}`;
    return BASIC_ROLES.has(String(after.role)) ? `${address} gives the basic role ${after.role}` : undefined;
  },
  ({ address, type, change: { after } }) => {
    if (type !== 'google_storage_bucket' || !after) return undefined;
    if (after.public_access_prevention !== 'enforced') return `${address} does not prevent public access`;
    if (after.uniform_bucket_level_access !== true) return `${address} has access lists of single objects`;
    return undefined;
  },
  ({ address, type, change: { after } }) => {
    if (type !== 'google_cloudfunctions2_function' || !after) return undefined;
    const [{ service_account_email, ingress_settings } = {}] = blocks(after.service_config);
    if (!service_account_email)
      return `${address} has no account of its own: it would be the project's default`;
    if (ingress_settings !== 'ALLOW_INTERNAL_ONLY') return `${address} can be called from the internet`;
    const [{ service_account: builder } = {}] = blocks(after.build_config);
    return builder ? undefined : `${address} would be built by the project's default account`;
  },
];

/** The blocks of one name, as a plan has them. */
function blocks(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}
