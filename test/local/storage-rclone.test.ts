/** A second client, in another language: rclone (Go). */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../contract/storage-harness.ts';
import { shownIn, toolWith } from '../support/command-line-tools.ts';
import { isOnPath } from '../support/on-path.ts';

describe.skipIf(!isOnPath('rclone', 'version'))('rclone', { timeout: 300_000 }, () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());

  const rclone = async (...args: string[]) => {
    const remote = ['--config', '/dev/null', '--gcs-anonymous', '--gcs-bucket-policy-only', '--retries', '1'];
    const endpoint = ['--gcs-endpoint', `${harness.url}/storage/v1/`];
    const { stdout } = await promisify(execFile)('rclone', [...args, ...remote, ...endpoint]);
    return stdout;
  };

  it('does what docs/local-cloud.md shows, as it stands there', async () => {
    const script = shownIn('docs/local-cloud.md', /^rclone /);
    await harness.client().bucket('inbox').file('shown/tune.json').save('{}');
    const shown = script.replaceAll('http://127.0.0.1:9100', harness.url).replaceAll('tunedrop-local-', '');
    expect(await toolWith('bash', { RCLONE_CONFIG: '/dev/null' })('-euc', shown)).toContain('shown/');
    await harness.client().bucket('inbox').deleteFiles();
  });

  it('copies a folder up and down, checks it, moves and deletes', async () => {
    const source = join(harness.root, 'source');
    mkdirSync(join(source, 'deep/er'), { recursive: true });
    writeFileSync(join(source, 'tune.json'), '{}');
    writeFileSync(join(source, 'empty'), '');
    writeFileSync(join(source, 'deep/er/100% 日本.txt'), 'x');
    writeFileSync(join(source, 'deep/big.bin'), randomBytes(20 * 1024 * 1024));

    await rclone('copy', source, ':gcs:inbox/run');
    const listed = (await rclone('lsf', '-R', '--files-only', ':gcs:inbox/run')).trim().split('\n').sort();
    expect(listed).toEqual(['deep/big.bin', 'deep/er/100% 日本.txt', 'empty', 'tune.json']);
    await rclone('check', source, ':gcs:inbox/run');
    await rclone('moveto', ':gcs:inbox/run/deep/big.bin', ':gcs:results/moved.bin');
    expect(await rclone('cat', ':gcs:inbox/run/tune.json')).toBe('{}');

    const target = join(harness.root, 'target');
    await rclone('copy', ':gcs:results', target);
    const same = readFileSync(join(target, 'moved.bin')).equals(readFileSync(join(source, 'deep/big.bin')));
    expect(same).toBe(true);
    await rclone('delete', ':gcs:inbox');
    expect((await harness.client().bucket('inbox').getFiles())[0]).toEqual([]);
  });
});
