/** `gsutil`, where it is installed. It speaks to servers with a certificate alone, so a proxy that has one stands before ours. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../contract/storage-harness.ts';
import { type Tool, toolWith } from '../support/command-line-tools.ts';
import { isOnPath } from '../support/on-path.ts';
import { md5Of, storedTree, TREE, WHOLE_TREE, writeTree } from './storage-trees.ts';

const isHere = isOnPath('gsutil', 'version') && isOnPath('openssl', 'version');

/** A server with a certificate of its own that passes everything on to a port of this machine. */
async function proxyTo(port: number, folder: string): Promise<Server> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (client) => {
    const target = connect(port, '127.0.0.1');
    client.pipe(target).pipe(client);
    client.on('error', () => target.destroy());
    target.on('error', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** gsutil's own settings: where Cloud Storage is, and nothing else that it could ask. */
const settings = (port: number, folder: string) => `
[Credentials]
gs_json_host = 127.0.0.1
gs_json_port = ${port}
[Boto]
https_validate_certificates = False
num_retries = 2
[GSUtil]
prefer_api = json
default_project_id = local
state_dir = ${folder}
software_update_check_period = 0
parallel_process_count = 1
`;

describe.skipIf(!isHere)('gsutil', { timeout: 600_000 }, () => {
  let harness: Harness;
  let proxy: Server;
  let gsutil: Tool;
  let tree: string;
  beforeAll(async () => {
    harness = await startHarness();
    tree = writeTree(join(harness.root, 'tree'));
    const folder = join(harness.root, 'gsutil');
    mkdirSync(folder);
    proxy = await proxyTo(Number(harness.service.address.split(':')[1]), folder);
    writeFileSync(join(folder, 'boto'), settings((proxy.address() as AddressInfo).port, folder));
    gsutil = toolWith('gsutil', { BOTO_CONFIG: join(folder, 'boto'), CLOUDSDK_CONFIG: folder });
  });
  afterAll(async () => {
    proxy.close();
    await harness.close();
  });

  it('copies, compares, moves, reads and removes, and makes and removes buckets', async () => {
    await gsutil('cp', '-r', tree, 'gs://inbox/');
    expect(await storedTree(harness, 'inbox', 'tree/')).toEqual(WHOLE_TREE);
    await gsutil('rsync', '-r', tree, 'gs://inbox/sync');
    const uploads = harness.events.length;
    await gsutil('rsync', '-r', tree, 'gs://inbox/sync');
    expect(harness.events).toHaveLength(uploads);

    await gsutil('mv', 'gs://inbox/tree/kib', 'gs://results/kib');
    expect(await storedTree(harness, 'results', '')).toEqual({ kib: WHOLE_TREE.kib });
    expect(await gsutil('cat', '-r', '1-3', 'gs://inbox/tree/深い/ファイル 1.txt')).toContain('ell');
    expect(await gsutil('ls', '-L', 'gs://results/kib')).toContain(md5Of(TREE.kib ?? Buffer.alloc(0)));

    await gsutil('mb', 'gs://made-here');
    await gsutil('label', 'ch', '-l', 'team:tunes', 'gs://made-here');
    await expect(gsutil('versioning', 'set', 'on', 'gs://made-here')).rejects.toThrow(
      'versioning is not part of',
    );
    await gsutil('cp', join(tree, 'kib'), 'gs://made-here/kib');
    await gsutil('rm', '-r', 'gs://made-here');
    await gsutil('rm', '-r', 'gs://inbox/tree');
    expect(await storedTree(harness, 'inbox', 'tree/')).toEqual({});
  });
});
