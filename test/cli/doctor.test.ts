import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { doctor } from '../../cli/doctor/command.ts';
import type { Finding } from '../../cli/doctor/findings.ts';
import type { PlantedFault } from '../../local/administration/project-state.ts';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { carryOutIn } from './command-line.ts';

const P = 'tunedrop-local';
const account = (name: string) => `tunedrop-${name}@${P}.iam.gserviceaccount.com`;
const member = (name: string) => `serviceAccount:${account(name)}`;

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ dataDir: temporaryFolder(), trainer: 'stand-in', log: () => {} });
});
afterEach(() => {
  cloud.control.project.clear();
  expect(cloud.faults.control.remaining()).toEqual({});
});
afterAll(() => cloud.close());

const here = () => ({
  folder: temporaryFolder(),
  environment: { ...cloud.clientEnvironment, XDG_STATE_HOME: temporaryFolder() },
});

/** What is not as it should be, read of `--json` over the wire. */
async function diagnosed(): Promise<{ code: number | null; bad: Omit<Finding, 'subject'>[] }> {
  const { code, stdout } = await carryOutIn(here(), doctor, '--json');
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return {
    code,
    bad: findings
      .filter(({ health }) => health !== 'ok')
      .map(({ health, says, command }) => ({ health, says, command })),
  };
}

test('a deployment as Terraform makes it lacks nothing, and people are told so by subject', async () => {
  const { code, stdout } = await carryOutIn(here(), doctor);
  expect(stdout).not.toMatch(/^ {2}(?:missing|not seen)/m);
  expect(stdout.match(/^[A-Z]\w+(?: and triggers)?$/gm)).toEqual([
    ...[
      'APIs',
      'Buckets',
      'Functions and triggers',
      'Rights',
      'TensorBoard',
      'Quota',
      'Firestore',
      'Versions',
    ],
  ]);
  expect(stdout).toMatch(/stand-in/);
  expect(stdout).toMatch(/^0 missing, 0 not seen, \d\d ok\.$/m);
  expect(code).toBe(0);
});

const PLANTED: { name: string; fault: PlantedFault; says: RegExp; command: string }[] = [
  {
    name: 'an API that is disabled',
    fault: { kind: 'apiDisabled', api: 'compute.googleapis.com' },
    says: /^The API compute\.googleapis\.com is not enabled\.$/,
    command: `gcloud services enable compute.googleapis.com --project=${P}`,
  },
  {
    name: 'a role that is missing on a bucket, with its condition',
    fault: {
      kind: 'roleMissing',
      ...{ member: member('validate'), role: `projects/${P}/roles/tunedrop.object_writer` },
    },
    says: /validate@\S+ has no \S+object_writer \(only (?:runs|staging)\/\) on the bucket tunedrop-local-results\.$/,
    command:
      `gcloud storage buckets add-iam-policy-binding gs://${P}-results --member=${member('validate')} --role=projects/${P}/roles/tunedrop.object_writer ` +
      `--condition='expression=resource.name.startsWith("projects/_/buckets/${P}-results/objects/runs/"),title=only runs/'`,
  },
  {
    name: 'a role that is missing on the project',
    fault: { kind: 'roleMissing', member: member('trigger'), role: 'roles/eventarc.eventReceiver' },
    says: /^tunedrop-trigger@\S+ has no roles\/eventarc\.eventReceiver on the project tunedrop-local\.$/,
    command: `gcloud projects add-iam-policy-binding ${P} --member=${member('trigger')} --role=roles/eventarc.eventReceiver --condition=None`,
  },
  {
    name: 'a role that is missing on a topic',
    fault: {
      kind: 'roleMissing',
      member: member('poll'),
      role: 'roles/pubsub.publisher',
      on: 'submit-requests',
    },
    says: /^tunedrop-poll@\S+ has no roles\/pubsub\.publisher on the topic submit-requests\.$/,
    command: `gcloud pubsub topics add-iam-policy-binding submit-requests --project=${P} --member=${member('poll')} --role=roles/pubsub.publisher`,
  },
  {
    name: 'a role that is missing on an account',
    fault: {
      kind: 'roleMissing',
      ...{ member: member('submit'), role: `projects/${P}/roles/tunedrop.act_as` },
    },
    says: /^tunedrop-submit@\S+ has no \S+act_as on the account tunedrop-tuning@/,
    command: `gcloud iam service-accounts add-iam-policy-binding ${account('tuning')} --project=${P} --member=${member('submit')} --role=projects/${P}/roles/tunedrop.act_as --condition=None`,
  },
  {
    name: 'a role that is missing on the service of a function',
    fault: { kind: 'roleMissing', member: member('scheduler'), role: 'roles/run.invoker' },
    says: /^tunedrop-scheduler@\S+ has no roles\/run\.invoker on the service of the function poll\.$/,
    command: `gcloud run services add-iam-policy-binding poll --region=us-central1 --project=${P} --member=${member('scheduler')} --role=roles/run.invoker`,
  },
  {
    name: 'inbox and trigger that are apart',
    fault: { kind: 'triggerElsewhere', region: 'europe-west4' },
    says: /^The trigger of validate is in europe-west4, and the inbox in us-central1: no upload wakes it\./,
    command:
      `gcloud eventarc triggers create validate-${P}-inbox --project=${P} --location=us-central1 --destination-run-service=validate ` +
      `--destination-run-region=us-central1 --event-filters=type=google.cloud.storage.object.v1.finalized --event-filters=bucket=${P}-inbox ` +
      `--service-account=${account('trigger')}`,
  },
];

