import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GoogleAuth } from 'google-auth-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { startMetadata } from '../../local/metadata/server.ts';
import type { LocalService } from '../../local/service.ts';
import { createReceiver } from '../contract/pubsub-receiver.ts';

const EMAIL = 'tunedrop@demo-project.iam.gserviceaccount.com';
const faults = createFaultScript();
let dataDir: string;
let service: LocalService;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'metadata-'));
  service = await startMetadata({
    port: 0,
    dataDir,
    clock: systemClock,
    faults,
    log: () => {},
    projectId: 'demo-project',
    projectNumber: '123456789012',
    email: EMAIL,
  });
  process.env.GCE_METADATA_HOST = service.address;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  for (const name of ['GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT'])
    delete process.env[name];
  process.env.CLOUDSDK_CONFIG = dataDir; // no one's own credentials
  process.env.PATH = dataDir; // no gcloud: the client would ask it for the project first
});
afterAll(async () => {
  await service.close();
  rmSync(dataDir, { recursive: true });
});

describe('google-auth-library', () => {
  it('gets an access token, and sends it', async () => {
    const receiver = await createReceiver();
    const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
    await auth.request({ url: receiver.url });
    expect((await receiver.next()).headers.authorization).toMatch(/^Bearer local-\d+$/);
    expect(await auth.getAccessToken()).toMatch(/^local-\d+$/);
    await receiver.close();
  });

  it('gets the project, the account and the universe', async () => {
    const auth = new GoogleAuth();
    expect(await auth.getProjectId()).toBe('demo-project');
    expect(await auth.getCredentials()).toMatchObject({ client_email: EMAIL });
    expect(await auth.getUniverseDomain()).toBe('googleapis.com');
  });

  it('gets an identity token for an audience', async () => {
    const client = await new GoogleAuth().getIdTokenClient('https://submit.example');
    const token = await client.idTokenProvider.fetchIdToken('https://submit.example');
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ aud: 'https://submit.example', email: EMAIL, email_verified: true });
    expect(claims.exp).toBeGreaterThan(Date.now() / 1000);
    const headers = await client.getRequestHeaders();
    expect(headers.get('authorization')).toMatch(/^Bearer ey/);
  });

  it('tries again when the server has trouble for a moment', async () => {
    const path = 'instance/service-accounts/default/token';
    faults.script(path, [{ kind: 'error', status: 503 }, { kind: 'reset' }]);
    expect(await new GoogleAuth().getAccessToken()).toMatch(/^local-\d+$/);
    expect(faults.remaining()).toEqual({});
  });
});

describe('the server itself', () => {
  const V1 = '/computeMetadata/v1';
  const ACCOUNT = `${V1}/instance/service-accounts/default`;
  const FLAVOR = { 'metadata-flavor': 'Google' };

  it.each([
    ['the root, to be recognised', '/', {}, 200, 'computeMetadata/'],
    ['the numeric project id', `${V1}/project/numeric-project-id`, FLAVOR, 200, '123456789012'],
    ['the zone', `${V1}/instance/zone`, FLAVOR, 200, 'projects/123456789012/zones/us-central1-a'],
    ['the region', `${V1}/instance/region`, FLAVOR, 200, 'projects/123456789012/regions/us-central1'],
    ['the email', `${ACCOUNT}/email`, FLAVOR, 200, EMAIL],
    ['the scopes', `${ACCOUNT}/scopes`, FLAVOR, 200, 'https://www.googleapis.com/auth/cloud-platform\n'],
    ['the account by its email', `${V1}/instance/service-accounts/${EMAIL}/email`, FLAVOR, 200, EMAIL],
    [
      'no identity without an audience',
      `${ACCOUNT}/identity`,
      FLAVOR,
      400,
      'non-empty audience parameter required',
    ],
    ['no unknown path', `${V1}/instance/nothing`, FLAVOR, 404, 'Not Found'],
    ['nothing without the header', `${V1}/project/project-id`, {}, 403, 'Missing Metadata-Flavor:Google'],
    [
      'nothing through a proxy',
      `${V1}/project/project-id`,
      { ...FLAVOR, 'x-forwarded-for': '10.0.0.1' },
      403,
      'X-Forwarded-For is refused',
    ],
  ])('answers %s', async (_name, path, headers, status, text) => {
    const response = await fetch(`http://${service.address}${path}`, { headers });
    expect([response.status, await response.text()]).toEqual([status, text]);
    expect(response.headers.get('metadata-flavor')).toBe('Google');
  });
});
