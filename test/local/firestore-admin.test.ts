import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IndexDefinition } from '../../local/firestore/queries/index-definition.ts';
import type { LocalService } from '../../local/service.ts';
import { startEmbedded } from '../contract/firestore-harness.ts';
import { createGcloud, whyNoGcloud } from '../support/gcloud.ts';
import { readRepoFile } from '../support/repo-files.ts';
import { temporaryFolder } from '../support/service-options.ts';

const INDEXES: IndexDefinition[] = [
  {
    collection: 'runs',
    fields: [
      { path: 'state', order: 'ASCENDING' },
      { path: 'created', order: 'DESCENDING' },
    ],
  },
  { collection: 'metrics', scope: 'COLLECTION_GROUP', fields: [{ path: 'tags', order: 'CONTAINS' }] },
];
const missing = whyNoGcloud();
if (missing) console.log(`SKIPPED: gcloud firestore: ${missing}`);
const DATABASE = 'projects/demo/databases/(default)';

/** What gcloud and Terraform ask of a database, over HTTP as they ask it. */
describe('the administration of the embedded Firestore', () => {
  let server: LocalService;
  beforeAll(async () => {
    server = await startEmbedded({ indexes: INDEXES });
  });
  afterAll(async () => {
    await server.close();
  });

  async function send(verb: string, path: string): Promise<[status: number, json: unknown]> {
    const response = await fetch(`http://${server.address}/v1/${path}`, { method: verb });
    return [response.status, await response.json()];
  }

  const ofRuns = {
    name: `${DATABASE}/collectionGroups/runs/indexes/declared-1`,
    queryScope: 'COLLECTION',
    state: 'READY',
    fields: [
      { fieldPath: 'state', order: 'ASCENDING' },
      { fieldPath: 'created', order: 'DESCENDING' },
      { fieldPath: '__name__', order: 'DESCENDING' },
    ],
  };
  const ofMetrics = {
    name: `${DATABASE}/collectionGroups/metrics/indexes/declared-2`,
    queryScope: 'COLLECTION_GROUP',
    state: 'READY',
    fields: [
      { fieldPath: 'tags', arrayConfig: 'CONTAINS' },
      { fieldPath: '__name__', order: 'ASCENDING' },
    ],
  };

  it('lists the declared indexes, of all collections or of one', async () => {
    expect(await send('GET', `${DATABASE}/collectionGroups/-/indexes`)).toEqual([
      200,
      { indexes: [ofRuns, ofMetrics] },
    ]);
    expect(await send('GET', `${DATABASE}/collectionGroups/metrics/indexes`)).toEqual([
      200,
      { indexes: [ofMetrics] },
    ]);
  });

  it('shows one index, or says that there is none', async () => {
    expect(await send('GET', ofRuns.name)).toEqual([200, ofRuns]);
    expect(await send('GET', `${DATABASE}/collectionGroups/runs/indexes/other`)).toMatchObject([
      404,
      { error: { status: 'NOT_FOUND' } },
    ]);
  });

  it('shows every database that is asked for, and lists the ones in use', async () => {
    const other = 'projects/demo/databases/other';
    expect(await send('GET', other)).toEqual([200, { name: other, type: 'FIRESTORE_NATIVE' }]);
    await fetch(`http://${server.address}/v1/${other}/documents/some`, { method: 'POST' });
    expect(await send('GET', 'projects/demo/databases')).toMatchObject([
      200,
      { databases: [{ name: DATABASE }, { name: other }] },
    ]);
  });

  it.each([
    { verb: 'POST', path: `${DATABASE}/collectionGroups/runs/indexes`, method: 'CreateIndex' },
    { verb: 'POST', path: `${DATABASE}:exportDocuments`, method: 'ExportDocuments' },
    { verb: 'POST', path: 'projects/demo/databases', method: 'CreateDatabase' },
    { verb: 'GET', path: `${DATABASE}/collectionGroups/-/fields`, method: 'ListFields' },
  ])('refuses $method by name', async ({ verb, path, method }) => {
    expect(await send(verb, path)).toMatchObject([
      501,
      { error: { status: 'UNIMPLEMENTED', message: expect.stringContaining(`${method}: `) } },
    ]);
  });

  it.skipIf(missing !== undefined)('is read by gcloud', { timeout: 180_000 }, async () => {
    const gcloud = createGcloud({ firestore: `http://${server.address}/` });
    const indexes = await gcloud('firestore', 'indexes', 'composite', 'list', '--format=json');
    expect(JSON.parse(indexes.stdout)).toEqual([ofRuns, ofMetrics]);
    const databases = await gcloud('firestore', 'databases', 'list', '--format=value(name)');
    expect(databases.stdout).toContain(DATABASE);
  });

  it.skipIf(missing !== undefined).each(commandsOf(readRepoFile('docs/local-cloud.md'), '127.0.0.1:9102'))(
    'is reached as docs/local-cloud.md says: %s',
    { timeout: 180_000 },
    async (command) => {
      const run = promisify(execFile);
      const here = command.replaceAll('127.0.0.1:9102', server.address);
      const env = { ...process.env, CLOUDSDK_CONFIG: temporaryFolder(), CLOUDSDK_CORE_DISABLE_PROMPTS: '1' };
      await run('sh', ['-c', here.replace(/^curl/, 'curl --fail --silent')], { env });
    },
  );
});

/** The commands of a page that name an address; one that ends in a backslash goes on in the next line. */
function commandsOf(page: string, address: string): string[] {
  const blocks = page.replaceAll('\\\n', ' ').matchAll(/^ {4}(.+)$/gm);
  const found = [...blocks].flatMap(([, command = '']) =>
    command.includes(address) ? [command.trim()] : [],
  );
  if (found.length === 0) throw new Error(`no command names ${address}`);
  return found;
}
