import { type Deployment, deploymentOf, type Instance } from '../../../scripts/terraform/deployment.ts';
import { blockBodyOf, readTexts } from '../../../scripts/terraform/hcl/blocks.ts';
import type { HclValue } from '../../../scripts/terraform/hcl/values.ts';
import { finding, type TerraformModule } from './module.ts';

const PROJECT = 'some-project';

/** Everything that a deployment of `terraform/` can have on top, so that its resources are checked too. */
const EVERYTHING: Record<string, HclValue> = {
  project_id: PROJECT,
  environment: 'everything',
  cmek: true,
  budget: { billing_account: '000000-000000-000000', currency: 'USD', amount: 100 },
  alert_emails: ['on-call@example.com'],
  tensorboard_regions: ['us-central1'],
  uploader_members: ['group:tuners@example.com'],
  reader_members: ['group:readers@example.com'],
  listener_members: ['group:listeners@example.com'],
  allowed_data_buckets: ['other-data'],
  allowed_datasets: [`projects/${PROJECT}/locations/us-central1/datasets/1`],
  allowed_service_accounts: [`other-tuner@${PROJECT}.iam.gserviceaccount.com`],
  tuning_agents: ['tuning', 'open_tuning'],
  firestore_backup_days: 7,
  max_train_steps: 100,
  max_training_tokens: 1_000_000,
  max_accelerators: 4,
  max_folder_runs_a_day: 5,
  max_tuning_hours: 24,
  warm_up_project: true,
  https_files: true,
  convert_data: false,
};

const WITHOUT_TRIGGERS: Record<string, HclValue> = { project_id: PROJECT, environment: 'dev' };

const BOOTSTRAP: Record<string, HclValue> = {
  ...WITHOUT_TRIGGERS,
  repository: `projects/${PROJECT}/locations/us-central1/connections/c/repositories/r`,
  approver_members: ['group:approvers@example.com'],
};

/** Each deployment that is checked, by a name for it: every file of `env/`, and everything on. */
export function inputsOf(folder: string): Record<string, Record<string, HclValue>> {
  if (folder !== 'terraform') {
    return { 'bootstrap without triggers': WITHOUT_TRIGGERS, 'bootstrap with triggers': BOOTSTRAP };
  }
  const files = Object.entries(readTexts('terraform/env', '.tfvars'));
  return {
    ...Object.fromEntries(
      files.map(([path, text]) => [path, blockBodyOf(path, text) as Record<string, HclValue>]),
    ),
    everything: EVERYTHING,
  };
}

/** A module with one set of its variables worked out. */
export interface Deployed {
  module: TerraformModule;
  deployment: Deployment;
}

export function deploy(module: TerraformModule, variables: Record<string, HclValue>): Deployed {
  return { module, deployment: deploymentOf(module.folder, module.blocks, variables) };
}

export function ofType({ deployment }: Deployed, ...types: string[]): Instance[] {
  return deployment.instances.filter(({ type }) => types.includes(type));
}

/** A value inside of blocks and maps: `at(instance, 'push_config', 'oidc_token', 'audience')`. Of blocks the first. */
export function at({ arguments: own }: Instance, ...path: string[]): HclValue | undefined {
  let value: HclValue | undefined = own;
  for (const name of path) {
    const inner: HclValue | undefined = Array.isArray(value) ? value[0] : value;
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return undefined;
    value = (inner as Record<string, HclValue>)[name];
  }
  return value;
}

/** A sentence about one instance, with file and line. */
export function about(
  { module }: Deployed,
  { block, address }: Instance,
  what: string,
  argument?: string,
): string {
  const said = finding(module, block, what, argument);
  return said.replace(` ${block.type}.${block.name} `, ` ${address} `);
}
