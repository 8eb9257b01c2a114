import type { Condition, Names, ResourceKind, Right } from './deployed.ts';
import type { GoogleRead } from './google.ts';

/** Where the policy of a resource is read, and what gives a role on it. */
interface ResourceRow {
  /** Host of Google's, and the path behind it. */
  policy(name: string, names: Names): GoogleRead;
  /** What follows `gcloud`, with VERB in the place of what is done to its policy. */
  command(name: string, names: Names): string;
  /** Whether its command takes conditions. */
  takesConditions: boolean;
  /** As a sentence calls it. */
  called(name: string): string;
  /** What makes it where it is not there; without it, Terraform. */
  make?(name: string, names: Names, purpose: string): string;
}

/** Without it conditions are left out: cloud.google.com/iam/docs/policies#versions */
export const CONDITIONS_TOO = { options: { requestedPolicyVersion: 3 } };
const VERSION = 'options.requestedPolicyVersion=3';

/** Every kind of resource that roles are given on. */
export const RESOURCES: Readonly<Record<ResourceKind, ResourceRow>> = {
  // cloud.google.com/resource-manager/reference/rest/v1/projects/getIamPolicy
  project: {
    policy: (name) => ({
      method: 'POST',
      host: 'cloudresourcemanager.googleapis.com',
      path: `v1/projects/${name}:getIamPolicy`,
      body: CONDITIONS_TOO,
    }),
    command: (name) => `projects VERB ${name}`,
    takesConditions: true,
    called: (name) => `project ${name}`,
  },
  // cloud.google.com/storage/docs/json_api/v1/buckets/getIamPolicy
  bucket: {
    policy: (name) => ({
      method: 'GET',
      host: 'storage.googleapis.com',
      path: `storage/v1/b/${name}/iam?optionsRequestedPolicyVersion=3`,
    }),
    command: (name) => `storage buckets VERB gs://${name}`,
    takesConditions: true,
    called: (name) => `bucket ${name}`,
    make: (name, { project, region }) =>
      `gcloud storage buckets create gs://${name} --project=${project} --location=${region} --uniform-bucket-level-access --public-access-prevention`,
  },
  // cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/getIamPolicy
  topic: {
    policy: (name, { project }) => ({
      method: 'GET',
      host: 'pubsub.googleapis.com',
      path: `v1/projects/${project}/topics/${name}:getIamPolicy?${VERSION}`,
    }),
    command: (name, { project }) => `pubsub topics VERB ${name} --project=${project}`,
    takesConditions: false,
    called: (name) => `topic ${name}`,
    make: (name, { project, region }) =>
      `gcloud pubsub topics create ${name} --project=${project} --message-storage-policy-allowed-regions=${region}`,
  },
  // cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/getIamPolicy
  subscription: {
    policy: (name, { project }) => ({
      method: 'GET',
      host: 'pubsub.googleapis.com',
      path: `v1/projects/${project}/subscriptions/${name}:getIamPolicy?${VERSION}`,
    }),
    command: (name, { project }) => `pubsub subscriptions VERB ${name} --project=${project}`,
    takesConditions: false,
    called: (name) => `subscription ${name}`,
  },
  // cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/getIamPolicy
  account: {
    policy: (name, { project }) => ({
      method: 'POST',
      host: 'iam.googleapis.com',
      path: `v1/projects/${project}/serviceAccounts/${name}:getIamPolicy?${VERSION}`,
    }),
    command: (name, { project }) => `iam service-accounts VERB ${name} --project=${project}`,
    takesConditions: true,
    called: (name) => `account ${name}`,
    make: (name, { project }, purpose) =>
      `gcloud iam service-accounts create ${name.split('@')[0]} --project=${project} --display-name='${purpose}'`,
  },
  // cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/getIamPolicy
  key: {
    policy: (name) => ({
      method: 'GET',
      host: 'cloudkms.googleapis.com',
      path: `v1/${name}:getIamPolicy?${VERSION}`,
    }),
    command: (name) => `kms keys VERB ${name}`,
    takesConditions: true,
    called: (name) => `key ${name}`,
  },
  // cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/getIamPolicy
  service: {
    policy: (name, { project, region }) => ({
      method: 'GET',
      host: 'run.googleapis.com',
      path: `v2/projects/${project}/locations/${region}/services/${name}:getIamPolicy?${VERSION}`,
    }),
    command: (name, { project, region }) =>
      `run services VERB ${name} --region=${region} --project=${project}`,
    takesConditions: false,
    called: (name) => `service of the function ${name}`,
  },
  // cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories/getIamPolicy
  repository: {
    policy: (name, { project, region }) => ({
      method: 'GET',
      host: 'artifactregistry.googleapis.com',
      path: `v1/projects/${project}/locations/${region}/repositories/${name}:getIamPolicy?${VERSION}`,
    }),
    command: (name, { project, region }) =>
      `artifacts repositories VERB ${name} --location=${region} --project=${project}`,
    takesConditions: false,
    called: (name) => `repository ${name}`,
    make: (name, { project, region }) =>
      `gcloud artifacts repositories create ${name} --location=${region} --project=${project} --repository-format=docker`,
  },
};

/** Stands for a number of a project that could not be read: the shell asks for it. */
export const numberInShell = (project: string) =>
  `$(gcloud projects describe ${project} --format='value(projectNumber)')`;
export const NUMBER_IN_SHELL = /\$\(gcloud projects describe \S+ --format='value\(projectNumber\)'\)/;

/** What gives a right, whatever stands in the policy by then. */
export function grantCommand({ kind, on, role, member, condition }: Right, names: Names): string {
  const { command, takesConditions } = RESOURCES[kind];
  const what = command(on, names).replace('VERB', 'add-iam-policy-binding');
  const conditional = takesConditions ? ` --condition=${conditionWord(condition)}` : '';
  return `gcloud ${what} --member=${member} --role=${role}${conditional}`;
}

/** Without a word gcloud asks, where the policy has conditions: cloud.google.com/sdk/gcloud/reference/projects/add-iam-policy-binding */
const conditionWord = (condition: Condition | undefined) =>
  condition === undefined
    ? 'None'
    : `'expression=${condition.expression},title=${condition.title}'`.replace(NUMBER_IN_SHELL, `'$&'`);

/** What shows a policy, for somebody who may read it. */
export function showPolicyCommand({ kind, on }: Pick<Right, 'kind' | 'on'>, names: Names): string {
  return `gcloud ${RESOURCES[kind].command(on, names).replace('VERB', 'get-iam-policy')}`;
}

/** What makes again whatever Terraform made. */
export const APPLY = 'terraform -chdir=terraform apply -var-file=env/ENVIRONMENT.tfvars';
