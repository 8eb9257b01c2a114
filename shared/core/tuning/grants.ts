import { type Named, namedIn } from '../errors/named.ts';
import { findProjectCause, projectInCommand } from '../errors/project-causes.ts';

/** What a remedy needs, to be a command that can be pasted. */
export interface RemedyFacts {
  project?: string | undefined;
  /** Where the training runs. */
  trainingRegion?: string | undefined;
  /** Digits. */
  projectNumber?: string | undefined;
  /** Who the job runs as; without one it is the service agent, else the Compute Engine default service account. */
  serviceAccount?: string | undefined;
  /** What Google calls the account that such jobs run as by themselves, such as `gcp-sa-vertex-tune`. */
  jobAgent?: string | undefined;
  /** Who asked Vertex AI, where that was not the job. */
  caller?: string | undefined;
  /** `gs://` URI that the job writes to. */
  outputDirectory?: string | undefined;
  /** Customer-managed key of the job. */
  encryptionKey?: string | undefined;
  /** What of the manifest makes the job run somewhere else, in words; undefined where it can run nowhere else. */
  elsewhere?: string | undefined;
  named: Named;
}

/** Predefined roles that have a permission. Source: cloud.google.com/iam/docs/roles-permissions. The first that fits. */
const ROLES: readonly { permission: RegExp; role: string }[] = [
  { permission: /^iam\.serviceAccounts\.actAs$/i, role: 'roles/iam.serviceAccountUser' },
  {
    permission: /^iam\.serviceAccounts\.(?:getAccessToken|getOpenIdToken|signBlob|signJwt)$/i,
    role: 'roles/iam.serviceAccountTokenCreator',
  },
  { permission: /^aiplatform\./, role: 'roles/aiplatform.user' },
  {
    permission: /^artifactregistry\.\w+\.(?:get|list|downloadArtifacts)$/,
    role: 'roles/artifactregistry.reader',
  },
  { permission: /^serviceusage\.services\.use$/, role: 'roles/serviceusage.serviceUsageConsumer' },
  { permission: /^logging\.logEntries\.create$/, role: 'roles/logging.logWriter' },
  { permission: /^storage\.buckets\.get$/, role: 'roles/storage.legacyBucketReader' },
  { permission: /^storage\.objects\.(?:get|list)$/, role: 'roles/storage.objectViewer' },
  { permission: /^storage\.objects\./, role: 'roles/storage.objectAdmin' },
];

/** The roles that have these permissions, each once: of reading and writing objects the one that has both. */
export function rolesFor(permissions: readonly string[]): string[] {
  const roles = permissions.flatMap(
    (permission) => ROLES.find((row) => row.permission.test(permission))?.role ?? [],
  );
  const writes = roles.includes('roles/storage.objectAdmin');
  return [...new Set(roles)].filter((role) => !(writes && role === 'roles/storage.objectViewer'));
}

/** The account that Google names, else who asked, else who the job runs as. */
export function deniedAccount(facts: RemedyFacts): string {
  return facts.named.serviceAccount ?? facts.caller ?? jobAccount(facts);
}

/** Who the job runs as. */
export function jobAccount(facts: RemedyFacts): string {
  const { serviceAccount, jobAgent } = facts;
  if (serviceAccount) return serviceAccount;
  return jobAgent
    ? serviceAgent(facts, jobAgent)
    : `${numberOf(facts)}-compute@developer.gserviceaccount.com`;
}

/** An account that Google keeps in the project, such as `gcp-sa-aiplatform`. */
export function serviceAgent(facts: RemedyFacts, agent: string): string {
  return `service-${numberOf(facts)}@${agent}.iam.gserviceaccount.com`;
}

function numberOf({ projectNumber, named, project }: RemedyFacts): string {
  const command = `$(gcloud projects describe ${projectInCommand({ project })} --format='value(projectNumber)')`;
  return projectNumber ?? named.projectNumber ?? command;
}

/** The commands that grant roles in the project. */
export function grantInProject(facts: RemedyFacts, account: string, roles: readonly string[]): string[] {
  return roles.map(
    (role) =>
      `gcloud projects add-iam-policy-binding ${projectInCommand(facts)} --member serviceAccount:${account} --role ${role}`,
  );
}

/** The commands that grant roles on the bucket that is named, else on the one that the job writes to. */
export function grantOnBucket(facts: RemedyFacts, account: string, roles: readonly string[]): string[] {
  return roles.map(
    (role) =>
      `gcloud storage buckets add-iam-policy-binding ${bucketOf(facts)} --member serviceAccount:${account} --role ${role}`,
  );
}

function bucketOf({ named, outputDirectory }: RemedyFacts): string {
  if (named.bucket) return `gs://${named.bucket}`;
  return outputDirectory?.split('/').slice(0, 3).join('/') ?? 'gs://RESULTS_BUCKET';
}

/** What to do where Cloud Storage does not let a function read or write; undefined where its words name no permission. */
export function remedyOfStorage(words: string): string | undefined {
  const facts: RemedyFacts = { named: namedIn(words) };
  const project = findProjectCause(words)?.remedy(facts, 'storage.googleapis.com');
  if (project) return project;
  const roles = rolesFor(facts.named.permissions.filter((one) => one.startsWith('storage.')));
  if (roles.length === 0) return undefined;
  const account = facts.named.serviceAccount ?? 'FUNCTION_ACCOUNT';
  return [
    'Grant the function access to the bucket, then upload the manifest again:',
    ...grantOnBucket(facts, account, roles),
  ].join('\n');
}
