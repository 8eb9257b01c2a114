import type { TypeExpression } from '../schema.ts';
import type { NamedAttribute } from './fill.ts';
import type { ObjectValue, PlanValue } from './values.ts';

/**
 * Values that only Google could give. They are made up and say so: `stand-in` in a text, 0, false, an empty list.
 * The few in the table have the form that Google documents, because a configuration may take them apart.
 */
export interface StandInOf {
  type: string;
  /** What the resource is called, where it says. */
  name: string;
  project: string;
}

type Make = (siblings: ObjectValue, of: StandInOf) => PlanValue;

const email: Make = ({ account_id }, { project }) => `${account_id}@${project}.iam.gserviceaccount.com`;
const storageAgent = 'service-000000000000@gs-project-accounts.iam.gserviceaccount.com';

const SHAPED: Record<string, Make> = {
  'google_service_account.email': email,
  'google_service_account.member': (siblings, of) => `serviceAccount:${email(siblings, of)}`,
  'google_service_account.id': (siblings, of) =>
    `projects/${of.project}/serviceAccounts/${email(siblings, of)}`,
  'google_service_account.name': (siblings, of) =>
    `projects/${of.project}/serviceAccounts/${email(siblings, of)}`,
  'google_project_iam_custom_role.id': ({ role_id }, { project }) => `projects/${project}/roles/${role_id}`,
  'google_project_iam_custom_role.name': ({ role_id }, { project }) => `projects/${project}/roles/${role_id}`,
  'google_pubsub_topic.id': ({ name }, { project }) => `projects/${project}/topics/${name}`,
  'google_pubsub_subscription.id': ({ name }, { project }) => `projects/${project}/subscriptions/${name}`,
  'google_cloudfunctions2_function.uri': (_siblings, { name }) => `https://${name}.stand-in.invalid`,
  'google_project.number': () => '000000000000',
  'google_project.project_id': (_siblings, { project }) => project,
  'google_storage_project_service_account.email_address': () => storageAgent,
  'google_storage_project_service_account.member': () => `serviceAccount:${storageAgent}`,
};

/** The value of a computed attribute after an apply, or of a data source. */
export function standIn(attribute: NamedAttribute, siblings: ObjectValue, of: StandInOf): PlanValue {
  if (attribute.name === 'project') return of.project;
  const shaped = SHAPED[`${of.type}.${attribute.name}`];
  return shaped
    ? shaped(siblings, of)
    : ofType(attribute.type, `stand-in:${of.type}/${of.name}.${attribute.name}`);
}

function ofType(type: TypeExpression, label: string): PlanValue {
  if (type === 'bool') return false;
  if (type === 'number') return 0;
  if (typeof type === 'string') return label;
  const [kind, inner] = type;
  if (kind === 'map') return {};
  if (kind === 'object') {
    return Object.fromEntries(
      Object.entries(inner).map(([name, member]) => [name, ofType(member, `${label}.${name}`)]),
    );
  }
  // One element where it has members: configurations say `list[0].name`.
  return Array.isArray(inner) && inner[0] === 'object' ? [ofType(inner, label)] : [];
}
