import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCall } from '../../cli/deployment/call.ts';
import { localCredentials } from '../../cli/deployment/credentials.ts';
import { findDeployment } from '../../cli/deployment/find.ts';
import { diagnose } from '../../cli/doctor/diagnose.ts';
import { type Facts, readDeployment } from '../../cli/doctor/facts.ts';
import { exitOf, type Finding } from '../../cli/doctor/findings.ts';
import { createReadGoogle, type GoogleAnswer, type GoogleRead } from '../../cli/doctor/google.ts';
import { versionFindings } from '../../cli/doctor/versions.ts';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { temporaryFolder } from '../support/service-options.ts';

const P = 'tunedrop-local';
const KEY = `projects/${P}/locations/us-central1/keyRings/tunedrop/cryptoKeys/tunedrop`;
const RECEIVER = 'roles/eventarc.eventReceiver';
const TRIGGER = `serviceAccount:tunedrop-trigger@${P}.iam.gserviceaccount.com`;

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ dataDir: temporaryFolder(), trainer: 'stand-in', log: () => {} });
});
afterAll(() => cloud.close());

type Changed = (read: GoogleRead, value: never) => unknown;

/** What is found where one answer of a sound project is another one; `undefined` is 404, `null` 403. */
async function foundWith(path: RegExp, change: Changed): Promise<Finding[]> {
  const deployment = findDeployment(
    { project: undefined, bucket: undefined, database: undefined, region: undefined },
    {
      folder: temporaryFolder(),
      environment: { ...cloud.clientEnvironment, XDG_STATE_HOME: temporaryFolder() },
    },
  );
  const honest = createReadGoogle(createCall(localCredentials), deployment);
  let times = 0;
  const read = async <T>(asked: GoogleRead): Promise<GoogleAnswer<T>> => {
    const answer = await honest<T>(asked);
    if (!path.test(`${asked.host}/${asked.path}`)) return answer;
    times += 1;
    const value = change(asked, (answer.kind === 'seen' ? answer.value : undefined) as never);
    if (value === null) return { kind: 'refused', why: 'Not for you.' };
    return value === undefined ? { kind: 'absent' } : { kind: 'seen', value: value as T };
  };
  const facts: Facts = await readDeployment(read, deployment);
  expect(times).toBeGreaterThan(0);
  return diagnose(facts).filter(({ health }) => health !== 'ok');
}

interface Policy {
  bindings: { role: string; members: string[]; condition?: { title: string; expression: string } }[];
}
/** A policy in which the trigger's account has no role, and something else instead. */
const receiverAs =
  (instead: Policy['bindings']) =>
  (_: GoogleRead, { bindings }: Policy) => ({
    bindings: [...bindings.filter(({ role }) => role !== RECEIVER), ...instead],
  });
const PROJECT_POLICY = /^cloudresourcemanager\.googleapis\.com\/v1\/projects\/[^/]+:getIamPolicy/;

/** Of which one has the number in its member, and one in its condition. */
const NUMBERED = ['roles/eventarc.serviceAgent', 'roles/storage.objectViewer'];

