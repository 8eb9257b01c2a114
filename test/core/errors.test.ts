import { describe, expect, test } from 'vitest';
import { asTuneError, type ErrorKind, TuneError } from '../../shared/core/errors/errors.ts';
import { GOOGLE_CODES, type GoogleCode, kindOfObjectStatus } from '../../shared/core/errors/google-codes.ts';
import { originOf, stackOf } from '../../shared/core/errors/origin.ts';
import { type ServiceTarget, serviceError } from '../../shared/core/errors/service-error.ts';

/** A mistake that begins in a function with a name. */
function misreadTheManifest(manifest: { model?: { name: string } }): string {
  return (manifest.model as { name: string }).name;
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

describe('what was thrown keeps its origin', () => {
  const thrown = thrownBy(() => misreadTheManifest({}));

  test('a mistake of our own code is a kind of its own, with the stack of where it began', () => {
    const error = asTuneError(thrown);
    expect(error).toMatchObject({ kind: 'defect', reason: 'Defect', retry: 'slowly', cause: thrown });
    expect(error.message).toMatch(/^TypeError: Cannot read properties of undefined/);
    expect(error.stack).toContain('at misreadTheManifest');
    expect(stackOf(error)).toBe((thrown as Error).stack);
    expect(originOf(error)).toBe('misreadTheManifest');
  });

  test('an error that was put around it shows it too', () => {
    const around = new TuneError('permanent', 'the check failed', { reason: 'Any', cause: thrown });
    expect(stackOf(around)).toMatch(/the check failed[\s\S]*\nCaused by: TypeError[\s\S]*misreadTheManifest/);
    expect(originOf(around)).toBe('misreadTheManifest');
  });

  test.each([
    ['at async checkRun (/workspace/index.js:1:2)', 'checkRun'],
    ['at new Plan (/workspace/index.js:1:2)', 'Plan'],
    ['at Object.<anonymous> (/workspace/index.js:1:2)\n    at planRun (/workspace/index.js:3:4)', 'planRun'],
    ['at process.processTicksAndRejections (node:internal/process/task_queues:104:5)', undefined],
    ['at /workspace/index.js:1:2', undefined],
  ])('"%s" began in %s', (frames, origin) => {
    expect(originOf(Object.assign(new Error('any'), { stack: `Error: any\n    ${frames}` }))).toBe(origin);
  });

  test('causes that go round in a circle come to an end', () => {
    const [first, second] = [new Error('first'), new Error('second')];
    Object.assign(first, { cause: second });
    Object.assign(second, { cause: first });
    expect(stackOf(first).split('Caused by')).toHaveLength(2);
  });

  test.each([
    ['a RangeError', () => new Date(Number.NaN).toISOString()],
    ['a ReferenceError', () => new Function('return notThere')()],
    ['a SyntaxError', () => JSON.parse('{')],
    ['a URIError', () => decodeURIComponent('%')],
  ])('%s is a mistake of our own too', (_, work) => {
    expect(asTuneError(thrownBy(work)).kind).toBe('defect');
  });

  test('a fetch that lost its connection is none, though it is a TypeError', async () => {
    const lost = await fetch('http://127.0.0.1:1').catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(TypeError);
    expect(asTuneError(lost)).toMatchObject({ kind: 'ambiguous', retry: 'soon' });
  });

  test('a mistake around which a client put an error of its own is one', () => {
    const around = new Error('the request failed', { cause: thrown });
    expect(asTuneError(around)).toMatchObject({
      ...{ kind: 'defect', message: expect.stringMatching(/^TypeError: Cannot read/) },
    });
  });

  test.each([[new Error('reset')], ['a text'], [undefined], [null]])('%s is ambiguous', (anything) => {
    expect(asTuneError(anything)).toMatchObject({ kind: 'ambiguous', reason: 'Unexpected' });
  });
});

const DATABASE: ServiceTarget = {
  service: 'firestore',
  project: 'my-project',
  resource: 'tunedrop',
  account: 'tunedrop-submit@my-project.iam.gserviceaccount.com',
};
const TOPIC: ServiceTarget = { ...DATABASE, service: 'pubsub', resource: 'submit-requests' };

/** As Google's clients reject. */
function rejected(code: GoogleCode, details = 'as it is'): Error {
  const { grpc } = GOOGLE_CODES[code];
  return Object.assign(new Error(`${grpc} ${code}: ${details}`), { code: grpc, details });
}

/** The same over HTTP. */
function answered(status: number, error?: { status: string; message: string }): Error {
  const words = error?.message ?? `Request failed with status code ${status}`;
  return Object.assign(new Error(words), { code: status, status, response: { status, data: { error } } });
}

describe('what Firestore and Pub/Sub answer', () => {
  const KINDS: [ErrorKind, GoogleCode[]][] = [
    [
      'misconfiguration',
      [
        ...(['PERMISSION_DENIED', 'UNAUTHENTICATED', 'NOT_FOUND', 'INVALID_ARGUMENT'] as const),
        ...(['FAILED_PRECONDITION', 'OUT_OF_RANGE', 'UNIMPLEMENTED'] as const),
      ],
    ],
    [
      'ambiguous',
      [
        ...(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL', 'CANCELLED', 'UNKNOWN', 'DATA_LOSS'] as const),
        'ALREADY_EXISTS',
      ],
    ],
    ['throttled', ['RESOURCE_EXHAUSTED']],
    ['contended', ['ABORTED']],
  ];

  test('is sorted by one table that has every code', () => {
    expect(KINDS.flatMap(([, codes]) => codes).sort()).toEqual(Object.keys(GOOGLE_CODES).sort());
  });

  test.each(KINDS.flatMap(([kind, codes]) => codes.map((code): [GoogleCode, ErrorKind] => [code, kind])))(
    '%s is %s',
    (code, kind) => {
      const thrown = rejected(code);
      const error = serviceError(thrown, DATABASE, 'claim');
      expect(error).toMatchObject({ kind, cause: thrown });
      expect(error.message).toBe(`Firestore answered claim with ${code}: ${thrown.message}`);
    },
  );

  test.each(Object.entries(GOOGLE_CODES))(
    '%s over HTTP is what it is over gRPC',
    (code, { http, ofService }) => {
      const thrown = answered(http, { status: code, message: 'as it is' });
      const error = serviceError(thrown, TOPIC, 'publishing');
      expect(error).toMatchObject({ kind: ofService, httpStatus: http, cause: thrown });
      expect(error.message).toBe(`Pub/Sub answered publishing with ${code}: as it is`);
    },
  );

  test.each([
    [401, 'misconfiguration', 'PubSubUnauthenticated'],
    [403, 'misconfiguration', 'PubSubDenied'],
    [404, 'misconfiguration', 'PubSubMissing'],
    [429, 'throttled', 'PubSubUnavailable'],
    [500, 'ambiguous', 'PubSubUnavailable'],
    [502, 'ambiguous', 'Unexpected'],
    [503, 'ambiguous', 'PubSubUnavailable'],
  ])('a page without a code, with the status %d, is %s', (status, kind, reason) => {
    expect(serviceError(answered(status), TOPIC, 'publishing')).toMatchObject({ kind, reason });
  });

  test.each([
    ['PERMISSION_DENIED', DATABASE, 'FirestoreDenied', '--role roles/datastore.user'],
    ['PERMISSION_DENIED', DATABASE, 'FirestoreDenied', `--member serviceAccount:${DATABASE.account}`],
    ['PERMISSION_DENIED', TOPIC, 'PubSubDenied', 'add-iam-policy-binding submit-requests'],
    ['PERMISSION_DENIED', TOPIC, 'PubSubDenied', '--role roles/pubsub.publisher'],
    ['NOT_FOUND', DATABASE, 'FirestoreMissing', "databases create --database='tunedrop'"],
    ['NOT_FOUND', TOPIC, 'PubSubMissing', 'gcloud pubsub topics create submit-requests --project my-project'],
    ['UNAUTHENTICATED', TOPIC, 'PubSubUnauthenticated', DATABASE.account],
    ['INVALID_ARGUMENT', DATABASE, 'FirestoreRefused', 'tunedrop in the project my-project'],
    ['FAILED_PRECONDITION', DATABASE, 'FirestoreRefused', 'an index'],
  ] as const)('%s of %o names what to do', (code, target, reason, remedy) => {
    const error = serviceError(rejected(code), target, 'publishing');
    expect(error.reason).toBe(reason);
    expect(error.remedy).toContain(remedy);
  });

  test('an API that is off is to be enabled, whatever the code says of permissions', () => {
    const words = 'Cloud Pub/Sub API has not been used in project 123 before or it is disabled.';
    expect(serviceError(rejected('PERMISSION_DENIED', words), TOPIC, 'publishing').remedy).toBe(
      'Enable the API and wait a few minutes:\ngcloud services enable pubsub.googleapis.com --project my-project',
    );
  });

  test.each([
    {
      name: 'an API that is named beside ours',
      words:
        'Cloud Resource Manager API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/cloudresourcemanager.googleapis.com/overview?project=1',
      remedy: 'gcloud services enable cloudresourcemanager.googleapis.com --project my-project',
    },
    {
      name: 'a billing account',
      words: 'This API method requires billing to be enabled. Please enable billing on project #1',
      remedy: 'gcloud billing projects link my-project',
    },
    {
      name: 'a service perimeter',
      words: "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: ab-C1",
      remedy: 'AND "ab-C1"',
    },
  ])('$name is what the remedy is about', ({ words, remedy }) => {
    expect(serviceError(rejected('PERMISSION_DENIED', words), TOPIC, 'publishing').remedy).toContain(remedy);
  });

  test('a mistake of ours inside of a transaction stays one', () => {
    const thrown = thrownBy(() => misreadTheManifest({}));
    expect(serviceError(thrown, DATABASE, 'apply')).toMatchObject({ kind: 'defect', cause: thrown });
  });
});

test.each([
  [undefined, 'ambiguous'],
  [400, 'permanent'],
  [401, 'environment'],
  [403, 'environment'],
  [404, 'permanent'],
  [408, 'ambiguous'],
  [409, 'permanent'],
  [412, 'permanent'],
  [429, 'throttled'],
  [499, 'ambiguous'],
  [500, 'ambiguous'],
  [502, 'ambiguous'],
  [503, 'ambiguous'],
  [504, 'ambiguous'],
])('what Cloud Storage answers with %s about an object is %s', (status, kind) => {
  expect(kindOfObjectStatus(status)).toBe(kind);
});
