import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT, readRepoFile, repoFiles } from '../support/repo-files.ts';

const COMMANDS = ['gcloud', 'terraform', 'node'];

/** A program that writes down how it was called, and answers what the test wants. */
const RECORDER = `#!/bin/bash
name=$(basename "$0")
echo "$name $*" >>"$RECORDED"
if [ -f "$ANSWERS/$name" ]; then . "$ANSWERS/$name"; fi
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  for (const name of ['bin', 'answers', 'terraform']) mkdirSync(join(folder, name));
  symlinkSync(join(ROOT, 'scripts'), join(folder, 'scripts'));
  for (const command of COMMANDS) {
    writeFileSync(join(folder, 'bin', command), RECORDER);
    chmodSync(join(folder, 'bin', command), 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a command does from then on: lines of a shell, with its arguments as `$*`. */
const answer = (command: string, lines: string) => writeFileSync(join(folder, 'answers', command), lines);

/** Runs a program where no other `gcloud`, `terraform` and `node` are to be found than the ones that write down. */
function run(program: string, args: string[], cwd = folder) {
  const recorded = join(folder, 'recorded');
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      HOME: folder,
      RECORDED: recorded,
      ANSWERS: join(folder, 'answers'),
    },
  });
  const calls = existsSync(recorded) ? readFileSync(recorded, 'utf8').trimEnd().split('\n') : [];
  return { status, said: stdout + stderr, calls };
}

const script = (name: string, ...args: string[]) => run('bash', [`scripts/deploy/${name}.sh`, ...args]);

describe('service-agents.sh', () => {
  test('turns on the services of the project it is given, and then has Google make an agent for each', () => {
    const { status, calls } = script('service-agents', 'my-project');
    expect(status).toBe(0);
    const [enable = '', ...identities] = calls;
    expect(enable).toMatch(/^gcloud services enable (?:\w+\.googleapis\.com )+--project=my-project$/);
    const services = enable.match(/\w+(?=\.googleapis)/g) ?? [];
    expect(services.length).toBeGreaterThan(5);
    expect(identities).toEqual(
      services.map(
        (service) =>
          `gcloud beta services identity create --service=${service}.googleapis.com --project=my-project`,
      ),
    );
  });

  test('turns on nothing that a deployment would not', () => {
    const [enable = ''] = script('service-agents', 'p').calls;
    const services = enable.match(/\w+\.googleapis\.com/g) ?? [];
    expect(services.filter((service) => !readRepoFile('terraform/apis.tf').includes(service))).toEqual([]);
  });

  test('ends at the first refusal', () => {
    answer('gcloud', 'exit 1');
    const { status, calls } = script('service-agents', 'p');
    expect(status).toBe(1);
    expect(calls).toHaveLength(1);
  });

  test('does nothing without a project', () => {
    const { status, calls } = script('service-agents');
    expect(status).not.toBe(0);
    expect(calls).toEqual([]);
  });
});

describe('attach-dead-letters.sh', () => {
  const describeTrigger = (subscription: string) =>
    answer('gcloud', `case "$*" in *describe*) ${subscription} ;; esac`);

  beforeEach(() => {
    writeFileSync(
      join(folder, 'deploy.env'),
      [
        'PROJECT_ID=p',
        'PROJECT_NUMBER=42',
        'EVENT_TRIGGERS="projects/p/locations/l/triggers/one projects/p/locations/l/triggers/two"',
        'DEAD_LETTER_TOPIC=dead-letters',
        'MAX_DELIVERY_ATTEMPTS=10',
        '',
      ].join('\n'),
    );
  });

  test('gives the subscription of every trigger dead letters, and Pub/Sub the right to take messages away', () => {
    describeTrigger('echo "projects/p/subscriptions/of-$(basename "$4")"');
    const { status, calls } = script('attach-dead-letters', 'deploy.env');
    expect(status).toBe(0);
    const expected = ['one', 'two'].flatMap((name) => [
      `gcloud eventarc triggers describe projects/p/locations/l/triggers/${name} --format=value(transport.pubsub.subscription)`,
      `gcloud pubsub subscriptions update projects/p/subscriptions/of-${name} --dead-letter-topic=projects/p/topics/dead-letters --max-delivery-attempts=10`,
      `gcloud pubsub subscriptions add-iam-policy-binding projects/p/subscriptions/of-${name} --member=serviceAccount:service-42@gcp-sa-pubsub.iam.gserviceaccount.com --role=roles/pubsub.subscriber`,
    ]);
    expect(calls).toEqual(expected);
  });

  test('fails, and changes nothing, when a trigger names no subscription', () => {
    describeTrigger('true');
    const { status, said, calls } = script('attach-dead-letters', 'deploy.env');
    expect(status).toBe(1);
    expect(said).toContain('the trigger projects/p/locations/l/triggers/one names no subscription');
    expect(calls).toHaveLength(1);
  });

  test('fails when a trigger cannot be read', () => {
    describeTrigger('exit 3');
    expect(script('attach-dead-letters', 'deploy.env').status).not.toBe(0);
  });

  test('reads only what the output deploy_env has', () => {
    const output = readRepoFile('terraform/outputs.tf');
    const used = readRepoFile('scripts/deploy/attach-dead-letters.sh').match(/\$\{?[A-Z_]+/g) ?? [];
    const names = [...new Set(used.map((name) => name.replace(/\W/g, '')))];
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !output.includes(`"${name}=`))).toEqual([]);
  });
});

