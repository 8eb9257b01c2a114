import { type Binding, bindingsOf } from '../terraform/bindings.ts';
import { deploymentOf, type Instance } from '../terraform/deployment.ts';
import { blocksOf, readTexts } from '../terraform/hcl/blocks.ts';
import type { HclValue } from '../terraform/hcl/values.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';
import { threatTable } from './threats.ts';

const PROJECT = 'PROJECT';

/** Inputs that show every binding that a deployment can have; members and buckets stand for the variables that give them. */
const DEPLOYMENT: Record<string, HclValue> = {
  project_id: PROJECT,
  environment: 'ENVIRONMENT',
  cmek: true,
  uploader_members: ['variable:uploader_members'],
  reader_members: ['variable:reader_members'],
  listener_members: ['variable:listener_members'],
  allowed_data_buckets: ['each of allowed_data_buckets'],
  tuning_agents: ['tuning', 'open_tuning'],
  allowed_service_accounts: [`allowed_service_accounts@${PROJECT}.iam.gserviceaccount.com`],
};

const BOOTSTRAP: Record<string, HclValue> = {
  project_id: PROJECT,
  environment: 'ENVIRONMENT',
  repository: 'REPOSITORY',
  approver_members: ['variable:approver_members'],
};

const AGENTS: Record<string, string> = {
  'gcf-admin-robot': 'Cloud Functions',
  'gcp-sa-aiplatform': 'Vertex AI',
  'gcp-sa-artifactregistry': 'Artifact Registry',
  'gcp-sa-eventarc': 'Eventarc',
  'gcp-sa-firestore': 'Firestore',
  'gcp-sa-pubsub': 'Pub/Sub',
  'gcp-sa-vertex-moss-ft': 'Vertex AI for tuning open models',
  'gcp-sa-vertex-tune': 'Vertex AI for tuning Gemini',
  'gs-project-accounts': 'Cloud Storage',
  'serverless-robot-prod': 'Cloud Run',
};

export function renderSecurity(): string {
  const running = deploymentOf('terraform', blocksOf(readTexts('terraform', '.tf')), DEPLOYMENT);
  const building = deploymentOf(
    'terraform/bootstrap',
    blocksOf(readTexts('terraform/bootstrap', '.tf')),
    BOOTSTRAP,
  );
  const accounts = [...running.instances, ...building.instances].filter(
    ({ type }) => type === 'google_service_account',
  );
  return pageText(
    heading('Who may do what', '`terraform/*.tf` and `terraform/bootstrap/*.tf`'),
    INTRODUCTION,
    '## Identities',
    markdownTable(
      ['account', 'what for'],
      accounts.map(({ arguments: own }) => [code(String(own.account_id)), String(own.display_name)]),
    ),
    '## What could be tried',
    'Each defence that `test/mutants/mutants.ts` lists is taken away, one at a time, by `node test/mutants/run.ts`, which shows that a test ' +
      'fails then.',
    threatTable(),
    '## While it runs',
    'With everything on that can be: keys of one’s own, uploaders, readers, listeners, other buckets and accounts. A part that is off ' +
      'has no binding.',
    matrix(bindingsOf(running)),
    '## While it is deployed',
    matrix(bindingsOf(building)),
    '## Roles of our own',
    'Each permission with the call or the resource that needs it, as `terraform/iam.tf` and `terraform/bootstrap/iam.tf` have it.',
    ...[...running.instances, ...building.instances]
      .filter(({ type }) => type === 'google_project_iam_custom_role')
      .map(roleSection),
  );
}

