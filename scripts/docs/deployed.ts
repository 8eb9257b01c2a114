import { bindingsOf } from '../terraform/bindings.ts';
import { type Deployment, deploymentOf, type Instance } from '../terraform/deployment.ts';
import { blocksOf, readTexts } from '../terraform/hcl/blocks.ts';
import type { HclValue } from '../terraform/hcl/values.ts';
import { formatJson } from './json.ts';

/** What only a deployment knows, in the place of its names. */
const PLACES: Record<string, HclValue> = {
  project_id: '{project}',
  environment: 'dev',
  region: '{region}',
  bucket_prefix: '{prefix}',
  firestore_database: '{database}',
};

/** What a deployment may have or not, with the variable that says so. */
const PARTS: Record<string, Record<string, HclValue>> = {
  key: { cmek: true },
  tuning: { tuning_agents: ['tuning'] },
  open_tuning: { tuning_agents: ['open_tuning'] },
};

const KINDS: Record<string, string> = {
  google_artifact_registry_repository_iam_member: 'repository',
  google_cloud_run_v2_service_iam_member: 'service',
  google_kms_crypto_key_iam_member: 'key',
  google_project_iam_member: 'project',
  google_pubsub_subscription_iam_member: 'subscription',
  google_pubsub_topic_iam_member: 'topic',
  google_service_account_iam_member: 'account',
  google_storage_bucket_iam_member: 'bucket',
};

/** What `terraform apply` leaves in a project: what `tunedrop doctor` looks for, and what the embedded cloud says that it has. */
export function renderDeployed(): string {
  const blocks = blocksOf(readTexts('terraform', '.tf'));
  const always = deploymentOf('terraform', blocks, PLACES);
  const parts = Object.entries(PARTS).map(
    ([part, variables]) => [part, deploymentOf('terraform', blocks, { ...PLACES, ...variables })] as const,
  );
  const own = facts(always);
  const others = parts.map(([part, deployment]) => [part, facts(deployment)] as const);
  const only = (name: 'apis' | 'bindings') =>
    others.flatMap(([part, deployed]) =>
      deployed[name]
        .filter((one) => !own[name].some((other) => JSON.stringify(other) === JSON.stringify(one)))
        .map((one) => ({ ...one, part })),
    );
  return formatJson({
    apis: [...own.apis, ...only('apis')],
    accounts: byId(always, 'google_service_account', ({ arguments: of }) => [of.account_id, of.display_name]),
    roles: byId(always, 'google_project_iam_custom_role', ({ arguments: of }) => [
      of.role_id,
      of.permissions,
    ]),
    bindings: [...own.bindings, ...only('bindings')],
  });
}

function facts(deployment: Deployment) {
  return {
    apis: ofType(deployment, 'google_project_service').map(({ arguments: of }) => ({
      api: String(of.service),
    })),
    bindings: bindingsOf(deployment).map(({ member, role, on, instance }) => ({
      kind: KINDS[instance.type],
      on: placed(shortName(on, deployment)),
      role: placed(role),
      member: placed(member),
      ...conditionOf(instance),
    })),
  };
}

function conditionOf({ arguments: of }: Instance) {
  const [condition] = Array.isArray(of.condition) ? of.condition : [];
  if (typeof condition !== 'object' || condition === null || !('expression' in condition)) return {};
  return {
    condition: { title: placed(String(condition.title)), expression: placed(String(condition.expression)) },
  };
}

const ofType = ({ instances }: Deployment, type: string) => instances.filter((one) => one.type === type);

function byId(deployment: Deployment, type: string, row: (instance: Instance) => readonly unknown[]) {
  return Object.fromEntries(ofType(deployment, type).map((instance) => row(instance)));
}

/** An account by its e-mail, a repository by its id, a key by its place: each deployment has another. */
function shortName(on: string, { instances }: Deployment): string {
  if (on.startsWith('<google_kms_crypto_key.')) return '{key}';
  const repository = instances.find(({ address }) => on === `<${address}.name>`)?.arguments.repository_id;
  return String(repository ?? on.split('/').at(-1));
}

const placed = (text: string) =>
  text
    .replaceAll(/\{prefix\}-(inbox|results)/g, '{$1}')
    .replaceAll('<data.google_project.this.number>', '{number}');
