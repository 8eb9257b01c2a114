import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planViolations } from '../../scripts/terraform/plan-policy.ts';
import type { PlanJson } from '../../scripts/terraform/policy/plan.ts';
import { type StandIns, startStandIns } from '../../scripts/terraform/provider/attach.ts';
import { ROOT, readRepoFile } from '../support/repo-files.ts';
import { plannedBindings, workedOutBindings } from './cli-iam.ts';
import { CLI, createWorkspace, type Workspace } from './cli-workspace.ts';

if (!CLI) {
  process.stderr.write(
    'SKIPPED: there is no terraform or tofu on the PATH, so nothing is planned or applied\n',
  );
}

interface StateJson {
  values?: { root_module: { resources: Instance[] } };
}

interface Instance {
  address: string;
  mode: string;
  type: string;
  values: Record<string, unknown>;
}

const WITH_KEY = '-var-file=everything.tfvars';

/** Everything that a deployment may have on top. */
const EVERYTHING = `
cmek                = true
tensorboard_regions = ["us-central1"]
budget              = { billing_account = "000000-000000-000000", amount = 5000 }
alert_emails        = ["on-call@example.com"]
uploader_members    = ["group:tuners@example.com"]
reader_members      = ["group:tuners@example.com"]
`;

interface Deployment {
  name: string;
  variables: string[];
  /** What `variables` names, as text. */
  tfvars: () => string[];
  /** A change that would cost data, and what the policy says where `prevent_destroy` does not refuse it first. */
  danger: { name: string; variables: string[]; violations: string[] };
}

const DEPLOYMENTS: Deployment[] = [
  {
    name: 'dev',
    variables: ['-var-file=env/dev.tfvars'],
    tfvars: () => [readRepoFile('terraform/env/dev.tfvars')],
    danger: {
      name: 'another location of its database',
      variables: ['-var=firestore_location=nam5'],
      violations: ['google_firestore_database.this would be deleted and made again, without what is in it'],
    },
  },
  {
    name: 'prod with everything on top',
    variables: ['-var-file=env/prod.tfvars', WITH_KEY],
    tfvars: () => [readRepoFile('terraform/env/prod.tfvars'), EVERYTHING],
    danger: {
      name: 'giving up its key',
      variables: ['-var=cmek=false'],
      violations: [
        'google_firestore_database.this would be deleted and made again, without what is in it',
        'google_kms_crypto_key.this[0] would be deleted',
        'google_kms_key_ring.this[0] would be deleted',
      ],
    },
  },
];

/** Where a resource says which key encrypts it. */
const ENCRYPTED_BY: Record<string, (values: Record<string, unknown>) => unknown> = {
  google_artifact_registry_repository: ({ kms_key_name }) => kms_key_name,
  google_cloudfunctions2_function: ({ kms_key_name }) => kms_key_name,
  google_firestore_database: ({ cmek_config }) => first(cmek_config).kms_key_name,
  google_pubsub_topic: ({ kms_key_name }) => kms_key_name,
  google_storage_bucket: ({ encryption }) => first(encryption).default_kms_key_name,
  google_vertex_ai_tensorboard: ({ encryption_spec }) => first(encryption_spec).kms_key_name,
};

let standIns: StandIns;
beforeAll(async () => {
  if (CLI) standIns = await startStandIns();
});
afterAll(() => standIns?.close());

async function initialised(): Promise<Workspace> {
  const workspace = createWorkspace(standIns.environment);
  workspace.write('everything.tfvars', EVERYTHING);
  await workspace.run(['init']);
  return workspace;
}

describe.skipIf(!CLI)(`the configuration, by ${CLI ?? 'terraform'}`, () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await initialised();
  });
  afterAll(() => workspace?.close());

  test('is formatted', async () => {
    await workspace.run(['fmt', '-check', '-diff', '-recursive', join(ROOT, 'terraform')]);
  });

  test('is valid', async () => {
    expect((await workspace.run(['validate'])).said).toContain('The configuration is valid');
  });

  describe('of bootstrap', () => {
    const given = ['-input=false', '-var=project_id=some-project', '-var=environment=dev'];
    const repository = 'projects/p/locations/us-central1/connections/c/repositories/r';
    const plan = (args: string[], codes = [0]) =>
      workspace.run(['-chdir=bootstrap', 'plan', ...given, ...args], { codes });
    beforeAll(async () => {
      await workspace.run(['-chdir=bootstrap', 'init', '-backend=false']);
    });

    test('is valid', async () => {
      await workspace.run(['-chdir=bootstrap', 'validate']);
    });

    test('makes no trigger where no repository is connected', async () => {
      const { said } = await plan([]);
      expect(said).toContain('google_service_account.this["deploy"] will be created');
      expect(said).not.toContain('google_cloudbuild_trigger');
    });

    test('makes the triggers of a repository', async () => {
      const { said } = await plan([`-var=repository=${repository}`, '-var=approver_members=["group:a@b"]']);
      expect(said.match(/google_cloudbuild_trigger\.\w+\S* will be created/g)).toHaveLength(3);
      expect(said).toContain('$(body.message.data.sha256)');
    });

    test('refuses triggers whose builds nobody may approve', async () => {
      const { said } = await plan([`-var=repository=${repository}`], [1]);
      expect(said).toContain('approver_members must not be empty');
    });
  });

  test('passes its own tests', async () => {
    expect((await workspace.run(['test'])).said).toMatch(/Success! [1-9]\d* passed, 0 failed/);
  });
});