const ROWS: { name: string; path: RegExp; change: Changed; finds: Partial<Finding>[] }[] = [
  {
    name: 'a role that a group has is not seen',
    path: PROJECT_POLICY,
    change: receiverAs([{ role: RECEIVER, members: ['group:robots@example.com'] }]),
    finds: [
      { health: 'not seen', says: expect.stringMatching(/group:robots@example\.com has roles\/eventarc/) },
    ],
  },
  {
    name: 'a basic role may hold it, and is not taken for it',
    path: PROJECT_POLICY,
    change: receiverAs([{ role: 'roles/editor', members: [TRIGGER] }]),
    finds: [{ health: 'not seen', says: expect.stringMatching(/it has roles\/editor, which may hold it/) }],
  },
  {
    name: 'a role under another condition is missing',
    path: PROJECT_POLICY,
    change: receiverAs([
      { role: RECEIVER, members: [TRIGGER], condition: { title: 'until', expression: 'request.time < x' } },
    ]),
    finds: [{ health: 'missing', command: expect.stringContaining(`--role=${RECEIVER} --condition=None`) }],
  },
  {
    name: 'a role of somebody else is missing',
    path: PROJECT_POLICY,
    change: receiverAs([
      { role: RECEIVER, members: ['serviceAccount:other@example.iam.gserviceaccount.com'] },
    ]),
    finds: [{ health: 'missing' }],
  },
  {
    name: 'a role on the whole project holds for a topic',
    path: /(?:\/topics\/submit-requests|\/v1\/projects\/[^/]+):getIamPolicy/,
    change: (read, { bindings }: Policy) =>
      read.host.startsWith('pubsub')
        ? { bindings: [] }
        : {
            bindings: [
              ...bindings,
              {
                role: 'roles/pubsub.publisher',
                members: ['validate', 'poll'].map(
                  (name) => `serviceAccount:tunedrop-${name}@${P}.iam.gserviceaccount.com`,
                ),
              },
            ],
          },
    finds: [],
  },
  {
    name: 'an agent whose project’s number may not be read',
    path: /v3\/projects\/[^/]+$|v1\/projects\/[^/]+:getIamPolicy$/,
    change: ({ path }, { bindings }: Policy) =>
      path.startsWith('v3') ? null : { bindings: bindings.filter(({ role }) => !NUMBERED.includes(role)) },
    finds: [
      {
        health: 'missing',
        command: expect.stringContaining(
          `/gcf-v2-sources-'$(gcloud projects describe ${P} --format='value(projectNumber)')'-")`,
        ),
      },
      {
        health: 'missing',
        says: expect.stringMatching(/^service-NUMBER@gcp-sa-eventarc\./),
        command: expect.stringContaining(
          `--member=serviceAccount:service-$(gcloud projects describe ${P} --format='value(projectNumber)')@gcp-sa-eventarc.`,
        ),
      },
    ],
  },
  {
    name: 'a topic that is not there',
    path: /\/topics\/run-events:getIamPolicy/,
    change: () => undefined,
    finds: [
      {
        health: 'missing',
        says: 'There is no topic run-events.',
        command: `gcloud pubsub topics create run-events --project=${P} --message-storage-policy-allowed-regions=us-central1`,
      },
    ],
  },
  {
    name: 'a role of our own that lacks a permission',
    path: /\/roles\/tunedrop\.asker$/,
    change: () => ({ includedPermissions: [] }),
    finds: [
      {
        health: 'missing',
        command: `gcloud iam roles update tunedrop.asker --project=${P} --add-permissions=aiplatform.endpoints.predict`,
      },
    ],
  },
  {
    name: 'agents of tuning that nobody gave a right, which Google may not have made yet',
    path: /getIamPolicy|\/iam\?/,
    change: (_, { bindings }: Policy) => ({
      bindings: bindings.map(({ members, ...rest }) => ({
        ...rest,
        members: members.filter((member) => !member.includes('gcp-sa-vertex-tune')),
      })),
    }),
    finds: [
      {
        health: 'not seen',
        says: expect.stringMatching(/agent for tuning Gemini models has no right here/),
        command: expect.stringContaining(`-var 'tuning_agents=["tuning"]'`),
      },
    ],
  },
  {
    name: 'a bucket that is not there',
    path: /storage\/v1\/b\/tunedrop-local-results$/,
    change: () => undefined,
    finds: [
      {
        health: 'missing',
        command: `gcloud storage buckets create gs://${P}-results --project=${P} --location=us-central1 --uniform-bucket-level-access --public-access-prevention`,
      },
    ],
  },
  {
    name: 'a key of the inbox whose API is off and which nobody may read',
    path: /storage\/v1\/b\/tunedrop-local-inbox$|^cloudkms/,
    change: (read) =>
      read.host.startsWith('cloudkms')
        ? null
        : { location: 'US-CENTRAL1', encryption: { defaultKmsKeyName: KEY } },
    finds: [
      { health: 'missing', command: `gcloud services enable cloudkms.googleapis.com --project=${P}` },
      { health: 'not seen', command: `gcloud kms keys get-iam-policy ${KEY}` },
    ],
  },
  {
    name: 'functions that are not where the inbox is',
    path: /storage\/v1\/b\/tunedrop-local-inbox$/,
    change: () => ({ location: 'EU' }),
    finds: [
      { health: 'missing', command: expect.stringMatching(/^terraform .* -var region=eu$/) },
      {
        health: 'missing',
        says: expect.stringMatching(/trigger of validate is in us-central1, and the inbox in eu/),
        command: expect.stringContaining(' --location=eu '),
      },
      ...['submit', 'evaluate', 'poll'].map((name) => ({
        says: `The function ${name} is in us-central1, and the inbox in eu.`,
      })),
    ],
  },
  {
    name: 'a function that is not there, and one that failed',
    path: /\/functions\?/,
    change: (_, { functions }: { functions: { name: string }[] }) => ({
      functions: functions
        .filter(({ name }) => !name.endsWith('/submit'))
        .map((one) => (one.name.endsWith('/poll') ? { ...one, state: 'FAILED' } : one)),
    }),
    finds: [
      { health: 'missing', says: 'There is no function submit.' },
      { health: 'missing', says: 'The function poll is FAILED and not ACTIVE.' },
    ],
  },
  {
    name: 'a schedule that is paused',
    path: /^cloudscheduler/,
    change: () => ({ state: 'PAUSED' }),
    finds: [
      {
        health: 'missing',
        command: `gcloud scheduler jobs resume poll --location=us-central1 --project=${P}`,
      },
    ],
  },
  {
    name: 'a TensorBoard that is gone',
    path: /tensorboards\/4400000000000000002/,
    change: () => undefined,
    finds: [
      {
        health: 'missing',
        command: `gcloud ai tensorboards create --display-name=tunedrop --region=europe-west4 --project=${P}`,
      },
    ],
  },
  {
    name: 'a quota that is smaller than a job, in its region',
    path: /quotaInfos/,
    change: () => ({
      quotaInfos: [
        {
          quotaId: 'A100',
          metricDisplayName: 'Restricted image training Nvidia A100 80GB GPUs',
          dimensionsInfos: [
            { dimensions: { region: 'europe-west4' }, details: { value: '8' } },
            { details: { value: '0' } },
          ],
        },
      ],
    }),
    finds: [
      {
        health: 'missing',
        says: expect.stringMatching(/in us-central1: 0, and a job takes 8/),
        command: `gcloud beta quotas preferences create --service=aiplatform.googleapis.com --project=${P} --quota-id=A100 --preferred-value=8 --dimensions=region=us-central1`,
      },
    ],
  },
  {
    name: 'a database that is not there',
    path: /databases\/\(default\)$/,
    change: () => undefined,
    finds: [
      {
        health: 'missing',
        command: expect.stringMatching(/^gcloud firestore databases create --database='\(default\)'/),
      },
    ],
  },
  {
    name: 'an index that is not there, and one that is being built',
    path: /collectionGroups/,
    change: (_, { indexes }: { indexes: { fields: { fieldPath: string }[] }[] }) => ({
      indexes: indexes
        .filter(({ fields }) => fields[0]?.fieldPath !== 'status.state')
        .map((one) => (one.fields[0]?.fieldPath === 'baseModel' ? { ...one, state: 'CREATING' } : one)),
    }),
    finds: [
      {
        health: 'missing',
        command: `gcloud firestore indexes composite create --database='(default)' --project=${P} --collection-group=runs --field-config=field-path=status.state,order=ascending --field-config=field-path=status.createTime,order=descending`,
      },
      { health: 'not seen', says: expect.stringMatching(/^The index of models .* is CREATING/) },
    ],
  },
];

