import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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
import { join, posix } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT, readRepoFile, repoFiles } from '../support/repo-files.ts';
import { buildFileFindings } from './checks/build-file.ts';

const COMMANDS = ['docker', 'gcloud', 'terraform', 'node'];

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

/** Writes a file of the folder that a script runs in. */
function put(file: string, content: string) {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), content);
}

interface Started {
  cwd?: string;
  variables?: Record<string, string>;
}

/** Runs a program where no other `gcloud`, `terraform` and `node` are to be found than the ones that write down. */
function run(program: string, args: string[], { cwd = folder, variables = {} }: Started = {}) {
  const recorded = join(folder, 'recorded');
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      HOME: folder,
      RECORDED: recorded,
      ANSWERS: join(folder, 'answers'),
      ...variables,
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

describe('keep-plan.sh', () => {
  const KEPT = [
    ...[
      'terraform/main.tf',
      'terraform/env/dev.tfvars',
      'terraform/.terraform.lock.hcl',
      'terraform/plan.tfplan',
    ],
    ...['functions/functions.json', 'dist/poll.zip', 'dist/deploy/check-plan.cjs', 'dist/deploy/smoke.cjs'],
    ...['package.json', 'examples/medical-specialty/tune.json'],
  ];

  test('keeps all that an apply needs as one object which is never replaced, and asks for an approval of its hash', () => {
    for (const file of KEPT) put(file, file);
    const { status, said, calls } = script('keep-plan', 'p-plans', 'abc/b1');
    expect(status).toBe(0);
    const sha256 = createHash('sha256')
      .update(readFileSync(join(folder, 'release.tgz')))
      .digest('hex');
    expect(calls).toEqual([
      'gcloud storage cp --if-generation-match=0 release.tgz gs://p-plans/abc/b1/release.tgz',
      `gcloud pubsub topics publish tunedrop-plans --message={"plan": "abc/b1", "sha256": "${sha256}"}`,
    ]);
    expect(said).toContain(`_PLAN_SHA256  ${sha256}`);
    const packed = spawnSync('tar', ['-tzf', join(folder, 'release.tgz')], { encoding: 'utf8' }).stdout.split(
      '\n',
    );
    expect(
      [...KEPT, 'scripts/deploy/attach-dead-letters.sh'].filter((file) => !packed.includes(file)),
    ).toEqual([]);
  });

  test('keeps nothing where a part is missing, and asks for nothing where it could not be kept', () => {
    for (const file of KEPT.slice(1)) put(file, file);
    expect(script('keep-plan', 'p-plans', 'abc/b1').calls).toEqual([]);
    put(KEPT[0] ?? '', 'there now');
    answer('gcloud', 'exit 1');
    const { status, calls } = script('keep-plan', 'p-plans', 'abc/b1');
    expect(status).not.toBe(0);
    expect(calls).toHaveLength(1);
  });
});

describe('pin-images.sh', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  test('writes the digest behind each image of the builds, once', () => {
    for (const file of repoFiles(/^cloudbuild[\w.]*\.yaml$/)) put(file, readRepoFile(file));
    answer('docker', `echo ${digest}`);
    const first = script('pin-images');
    expect(first.status).toBe(0);
    expect(first.calls).toHaveLength(3);
    for (const file of repoFiles(/^cloudbuild[\w.]*\.yaml$/)) {
      const text = readFileSync(join(folder, file), 'utf8');
      const { steps } = parse(text) as { steps: { name: string }[] };
      expect(steps.filter(({ name }) => !name.endsWith(`@${digest}`))).toEqual([]);
      expect(buildFileFindings(file, text)).toEqual([]);
      expect(text.replaceAll(`@${digest}`, '')).toBe(readRepoFile(file));
    }
    expect(script('pin-images').calls).toEqual(first.calls);
  });

  test('writes nothing where there is no digest', () => {
    put('cloudbuild.yaml', 'steps:\n  - id: a\n    name: node:24.21.0\n');
    answer('docker', 'echo gone');
    expect(script('pin-images')).toMatchObject({ status: 1, said: 'node:24.21.0 has no digest: gone\n' });
    expect(readFileSync(join(folder, 'cloudbuild.yaml'), 'utf8')).not.toContain('@');
  });
});