describe('fetch-plan.sh', () => {
  test('brings back the plan, the provider versions and the bundles', () => {
    const { status, calls } = script('fetch-plan', 'gs://plans/abc');
    expect(status).toBe(0);
    expect(calls).toEqual([
      'gcloud storage ls gs://plans/abc/plan.tfplan',
      'gcloud storage cp gs://plans/abc/plan.tfplan gs://plans/abc/.terraform.lock.hcl terraform/',
      'gcloud storage cp gs://plans/abc/*.zip dist/',
    ]);
    expect(existsSync(join(folder, 'dist'))).toBe(true);
  });

  test('says why when there is no plan, and fetches nothing', () => {
    answer('gcloud', 'exit 1');
    const { status, said, calls } = script('fetch-plan', 'gs://plans/abc');
    expect(status).toBe(1);
    expect(said).toContain('there is no plan at gs://plans/abc');
    expect(calls).toHaveLength(1);
  });

  test('finds everything that cloudbuild.yaml keeps', () => {
    const { artifacts } = parse(readRepoFile('cloudbuild.yaml'));
    const kept = artifacts.objects.paths.map((path: string) => path.split('/').at(-1));
    const fetched = readRepoFile('scripts/deploy/fetch-plan.sh');
    expect(kept.filter((name: string) => !fetched.includes(`$1/${name}`))).toEqual([]);
  });
});

interface Step {
  id: string;
  dir?: string;
  entrypoint?: string;
  args: string[];
}

describe('cloudbuild.yaml', () => {
  const { steps, substitutions } = parse(readRepoFile('cloudbuild.yaml')) as {
    steps: Step[];
    substitutions: Record<string, string>;
  };
  /** The step as Cloud Build starts it. */
  const start = (id: string, action: string) => {
    const step = steps.find((one) => one.id === id);
    const args = step?.args.map((arg) => arg.replaceAll('$_ACTION', action).replaceAll('$BUILD_ID', 'b1'));
    return run(step?.entrypoint ?? 'terraform', args ?? [], join(folder, step?.dir ?? '.'));
  };
  const deploying = ['apply', 'attach-dead-letters', 'smoke-test'];

  test('ends with the steps that deploy, in this order', () => {
    expect(steps.slice(-3).map(({ id }) => id)).toEqual(deploying);
  });

  test.each(deploying)('%s does nothing where only a plan is wanted, which is the default', (id) => {
    expect(substitutions._ACTION).toBe('plan');
    expect(start(id, 'plan')).toEqual({ status: 0, said: '', calls: [] });
    expect(start(id, 'aply').calls).toEqual([]);
  });

  test.each([
    {
      id: 'apply',
      calls: [
        'terraform apply -input=false -lock-timeout=5m plan.tfplan',
        'terraform output -raw deploy_env',
      ],
    },
    {
      id: 'smoke-test',
      calls: ['node --env-file=terraform/deploy.env scripts/deploy/smoke.ts --folder smoke-test/b1'],
    },
  ])('$id does its work where somebody asks for it', ({ id, calls }) => {
    expect(start(id, 'apply')).toEqual({ status: 0, said: '', calls });
  });

  test('deploys by the same commands as cloudbuild.apply.yaml', () => {
    const approved = parse(readRepoFile('cloudbuild.apply.yaml')).steps as Step[];
    const here = steps.map(({ args }) => args.join(' ')).join('\n');
    for (const id of [...deploying, 'outputs']) {
      const { entrypoint = 'terraform', args = [] } = approved.find((step) => step.id === id) ?? {};
      const command = args[0] === '-c' ? String(args[1]) : `${entrypoint} ${args.join(' ')}`;
      expect(here).toContain(command);
    }
  });

  test('attach-dead-letters reads what the apply has written', () => {
    answer('terraform', 'case "$*" in output*) echo "EVENT_TRIGGERS=t1" ;; esac');
    answer('gcloud', 'exit 7');
    start('apply', 'apply');
    expect(start('attach-dead-letters', 'apply').calls.at(-1)).toMatch(
      /^gcloud eventarc triggers describe t1 /,
    );
  });

  test.each(deploying)('%s fails the build when it fails', (id) => {
    for (const command of COMMANDS) answer(command, 'exit 1');
    writeFileSync(join(folder, 'terraform/deploy.env'), 'EVENT_TRIGGERS=t1\n');
    expect(start(id, 'apply').status).not.toBe(0);
  });
});

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
if (!hasShellcheck) process.stderr.write('SKIPPED: there is no shellcheck on the PATH\n');

describe.skipIf(!hasShellcheck)('shellcheck', () => {
  test.each(repoFiles(/^scripts\/deploy\/.*\.sh$/))('has nothing to say about %s', (file) => {
    const { stdout } = spawnSync('shellcheck', [join(ROOT, file)], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});
