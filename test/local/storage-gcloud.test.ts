/** `gcloud storage`, where it is installed: the first thing that a Google user tries. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../contract/storage-harness.ts';
import { gcloudVariables, shownIn, type Tool, toolWith } from '../support/command-line-tools.ts';
import { isOnPath } from '../support/on-path.ts';
import { md5Of, storedTree, TREE, WHOLE_TREE, writeTree } from './storage-trees.ts';

const BIG = '深い/日本語.bin';

describe.skipIf(!isOnPath('gcloud', '--version'))('gcloud storage', { timeout: 600_000 }, () => {
  let harness: Harness;
  let gcloud: Tool;
  let tree: string;
  beforeAll(async () => {
    harness = await startHarness();
    tree = writeTree(join(harness.root, 'tree'));
    const endpoints = { storage: `${harness.url}/storage/v1/` };
    const tool = toolWith('gcloud', gcloudVariables(join(harness.root, 'gcloud'), endpoints));
    gcloud = (...args) => tool('storage', ...args);
  });
  afterAll(() => harness.close());

  it('copies a folder, reads it back, moves and removes it', async () => {
    await gcloud('cp', '-r', tree, 'gs://inbox/');
    expect(await storedTree(harness, 'inbox', 'tree/')).toEqual(WHOLE_TREE);
    const listed = await gcloud('ls', '-r', 'gs://inbox');
    for (const name of Object.keys(TREE)) expect(listed).toContain(`gs://inbox/tree/${name}`);

    expect(await gcloud('cat', '-r', '1-3', 'gs://inbox/tree/深い/ファイル 1.txt')).toBe('ell');
    expect(await gcloud('hash', `gs://inbox/tree/${BIG}`)).toContain(md5Of(TREE[BIG] ?? Buffer.alloc(0)));
    await gcloud('cp', `gs://inbox/tree/${BIG}`, join(harness.root, 'back.bin'));
    expect(readFileSync(join(harness.root, 'back.bin')).equals(TREE[BIG] ?? Buffer.alloc(0))).toBe(true);

    await gcloud('mv', `gs://inbox/tree/${BIG}`, 'gs://inbox/tree/moved.bin');
    await gcloud('mv', 'gs://inbox/tree/kib', 'gs://results/kib');
    expect(Object.keys(await storedTree(harness, 'inbox', 'tree/'))).toEqual([
      'empty',
      'moved.bin',
      '深い/ファイル 1.txt',
    ]);
    expect(await storedTree(harness, 'results', '')).toEqual({ kib: WHOLE_TREE.kib });
    await gcloud('rm', 'gs://inbox/tree/empty');
    await gcloud('rm', '-r', 'gs://inbox/tree');
    expect(await storedTree(harness, 'inbox', '')).toEqual({});
  });

  it('does what docs/local-cloud.md shows, as it stands there', async () => {
    const script = shownIn('docs/local-cloud.md', /^(?:export CLOUDSDK|gcloud storage)/);
    const shown = script.replaceAll('http://127.0.0.1:9100', harness.url).replaceAll('tunedrop-local-', '');
    const variables = { CLOUDSDK_CONFIG: join(harness.root, 'shown') };
    const listed = await toolWith('bash', variables)('-euc', shown);
    expect(listed).toContain('gs://inbox/medical-specialty/tune.json');
    expect(harness.names()).toContain('medical-specialty/train.jsonl');
  });

  it('brings a bucket up to date with a folder once, and has nothing to do the second time', async () => {
    await gcloud('rsync', '-r', tree, 'gs://inbox/sync');
    expect(await storedTree(harness, 'inbox', 'sync/')).toEqual(WHOLE_TREE);
    const uploads = harness.events.length;
    await gcloud('rsync', '-r', tree, 'gs://inbox/sync');
    expect(harness.events).toHaveLength(uploads);
  });

  it('makes, describes, changes and removes buckets, and hears by name what is not here', async () => {
    await gcloud(
      'buckets',
      'create',
      'gs://made-here',
      '--location=us-central1',
      '--uniform-bucket-level-access',
    );
    await gcloud('buckets', 'update', 'gs://made-here', '--update-labels=team=tunes');
    const described = await gcloud('buckets', 'describe', 'gs://made-here');
    expect(described).toContain('location: US-CENTRAL1');
    expect(described).toContain('team: tunes');
    expect(await gcloud('buckets', 'get-iam-policy', 'gs://made-here')).toContain('roles/storage.admin');
    for (const { args, refused } of [
      { args: ['update', 'gs://made-here', '--versioning'], refused: 'versioning is not part of' },
      {
        args: ['add-iam-policy-binding', 'gs://made-here', '--member=allUsers', '--role=roles/storage.admin'],
        refused: 'storage.buckets.setIamPolicy is not part of',
      },
    ]) {
      await expect(gcloud('buckets', ...args)).rejects.toThrow(refused);
    }
    await gcloud('cp', join(tree, 'kib'), 'gs://made-here/深い/kib');
    await gcloud('rm', '-r', 'gs://made-here');
    await gcloud('buckets', 'create', 'gs://made-again');
    await gcloud('buckets', 'delete', 'gs://made-again');
    expect((await harness.client().getBuckets())[0].map(({ name }) => name)).toEqual(['inbox', 'results']);
  });
});
