/**
 * What a plan may do, whoever asks for it, over `terraform show -json PLAN`, where every value is resolved. What is not on a list of
 * `policy/` is refused: types of resources, roles and who gets them, permissions of our own roles, providers, data sources.
 */
import { block, type PlanJson, provisionersOf, type ResourceChange } from './policy/plan.ts';
import { BINDING_TYPES } from './policy/roles.ts';
import { CHECKS_OF_SOURCE_BUCKET, CHECKS_OF_TYPE, type PlanContext } from './policy/types.ts';

/** What holds data of people, what brings it back, or cannot be made again: keys and their rings stay in a project for ever. */
const KEPT_TYPES = [
  'google_firestore_backup_schedule',
  'google_firestore_database',
  'google_kms_crypto_key',
  'google_kms_key_ring',
  'google_storage_bucket',
];

/** The bucket with bundles, which a build fills again. */
const SOURCE_BUCKET = /^google_storage_bucket\.source$/;

const PROVIDERS = ['registry.terraform.io/hashicorp/google', 'registry.terraform.io/hashicorp/time'];
/** What a plan reads: others run programs, or ask hosts. */
const DATA_TYPES = ['google_project', 'google_storage_project_service_account'];

/** What is wrong with a plan, one sentence each; empty when nothing is. */
export function planViolations(plan: PlanJson): string[] {
  const { resource_changes: changes = [], configuration } = plan;
  const context = contextOf(plan);
  const run = provisionersOf(configuration?.root_module);
  return [
    ...(context.project === '' ? ['the plan does not say which project it is for (var.project_id)'] : []),
    ...run.map(({ address, type }) => `${address} runs a program where it is applied (${type})`),
    ...changes.flatMap((resource) => ofResource(resource, context)),
  ];
}

function contextOf({ variables, resource_changes: changes = [] }: PlanJson): PlanContext {
  const functions = changes.filter(({ type }) => type === 'google_cloudfunctions2_function');
  const uris = functions.map(({ change }) => block(change.after, 'service_config').uri);
  return {
    project: String(variables?.project_id?.value ?? ''),
    functionUris: uris.filter((uri) => typeof uri === 'string'),
    isAnyFunctionNew: functions.some(({ change }) => !change.actions.includes('no-op')),
  };
}

function ofResource(resource: ResourceChange, context: PlanContext): string[] {
  const { address, mode, type, provider_name: provider, change } = resource;
  if (provider !== undefined && !PROVIDERS.includes(provider))
    return [`${address} is of ${provider}, which is not on the list of providers`];
  if (mode === 'data')
    return DATA_TYPES.includes(type) ? [] : [`${address} reads a ${type}, which is not on the list`];
  const checks = SOURCE_BUCKET.test(address) ? CHECKS_OF_SOURCE_BUCKET : CHECKS_OF_TYPE[type];
  if (!checks) return [`${address} is a ${type}, which is not on the list of types`];
  const { after } = change;
  const wrong = after === null ? [] : checks.flatMap((check) => check(after, resource, context) ?? []);
  return [...goes(resource), ...wrong.map((what) => `${address} ${what}`)];
}

function goes({ address, type, change: { actions } }: ResourceChange): string[] {
  if (!KEPT_TYPES.includes(type) || SOURCE_BUCKET.test(address) || !actions.includes('delete')) return [];
  return [
    actions.includes('create')
      ? `${address} would be deleted and made again, without what is in it`
      : `${address} would be deleted`,
  ];
}

/** What a plan without violations was asked, for whoever approves it. */
export const WHAT_IS_CHECKED = [
  `Each resource is one of ${Object.keys(CHECKS_OF_TYPE).length} types, of two providers; nothing runs a program where it is applied.`,
  'No bucket, database, key or backup goes or is replaced; versions, soft deletes, recovery and protection are on; rules delete old versions and staged copies alone.',
  `Each right is a single member’s, of ${BINDING_TYPES.length} types, and on the list with its role, its kind of member and its condition; roles of our own hold what calls need.`,
  'Functions have accounts of this deployment and cannot be called from the internet; pushes and schedules call them and nothing else; alerts are on.',
  'Not checked: what the bundles do, who the people and groups are, what an allow list adds, numbers such as caps, and whether conditions mean what their titles say.',
];