const INTRODUCTION = `\
Nobody here has a key to lose: every identity is a service account that Google signs for. No binding is public, none has a basic
role, and none goes to a default account; tests hold this for every environment (\`test/terraform/checks/\`).

What an attacker would want is money (a tuning job costs by the token, one of a guide’s model takes eight A100s), the data sets, or the models. How far each door leads:

- **Who may upload** starts jobs, and so spends money. Every deployment caps jobs that are active, steps, tokens and accelerators of a run,
  and the runs of a folder a day (\`max_active_jobs\`, \`max_train_steps\`, \`max_training_tokens\`, \`max_accelerators\`,
  \`max_folder_runs_a_day\`), unless it writes that it wants none; dollars and hours where it sets them (\`max_cost_usd\`, \`max_tuning_hours\`,
  and \`max_folder_usd_a_month\` for those who keep to one folder). A budget warns and stops nothing. Beside what the deployment has
  itself, a manifest can name only what the allow lists name, and Google’s public sample data sets in \`gs://cloud-samples-data\` that its guides
  name. That is safe without a list of yours: anybody may read them, so that a run lends nobody a right; nobody outside Google can write them,
  and nothing here writes outside the deployment’s buckets; and it is a fixed list of objects (\`shared/core/manifest/data-places.ts\`), each copied and checked
  like an upload. Other names in that bucket are refused unread.
- **Who may read** sees results and run documents. Issues name lines and places, not the text of an example, and keys
  only where they are plain and short; a label stands in the document where at least three examples have it. What all examples begin
  with stands there where the deployment says so (\`show_examples\`), since the example call asks with it. Results have the data, and beside it
  what a tuned model and its base answered, and how a judge compared it (\`evaluation/\` in the run’s folder); a report has answers where \`show_examples\` says so.
- **A function that was taken over** can do what its rows say. \`submit\` and \`poll\` start jobs as the tuning account, and
  so reach what that account reaches. \`validate\` reads uploads and cannot reach Vertex AI. \`evaluate\` may ask every model
  of the project, which costs by the token, and start nothing. None deletes run documents.
- **A job** runs as the tuning account, which may use Vertex AI in the whole project, reads all results, and reads inbox and listed
  buckets, because files that a data set names are not copied. So runs of one deployment are not hidden from each other: people who
  must not see each other’s data need deployments of their own.
- **Teams in one inbox** (\`team_folders\`): a manifest names files in its own top-level folder of the inbox alone, by relative names and in
  full, and so do its examples; nothing is looked at elsewhere. It keeps teams from training on each other’s data by mistake or by
  a manifest. It says nothing of who may read and write in the bucket: \`uploader_members\` may everywhere. For a team that may write
  in its own folder alone, leave it out there, and give it a managed folder of Cloud Storage:
  \`gcloud storage managed-folders create gs://INBOX/TEAM\`, then \`gcloud storage managed-folders add-iam-policy-binding gs://INBOX/TEAM --member=group:TEAM@example.com --role=roles/storage.objectUser\`.
  Results, run documents, tuned models and what jobs wrote below \`output/\` stay common, and a tuned model of another team can be gone on from.
- **Perimeters.** IAM says who may read, VPC Service Controls where to: a perimeter keeps whoever has a key from copying data into a project of
  their own. Tuning works inside one, and tunedrop makes none: [what has to be let through](operations.md#perimeters).
- **Google’s agents of tuning** (with \`tuning_agents\`) take the place of the accounts that jobs name, read the checked data, inbox and
  listed buckets, and those of open models write below \`output/\`. None has a right on the whole project from here.
- **A token** of a function goes to the hosts of Vertex AI that \`shared/core/models/regions.ts\` lists, and the list is asked again before
  each call: a region out of a manifest or of an answer never becomes a host.
- **The functions** cannot be called from the internet (\`ALLOW_INTERNAL_ONLY\`), and each wants a signed token of the one account
  that may call it.
- **A pull request** is checked by the review account, which may write its log and nothing else: what it brings sees no state, no plan
  and no data. It is planned after it was merged.
- **The plan account** runs what is on the deployed branch, with all packages of the development tree. It reads settings of resources
  by a role of our own, and no run document, log line, message or upload; of objects it reads bundles, state and kept plans. It writes
  the state, and makes kept plans that it cannot replace. A state that it forged shows in the next plan, and is approved like that.
- **The deploy account** can give rights away. It runs the steps that bootstrap has given its trigger, over what was kept with the plan
  whose SHA-256 was approved, and installs nothing. Whoever may approve a build, or change \`terraform/\` on the deployed branch and have
  it approved, can take over the project. The approval is the one thing before it: read the plan. Whoever may act as this account
  needs no approval: nothing here lets anybody do so, but whoever has a basic role in the project can.

What is not defended against: an owner of the project; Google, unless keys are one’s own; a colleague who may upload and names
another’s data set, unless \`team_folders\` is on. Inferred, and not seen against a project: that conditions on names of objects and databases hold for every call,
that \`roles/aiplatform.tuningServiceAgent\` does its work under a condition that keeps it from buckets and tables, that the agent of
open models takes the account’s place as that of Gemini does, that a trigger by a message takes its steps without a repository, and that the permissions below are enough. That every role and permission is one of Google’s is checked against a snapshot of them
(\`terraform/schema/iam.json\`).`;