interface Step {
  id: string;
  name: string;
  dir?: string;
  entrypoint?: string;
  env?: string[];
  args: string[];
}

const stepsOf = (file: string) => (parse(readRepoFile(file)) as { steps: Step[] }).steps;

/** A step as Cloud Build starts it, with what the substitutions stand for. */
function start(file: string, id: string, substitutions: Record<string, string> = {}) {
  const step = stepsOf(file).find((one) => one.id === id);
  const substituted = (value: string) =>
    value.replaceAll(/\$(\$|\{?(_?[A-Z_0-9]+)\}?)/g, (all, found: string, name: string) =>
      found === '$' ? '$' : (substitutions[name] ?? all),
    );
  const variables = (step?.env ?? []).map((one) => substituted(one).split(/=(.*)/s).slice(0, 2));
  mkdirSync(join(folder, step?.dir ?? '.'), { recursive: true });
  return run(step?.entrypoint ?? 'terraform', (step?.args ?? []).map(substituted), {
    cwd: join(folder, step?.dir ?? '.'),
    variables: Object.fromEntries(variables),
  });
}

describe('terraform-init of cloudbuild.yaml', () => {
  test('takes the locked providers where there is a lock file, and says so where there is none', () => {
    const init = () => start('cloudbuild.yaml', 'terraform-init', { _ENVIRONMENT: 'dev' });
    const open = init();
    expect(open.said).toContain('NOT LOCKED');
    put('terraform/.terraform.lock.hcl', '');
    const locked = init();
    expect(locked.said).toBe('');
    expect(locked.calls).toEqual([
      'terraform init -input=false -backend-config=env/dev.gcs.tfbackend',
      'terraform init -input=false -lockfile=readonly -backend-config=env/dev.gcs.tfbackend',
    ]);
  });
});