describe.skipIf(!CLI).each(DEPLOYMENTS)('a deployment: $name', ({ variables, tfvars, danger }) => {
  let workspace: Workspace;
  let plan: PlanJson;
  beforeAll(async () => {
    workspace = await initialised();
    await workspace.run(['plan', '-out=first', ...variables]);
    plan = await workspace.show('first');
  });
  afterAll(() => workspace?.close());

  test('is planned as new in every part, and breaks no policy', () => {
    const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
    expect(changes.length).toBeGreaterThan(50);
    expect(changes.filter(({ change }) => change.actions.join() !== 'create')).toEqual([]);
    expect(planViolations(plan)).toEqual([]);
  });

  test('lets accounts do what docs/security.md is made of, and nothing more', () => {
    const planned = plannedBindings(plan);
    expect(planned.length).toBeGreaterThan(30);
    expect(planned).toEqual(workedOutBindings(tfvars()));
  });

  test('passes the tests for whatever environment', async () => {
    const ofAnyName = '-var=project_id=whatever-it-is-called';
    const environment = ['test', '-test-directory=tests/environment', ...variables, ofAnyName];
    const { said } = await workspace.run(environment);
    expect(said).toMatch(/Success! [1-9]\d* passed, 0 failed/);
  });

  test('is applied, and planning again finds nothing to do', async () => {
    await workspace.run(['apply', 'first']);
    const { code, said } = await workspace.run(['plan', '-detailed-exitcode', ...variables], {
      codes: [0, 2],
    });
    expect(code, said).toBe(0);
  });

  test('sends messages and ticks to the address of the service, with that as the audience of the token', async () => {
    const instances = await instancesOf(workspace);
    const pushes = instances.filter(
      ({ type, values }) => type.endsWith('_subscription') && has(values, 'push_config'),
    );
    const ticks = instances.filter(({ type }) => type === 'google_cloud_scheduler_job');
    const targets = [
      ...pushes.map(({ values }) => first(values.push_config)),
      ...ticks.map(({ values }) => first(values.http_target)),
    ];
    expect(targets.length).toBeGreaterThanOrEqual(3);
    for (const target of targets) {
      const { audience } = first(target.oidc_token);
      expect(audience).toMatch(/^https:\/\/[a-z]+\.stand-in\.invalid$/);
      expect(String(target.push_endpoint ?? target.uri).startsWith(String(audience))).toBe(true);
    }
  });

  if (variables.includes(WITH_KEY)) {
    test('encrypts whatever can be with the one key', async () => {
      const encrypted = (await instancesOf(workspace)).filter(({ type }) => type in ENCRYPTED_BY);
      expect(new Set(encrypted.map(({ type }) => type))).toEqual(new Set(Object.keys(ENCRYPTED_BY)));
      const keys = new Set(encrypted.map(({ type, values }) => ENCRYPTED_BY[type]?.(values)));
      expect([...keys]).toEqual([expect.stringMatching(/^projects\/\S+\/cryptoKeys\/\w+$/)]);
    });
  }

  test('keeps what could not be delivered: every dead-letter topic has a subscription', async () => {
    const subscriptions = (await instancesOf(workspace)).filter(
      ({ type }) => type === 'google_pubsub_subscription',
    );
    const deadLetters = subscriptions
      .filter(({ values }) => has(values, 'dead_letter_policy'))
      .map(({ values }) => first(values.dead_letter_policy).dead_letter_topic);
    const topics = subscriptions.map(({ values }) => values.topic);
    expect(deadLetters.length).toBeGreaterThan(0);
    expect(deadLetters.filter((topic) => !topics.includes(topic))).toEqual([]);
  });

  test(`is refused ${danger.name}`, async () => {
    const { said } = await workspace.run(['plan', ...variables, ...danger.variables], { codes: [1] });
    expect(said).toMatch(/ has lifecycle\.prevent_destroy/);
  });

  test('is not destroyed with its data', async () => {
    const { said } = await workspace.run(['plan', '-destroy', ...variables], { codes: [1] });
    for (const type of ['google_firestore_database', 'google_storage_bucket']) {
      expect(said).toMatch(new RegExp(`${type}\\.\\S+ has lifecycle\\.prevent_destroy`));
    }
  });

  test('breaks the policy where nothing prevents it, and then goes to the last part', async () => {
    workspace.liftProtection();
    await workspace.run(['plan', '-out=danger', ...variables, ...danger.variables]);
    expect(planViolations(await workspace.show<PlanJson>('danger')).sort()).toEqual(danger.violations);
    await workspace.run(['destroy', '-auto-approve', ...variables]);
    expect(await instancesOf(workspace)).toEqual([]);
  });
});

async function instancesOf(workspace: Workspace): Promise<Instance[]> {
  const { values } = await workspace.show<StateJson>();
  return (values?.root_module.resources ?? []).filter(({ mode }) => mode === 'managed');
}

const has = (values: Record<string, unknown>, block: string) =>
  Array.isArray(values[block]) && values[block].length > 0;

function first(blocks: unknown): Record<string, unknown> {
  return (Array.isArray(blocks) ? blocks[0] : undefined) ?? {};
}
