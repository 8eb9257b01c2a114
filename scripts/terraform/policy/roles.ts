/** Who may get which role from a plan: whatever is not in this table is refused, so that a new right is a new row here, too. */

/** `own`: an account of this deployment. `project`: any account of the project. `agent`: one of Google's. `people`: a person or a group. */
type Who = 'own' | 'project' | 'agent' | 'people';

interface RoleRow {
  on: string;
  role: string;
  who: readonly Who[];
  /** Whether it has to have a condition: on the project it would be a right to everything of its kind. */
  isConditioned?: true;
}

const PROJECT = 'google_project_iam_member';
const BUCKET = 'google_storage_bucket_iam_member';
const TOPIC = 'google_pubsub_topic_iam_member';
const ACCOUNT = 'google_service_account_iam_member';

const ROLES: readonly RoleRow[] = [
  { on: PROJECT, role: 'roles/aiplatform.user', who: ['own'] },
  { on: PROJECT, role: 'roles/aiplatform.tuningServiceAgent', who: ['own', 'project'], isConditioned: true },
  { on: PROJECT, role: 'roles/datastore.viewer', who: ['people'], isConditioned: true },
  { on: PROJECT, role: 'roles/eventarc.eventReceiver', who: ['own'] },
  { on: PROJECT, role: 'roles/eventarc.serviceAgent', who: ['agent'] },
  { on: PROJECT, role: 'roles/logging.logWriter', who: ['own'] },
  { on: PROJECT, role: 'roles/pubsub.publisher', who: ['agent'] },
  { on: PROJECT, role: 'roles/storage.objectViewer', who: ['own'], isConditioned: true },
  { on: PROJECT, role: 'tunedrop.poller', who: ['own'] },
  { on: PROJECT, role: 'tunedrop.submitter', who: ['own'] },
  { on: PROJECT, role: 'tunedrop.asker', who: ['own'] },
  { on: PROJECT, role: 'tunedrop.runs', who: ['own'], isConditioned: true },
  { on: BUCKET, role: 'roles/storage.objectUser', who: ['people', 'agent'] },
  { on: BUCKET, role: 'roles/storage.objectViewer', who: ['own', 'agent', 'people'] },
  { on: BUCKET, role: 'roles/storage.objectAdmin', who: ['own'], isConditioned: true },
  { on: BUCKET, role: 'roles/storage.legacyBucketReader', who: ['agent'] },
  { on: BUCKET, role: 'tunedrop.object_reader', who: ['own'] },
  { on: BUCKET, role: 'tunedrop.object_lister', who: ['own'] },
  { on: BUCKET, role: 'tunedrop.object_writer', who: ['own'], isConditioned: true },
  { on: TOPIC, role: 'roles/pubsub.publisher', who: ['own', 'agent'] },
  { on: TOPIC, role: 'roles/pubsub.subscriber', who: ['people'] },
  { on: 'google_pubsub_subscription_iam_member', role: 'roles/pubsub.subscriber', who: ['agent'] },
  { on: 'google_cloud_run_v2_service_iam_member', role: 'roles/run.invoker', who: ['own'] },
  {
    on: 'google_artifact_registry_repository_iam_member',
    role: 'roles/artifactregistry.writer',
    who: ['own'],
  },
  {
    on: 'google_kms_crypto_key_iam_member',
    role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
    who: ['agent'],
  },
  { on: ACCOUNT, role: 'roles/iam.serviceAccountTokenCreator', who: ['agent'] },
  { on: ACCOUNT, role: 'tunedrop.act_as', who: ['own'] },
];

/** What a role of our own may hold. */
export const PERMISSIONS: ReadonlySet<string> = new Set([
  'aiplatform.contexts.get',
  'aiplatform.datasets.create',
  'aiplatform.endpoints.predict',
  'aiplatform.models.get',
  ...['cancel', 'create', 'get', 'list'].map((verb) => `aiplatform.pipelineJobs.${verb}`),
  'aiplatform.tensorboardExperiments.list',
  'aiplatform.tensorboardRuns.list',
  ...['batchRead', 'list', 'read'].map((verb) => `aiplatform.tensorboardTimeSeries.${verb}`),
  ...['cancel', 'create', 'get', 'list'].map((verb) => `aiplatform.tuningJobs.${verb}`),
  'datastore.databases.get',
  ...['create', 'get', 'list', 'update'].map((verb) => `datastore.entities.${verb}`),
  'iam.serviceAccounts.actAs',
  ...['create', 'delete', 'get', 'list'].map((verb) => `storage.objects.${verb}`),
]);

export const BINDING_TYPES: readonly string[] = [...new Set(ROLES.map(({ on }) => on))];

export interface Given {
  type: string;
  role: string;
  member: string;
  hasCondition: boolean;
  /** The project that is deployed to. */
  project: string;
}

/** What is wrong with a right that is given; undefined where it is on the list. */
export function wrongRight({ type, role, member, hasCondition, project }: Given): string | undefined {
  const name = role.replace(new RegExp(`^projects/${escaped(project)}/roles/(?=tunedrop\\.)`), '');
  const who = kindOf(member, project);
  if (who === undefined) return `gives ${role} to ${member}, who is nobody of this project`;
  const row = ROLES.find((one) => one.on === type && one.role === name);
  if (!row) return `gives ${role}, which is not on the list of roles for ${type}`;
  if (!row.who.includes(who) && !(who === 'project' && row.who.includes('people'))) {
    return `gives ${role} to ${member}, and that role is for: ${row.who.map((one) => WORDS[one]).join(', ')}`;
  }
  if (row.isConditioned && !hasCondition) return `gives ${role} without a condition`;
  return undefined;
}

const WORDS: Record<Who, string> = {
  own: 'accounts of this deployment',
  project: 'accounts of the project',
  agent: 'agents of Google',
  people: 'people, groups and other accounts of the project',
};

/** Google's agents end as their own projects do, and begin with the number of the project. */
const AGENT = /^serviceAccount:service-\d+@[a-z0-9-]+\.iam\.gserviceaccount\.com$/;

function kindOf(member: string, project: string): Who | undefined {
  if (/^(?:user|group):[^@\s]+@[^@\s]+$/.test(member)) return 'people';
  if (AGENT.test(member)) return 'agent';
  const account = new RegExp(
    `^serviceAccount:([a-z0-9-]+)@${escaped(project)}\\.iam\\.gserviceaccount\\.com$`,
  ).exec(member);
  if (!account) return undefined;
  return account[1]?.startsWith('tunedrop-') ? 'own' : 'project';
}

function escaped(text: string): string {
  return text.replace(/[^a-z0-9]/g, '\\$&');
}