describe('cloudbuild.apply.yaml', () => {
  const FILE = 'cloudbuild.apply.yaml';
  const plan = `${'a'.repeat(40)}/${'1'.repeat(8)}-${'2'.repeat(27)}`;
  /** What the bucket has, with its hash. */
  function kept(content = 'terraform/plan.tfplan'): string {
    put(content, 'the plan');
    spawnSync('tar', ['-czf', 'kept.tgz', content], { cwd: folder });
    answer(
      'gcloud',
      `case "$*" in "storage cp"*) cp ../kept.tgz release.tgz 2>/dev/null || cp kept.tgz release.tgz ;; esac`,
    );
    return createHash('sha256')
      .update(readFileSync(join(folder, 'kept.tgz')))
      .digest('hex');
  }
  const fetchPlan = (over: Record<string, string> = {}) =>
    start(FILE, 'fetch-plan', { _PLANS_BUCKET: 'p-plans', _PLAN: plan, _PLAN_SHA256: kept(), ...over });

  test('unpacks the plan whose hash was approved', () => {
    const { status, calls } = fetchPlan();
    expect(status).toBe(0);
    expect(calls).toEqual([`gcloud storage cp gs://p-plans/${plan}/release.tgz release.tgz`]);
    expect(readFileSync(join(folder, 'release/terraform/plan.tfplan'), 'utf8')).toBe('the plan');
  });

  test('unpacks nothing of which another hash was approved', () => {
    const { status, said } = fetchPlan({ _PLAN_SHA256: 'b'.repeat(64) });
    expect(status).not.toBe(0);
    expect(said).toContain('release.tgz: FAILED');
    expect(existsSync(join(folder, 'release'))).toBe(false);
  });

  test.each([
    ['no plan', { _PLAN: '' }],
    ['a plan of another bucket', { _PLAN: '../others/x' }],
    ['no hash', { _PLAN_SHA256: '' }],
    ['a hash that is a command', { _PLAN_SHA256: '$(touch taken-over)' }],
    ['a plan that ends the text', { _PLAN: '"; touch taken-over; "' }],
  ])('fetches nothing for %s, and runs nothing of it', (_name, over) => {
    const { status, said, calls } = fetchPlan(over);
    expect(status).toBe(1);
    expect(said).toContain('no name of a kept plan');
    expect(calls).toEqual([]);
    expect(existsSync(join(folder, 'taken-over'))).toBe(false);
  });

  test('installs nothing, and takes every file out of what was approved', () => {
    const [first, ...others] = stepsOf(FILE);
    expect(first?.id).toBe('fetch-plan');
    expect(others.filter(({ dir }) => !dir?.startsWith('release'))).toEqual([]);
    expect(JSON.stringify(stepsOf(FILE))).not.toMatch(/npm|npx|yarn|pip |curl|git /);
    expect(others.filter((step) => 'waitFor' in step)).toEqual([]);
  });

  test('checks the plan again before it applies it, and the plan that it applies', () => {
    const ids = stepsOf(FILE).map(({ id }) => id);
    expect(ids).toEqual([
      ...[
        'fetch-plan',
        'init',
        'show-plan',
        'check-plan',
        'apply',
        'outputs',
        'attach-dead-letters',
        'smoke-test',
      ],
    ]);
    expect(start(FILE, 'show-plan').calls).toEqual([
      'terraform show plan.tfplan',
      'terraform show -json plan.tfplan',
    ]);
    put('release/terraform/plan.json', '{}');
    expect(start(FILE, 'check-plan').calls.at(-1)).toBe('node dist/deploy/check-plan.cjs');
    expect(start(FILE, 'apply').calls.at(-1)).toBe(
      'terraform apply -input=false -lock-timeout=5m plan.tfplan',
    );
  });

  test('attaches what the apply has put out, and proves it', () => {
    answer('terraform', 'case "$*" in output*) echo "EVENT_TRIGGERS=t1" ;; esac');
    answer('gcloud', 'exit 7');
    start(FILE, 'outputs');
    put(
      'release/scripts/deploy/attach-dead-letters.sh',
      readRepoFile('scripts/deploy/attach-dead-letters.sh'),
    );
    const { status, calls } = start(FILE, 'attach-dead-letters');
    expect(status).not.toBe(0);
    expect(calls.at(-1)).toMatch(/^gcloud eventarc triggers describe t1 /);
    expect(start(FILE, 'smoke-test', { BUILD_ID: 'b1' }).calls.at(-1)).toBe(
      'node --env-file=terraform/deploy.env dist/deploy/smoke.cjs --folder smoke-test/b1',
    );
  });

  test.each(
    stepsOf(FILE)
      .slice(1)
      .map(({ id }) => id),
  )('%s fails the build when it fails', (id) => {
    for (const command of COMMANDS) answer(command, 'exit 1');
    put('release/terraform/deploy.env', 'EVENT_TRIGGERS=t1\n');
    expect(start(FILE, id).status).not.toBe(0);
  });

  test('has each file that its steps name in what cloudbuild.yaml keeps', () => {
    const named = JSON.stringify(stepsOf(FILE)).match(/(?:dist|scripts|examples)\/[\w./-]+/g) ?? [];
    const packed = readRepoFile('scripts/deploy/keep-plan.sh');
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((file) => !packed.includes(file) && !packed.includes(posix.dirname(file)))).toEqual(
      [],
    );
    expect(stepsOf('cloudbuild.yaml').at(-1)).toMatchObject({
      args: ['scripts/deploy/keep-plan.sh', expect.any(String), '$COMMIT_SHA/$BUILD_ID'],
    });
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