test.each(ROWS)('$name', async ({ path, change, finds }) => {
  const found = await foundWith(path, change);
  expect(found).toEqual(finds.map((one) => expect.objectContaining(one)));
});

describe('versions', () => {
  const functions = (...labels: (string | undefined)[]) => ({
    kind: 'seen' as const,
    value: labels.map((version) => ({
      ...{ name: 'f', state: 'ACTIVE' },
      labels: version === undefined ? {} : { 'tunedrop-version': version },
    })),
  });
  test.each([
    { name: 'the same', of: functions('1-2-3', '1-2-3'), health: 'ok' },
    { name: 'another', of: functions('1-2-2'), health: 'missing' },
    { name: 'two', of: functions('1-2-3', '1-2-2'), health: 'missing' },
    { name: 'none, as before labels', of: functions(undefined), health: 'not seen' },
    { name: 'nobody may look', of: { kind: 'refused' as const, why: '' }, health: 'not seen' },
  ])('$name: $health', ({ of, health }) => {
    expect(versionFindings({ functions: of }, '1.2.3')).toEqual([expect.objectContaining({ health })]);
  });
});

test.each([
  { of: ['ok'], code: 0 },
  { of: ['ok', 'not seen'], code: 2 },
  { of: ['not seen', 'missing', 'ok'], code: 1 },
  { of: [], code: 0 },
] as const)('$of ends with $code', ({ of, code }) => {
  expect(exitOf(of.map((health) => ({ subject: 'APIs', health, says: '' })))).toBe(code);
});
