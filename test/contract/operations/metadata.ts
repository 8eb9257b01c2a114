import { expect } from 'vitest';
import { startMetadata } from '../../../local/metadata/server.ts';
import { serviceOptions } from '../../support/service-options.ts';
import { type Operation, refused, type ServiceOperations, works } from './operation.ts';

/** Reads one path below `/computeMetadata/v1/`; rejects with the status of a refusal. */
type Read = (path: string) => Promise<string>;

class Refusal extends Error {}

const EMAIL = 'functions@operations.iam.gserviceaccount.com';
const ACCOUNT = 'instance/service-accounts/default';

function answers(path: string, expected: string | RegExp, note = ''): Operation<Read> {
  return works(
    path,
    async (read) => {
      expect(await read(path)).toMatch(typeof expected === 'string' ? new RegExp(`^${expected}$`) : expected);
    },
    { note },
  );
}

const absent = (path: string, note = '') => refused<Read>([path, '404'], (read) => read(path), { note });

/** What a Cloud Run container finds (docs.cloud.google.com/run/docs/container-contract#metadata-server), and what is only on a virtual machine. */
const OPERATIONS: readonly Operation<Read>[] = [
  answers('project/project-id', 'operations'),
  answers('project/numeric-project-id', '1234'),
  answers('instance/region', 'projects/1234/regions/us-central1'),
  answers('instance/zone', 'projects/1234/zones/us-central1-a'),
  answers('instance/id', /^[0-9a-f]{64}$/),
  answers('universe/universe-domain', 'googleapis.com'),
  answers('instance/service-accounts/', new RegExp(`^default/\n${EMAIL}/\n$`)),
  answers(`${ACCOUNT}/aliases`, 'default\n'),
  answers(`${ACCOUNT}/email`, EMAIL),
  answers(`${ACCOUNT}/scopes`, /cloud-platform\n$/),
  answers(`${ACCOUNT}/token`, /^\{"access_token":"local-\d+"/, 'nobody outside takes it'),
  answers(`${ACCOUNT}/identity?audience=https://a.example`, /^ey[\w-]+\.ey[\w-]+\./, 'not signed'),
  answers(`${ACCOUNT}/?recursive=true`, new RegExp(`"email":"${EMAIL}"`)),
  absent('instance/hostname', 'of a virtual machine alone'),
  absent('instance/attributes/startup-script', 'of a virtual machine alone'),
  absent('project/attributes/ssh-keys', 'of a virtual machine alone'),
];

export const METADATA_OPERATIONS: ServiceOperations<Read> = {
  service: 'Metadata server',
  about: 'Paths below `/computeMetadata/v1/`.',
  operations: OPERATIONS,
  every: [],
  refusalOf: (error) => (error instanceof Refusal ? error.message : undefined),
  async connect() {
    const options = { projectId: 'operations', projectNumber: '1234', email: EMAIL };
    const service = await startMetadata({ ...serviceOptions(), ...options });
    const client: Read = async (path) => {
      const url = `http://${service.address}/computeMetadata/v1/${path}`;
      const response = await fetch(url, { headers: { 'metadata-flavor': 'Google' } });
      if (!response.ok) throw new Refusal(String(response.status));
      return response.text();
    };
    return { client, close: service.close };
  },
  emulator: undefined,
};