describe('what is planted is found, and the command puts it right:', () => {
  test.each(PLANTED)('$name', async ({ fault, says, command }) => {
    cloud.control.project.plant(fault);
    const { code, bad } = await diagnosed();
    expect(bad).toContainEqual({ health: 'missing', says: expect.stringMatching(says), command });
    expect(new Set(bad.map((one) => one.health))).toEqual(new Set(['missing']));
    expect(code).toBe(1);
  });

  test('an API, a role and a trigger at once, planted from outside and in the text for people', async () => {
    const faults: PlantedFault[] = [
      { kind: 'apiDisabled', api: 'compute.googleapis.com' },
      { kind: 'roleMissing', member: member('trigger'), role: 'roles/eventarc.eventReceiver' },
      { kind: 'triggerElsewhere', region: 'europe-west4' },
    ];
    for (const fault of faults) {
      const answer = await fetch(`http://${cloud.control.address}/planted`, {
        method: 'POST',
        body: JSON.stringify(fault),
      });
      expect(answer.status).toBe(200);
    }
    const { code, stdout } = await carryOutIn(here(), doctor);
    const all = PLANTED.filter(({ fault }) =>
      faults.some((one) => JSON.stringify(one) === JSON.stringify(fault)),
    );
    expect(all.length).toBe(3);
    const lines = stdout.split('\n').map((line) => line.trim());
    for (const { command } of all) expect(lines).toContain(command);
    expect(stdout.match(/^ {2}missing/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^3 missing, 0 not seen, /m);
    expect(code).toBe(1);
  });
});

test('what an API that is disabled would have said is not seen, and not missing', async () => {
  cloud.control.project.plant({ kind: 'apiDisabled', api: 'pubsub.googleapis.com' });
  const { code, bad } = await diagnosed();
  expect(bad.filter(({ health }) => health === 'missing').map(({ command }) => command)).toEqual([
    `gcloud services enable pubsub.googleapis.com --project=${P}`,
  ]);
  expect(bad).toContainEqual({
    health: 'not seen',
    says: expect.stringMatching(
      /on the topic run-events could not be read: pubsub\.googleapis\.com has not been used/,
    ),
    command: `gcloud pubsub topics get-iam-policy run-events --project=${P}`,
  });
  expect(code).toBe(1);
});

test('a policy that may not be read is not seen, with the command for who may', async () => {
  cloud.faults.control.script('buckets.getIamPolicy', [{ kind: 'error', status: 403 }], {
    run: `${P}-inbox`,
  });
  const { code, bad } = await diagnosed();
  expect(bad).toEqual([
    {
      health: 'not seen',
      says: expect.stringMatching(/^Who may do what on the bucket tunedrop-local-inbox could not be read: /),
      command: `gcloud storage buckets get-iam-policy gs://${P}-inbox`,
    },
  ]);
  expect(code).toBe(2);
});

test('what the folder may give is not seen, while the folder cannot be read', async () => {
  cloud.control.project.plant({
    kind: 'roleMissing',
    member: member('trigger'),
    role: 'roles/eventarc.eventReceiver',
  });
  cloud.faults.control.script('projects.getAncestry', [{ kind: 'error', status: 403 }]);
  const { code, bad } = await diagnosed();
  expect(bad).toEqual([
    {
      health: 'not seen',
      says: expect.stringMatching(
        /has no roles\/eventarc\.eventReceiver .*; what a folder or an organisation may give it could not be read\.$/,
      ),
      command: expect.stringMatching(/^gcloud projects add-iam-policy-binding /),
    },
  ]);
  expect(code).toBe(2);
});

test('a project of which nothing can be read costs one line, with what an administrator gives', async () => {
  for (const method of ['projects.get', 'services.batchGet', 'functions.list'])
    cloud.faults.control.script(method, [{ kind: 'error', status: 403 }]);
  await expect(carryOutIn(here(), doctor)).rejects.toThrow(
    /^Nothing of the project tunedrop-local could be read: .* --role=roles\/viewer, and the same with roles\/iam\.securityReviewer\.$/,
  );
});

test('nothing but reads is called', async () => {
  const before = cloud.history.since(0).length;
  await carryOutIn(here(), doctor);
  const methods = cloud.history
    .since(0)
    .slice(before)
    .map(({ method }) => method);
  expect(methods.length).toBeGreaterThan(30);
  expect(methods.filter((method) => !/\.(?:get\w*|list|batchGet)$/.test(method))).toEqual([]);
});

test('beside emulators without a stand-in a sentence says what to do', async () => {
  const environment = { ...here().environment, ADMINISTRATION_ENDPOINT: '' };
  await expect(carryOutIn({ folder: temporaryFolder(), environment }, doctor)).rejects.toThrow(
    /nothing stands in .* --project, or start the embedded cloud with npm start/,
  );
});