function matrix(bindings: readonly Binding[]): string {
  const rows = bindings.map((binding) => [
    identity(binding.member),
    role(binding.role),
    `${kindOf(binding)}${resource(binding.on)}`,
    binding.only,
    code(binding.instance.block.file),
  ]);
  return markdownTable(
    ['who', 'role', 'on', 'condition', 'where'],
    rows.sort((a, b) => compare(a.join('|'), b.join('|'))),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `serviceAccount:tunedrop-poll@…` as `tunedrop-poll`; an agent by the name of its service. */
function identity(member: string): string {
  const [kind = '', name = ''] = member.split(/:(.*)/s);
  if (kind === 'variable') return `each of ${code(name)}`;
  const [id = '', domain = ''] = name.split('@');
  const agent = AGENTS[domain.replace('.iam.gserviceaccount.com', '')];
  return agent ? `Google’s agent of ${agent}` : code(id);
}

function role(name: string): string {
  const own = /^projects\/[^/]+\/roles\/(?<id>.+)$/.exec(name)?.groups?.id;
  return own ? `${code(own)} (below)` : code(name);
}

const KINDS: Record<string, string> = {
  google_artifact_registry_repository_iam_member: 'repository ',
  google_cloud_run_v2_service_iam_member: 'service ',
  google_kms_crypto_key_iam_member: 'key ',
  google_pubsub_subscription_iam_member: 'subscription ',
  google_pubsub_topic_iam_member: 'topic ',
  google_service_account_iam_member: 'account ',
  google_storage_bucket_iam_member: 'bucket ',
};

function kindOf({ instance }: Binding): string {
  return KINDS[instance.type] ?? '';
}

function resource(on: string): string {
  if (on === PROJECT) return 'the project';
  if (on.startsWith('each of')) return on;
  const unknown = /^<google_\w+?\.(?<name>\w+)(?:\[[^\]]*\])?\.(?:id|name)>$/.exec(on)?.groups?.name;
  const account = /serviceAccounts\/(?<id>[^@]+)@/.exec(on)?.groups?.id;
  return code(account ?? (unknown === 'this' ? 'tunedrop' : unknown) ?? on.replace(`${PROJECT}-`, ''));
}

function roleSection({ arguments: own, block }: Instance): string {
  const texts = { ...readTexts('terraform', '.tf'), ...readTexts('terraform/bootstrap', '.tf') };
  const text = texts[block.file] ?? '';
  const id = String(own.role_id);
  const inRole = text.slice(text.search(new RegExp(`^\\s+${id.replace(/^.*\./, '')} += [[{]`, 'm')));
  const needs = (permission: string) =>
    new RegExp(`"${permission.replaceAll('.', '\\.')}"[\\],]*\\s*#\\s*(?<why>.*)`).exec(inRole)?.groups
      ?.why ?? '';
  const permissions = (own.permissions ?? []) as string[];
  return pageText(
    `### ${id}`,
    `${String(own.title)
      .replace(/^tunedrop: /, '')
      .replace(/^./, (letter) => letter.toUpperCase())}.`,
    markdownTable(
      ['permission', 'needed by'],
      permissions.map((permission) => [code(permission), needs(permission)]),
    ),
  ).trimEnd();
}
