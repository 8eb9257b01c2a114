import { describe, expect, it, test } from 'vitest';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { createWorld } from '../support/world.ts';

const MANIFEST = JSON.stringify({ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' });

/** An example about a file; `answer` makes it different from others. */
const about = (fileUri: string, answer: string | number, mimeType = 'image/png') =>
  JSON.stringify({
    contents: [
      { role: 'user', parts: [{ text: 'What is it?' }, { fileData: { mimeType, fileUri } }] },
      { role: 'model', parts: [{ text: `${answer}` }] },
    ],
  });
const words = (index: number) =>
  JSON.stringify({
    contents: [
      { role: 'user', parts: [{ text: `word ${index}` }] },
      { role: 'model', parts: [{ text: `${index}` }] },
    ],
  });

/** The world after an upload of a hundred examples in words and these. */
async function checked(lines: readonly string[], limits: Partial<DeploymentLimits> = {}) {
  const world = createWorld({ limits });
  const put = (name: string, content: string | Uint8Array, type?: string) =>
    world.objects.put({ bucket: 'inbox', name }, content, type);
  put('a/cat.png', 'meow', 'image/png');
  put('a/odd.png', 'meow', 'video/mp4');
  put('a/plain.png', 'meow', 'application/octet-stream');
  put('a/empty.png', '', 'image/png');
  put('a/large.png', new Uint8Array(20_000_001), 'image/png');
  put('a/large.mp4', new Uint8Array(20_000_001), 'video/mp4');
  const train = [...Array(100).keys()].map(words);
  world.upload('a/train.jsonl', [...train, ...lines].join('\n'));
  await world.finalized(world.upload('a/tune.json', MANIFEST));
  const { status } = world.theRun();
  const issues = (status.issues ?? []).map(({ code, line }) => `${code} ${line ?? ''}`.trim());
  const own = ['gs://inbox/a/tune.json', 'gs://inbox/a/train.jsonl', 'gs://results/runs/'];
  const looked = world.objects.reads.filter(
    (read) => read.startsWith('stat') && !own.some((uri) => read.startsWith(`stat ${uri}`)),
  );
  return { world, status, issues, looked };
}

describe('files that examples name', () => {
  it('that are there and small enough are right, and the run says that they are not copied', async () => {
    const { status, issues, looked } = await checked([
      about('gs://inbox/a/cat.png', 1),
      about('gs://inbox/a/cat.png', 2),
      about('gs://inbox/a/plain.png', 3),
      about('gs://inbox/a/large.mp4', 4, 'video/mp4'),
    ]);
    expect(status.state).toBe('VALIDATED');
    expect(issues.filter((issue) => !issue.startsWith('conflicting'))).toEqual(['files_not_copied']);
    expect(status.issues?.find(({ code }) => code === 'files_not_copied')?.found).toBe(
      '4 files named in 4 examples; 3 different ones were looked at',
    );
    expect(status.datasets?.dataset_uri?.files).toEqual({
      ...{ examples: 4, image: 3, document: 0, audio: 0, video: 1, byHttps: 0, lookedAt: 3 },
    });
    expect(looked).toHaveLength(3);
  });

  test.each([
    ['is not there', about('gs://inbox/a/dog.png', 1), 'file_not_found'],
    ['is empty', about('gs://inbox/a/empty.png', 1), 'file_without_content'],
    ['is larger than the limit of its kind', about('gs://inbox/a/large.png', 1), 'file_too_large'],
    ['was uploaded as another kind', about('gs://inbox/a/odd.png', 1), 'file_kind_differs'],
  ])('one that %s is named with its line', async (_name, line, code) => {
    const { issues } = await checked([about('gs://inbox/a/cat.png', 0), line]);
    expect(issues).toContain(`${code} 102`);
  });

  it('are found wrong with what was found, the limit and the place', async () => {
    const { status } = await checked([about('gs://inbox/a/large.png', 1)]);
    expect(status.issues?.[0]).toMatchObject({
      ...{ code: 'file_too_large', line: 101, path: 'contents[0].parts[1]' },
      ...{ found: '20000001 bytes in a file of the kind image', expected: 'at most 20000000 bytes' },
    });
  });

  it('elsewhere are refused and not even looked at', async () => {
    const uris = [
      ...[
        'gs://payroll/a.png',
        'gs://inbox.evil/a.png',
        'gs://INBOX/a.png',
        'gs://results/staging/r/train.jsonl',
      ],
      ...[
        'https://example.com/a.png',
        'http://example.com/a.png',
        'file:///etc/passwd',
        'gs://inbox/',
        'a.png',
      ],
      ...['gs://inbox/../payroll/a.png', 'gs:/inbox/a.png', ' gs://inbox/a.png', 'gs://inbox@payroll/a.png'],
    ];
    const { looked, status } = await checked(uris.map((uri, index) => about(uri, index)));
    expect(status.state).toBe('REJECTED');
    expect(status.issues?.filter(({ code }) => code === 'file_not_allowed')).toMatchObject([
      { count: uris.length, lineCount: uris.length, line: 101 },
    ]);
    expect(looked).toEqual([]);
  });

  it('in the folder of another team are refused and not even looked at', async () => {
    const uris = ['gs://inbox/payroll/a.png', 'gs://inbox/a.png', 'gs://inbox/ab/a.png'];
    const { looked, status } = await checked(
      [...uris, 'gs://inbox/a/cat.png'].map((uri, index) => about(uri, index)),
      { areTeamsSeparated: true },
    );
    expect(status.issues?.filter(({ code }) => code === 'file_not_allowed')).toMatchObject([
      { count: uris.length },
    ]);
    expect(looked).toEqual(['stat gs://inbox/a/cat.png']);
  });

  it('in a bucket that is listed are looked at there', async () => {
    const { issues, looked } = await checked([about('gs://pictures/a.png', 1)], {
      allowedDataBuckets: ['pictures'],
    });
    expect(issues).toContain('file_not_found 101');
    expect(looked).toEqual(['stat gs://pictures/a.png']);
  });

  it('by https are taken only where the deployment says so, and never fetched', async () => {
    const { status, looked } = await checked([about('https://example.com/a.png', 1)], {
      areHttpsFilesAllowed: true,
    });
    expect(status.state).toBe('VALIDATED');
    expect(looked).toEqual([]);
    expect(status.issues?.find(({ code }) => code === 'files_not_copied')?.found).toBe(
      '1 file named in 1 example; 0 different ones were looked at; the size of 1 named by https is not known',
    );
  });

  it('are looked at up to a thousand, the first ones, a few at a time', async () => {
    const many = [...Array(1100).keys()].map((index) => about(`gs://inbox/a/${index}.png`, index));
    const { looked, status } = await checked([...many, ...many.slice(0, 50)]);
    expect(looked).toHaveLength(1000);
    expect(new Set(looked).size).toBe(1000);
    expect(looked).not.toContain('stat gs://inbox/a/1000.png');
    expect(status.issueCount?.error).toBe(1000);
    expect(status.datasets?.dataset_uri?.files).toMatchObject({
      examples: 1150,
      image: 1150,
      lookedAt: 1000,
    });
  });
});
