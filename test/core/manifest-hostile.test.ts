import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { MANIFEST_KEYS, ManifestSchema } from '../../shared/core/manifest/keys.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { cpuMillisecondsOf } from '../support/cpu-time.ts';

const URI = 'gs://inbox/team/tune.json';
const parse = (content: unknown) =>
  parseManifest(new TextEncoder().encode(JSON.stringify(content)), { uri: URI });
const right = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' };

describe('gs:// URIs', () => {
  it.each([
    ['gs://bucket/a.jsonl', 'bucket', 'a.jsonl'],
    ['gs://my.bucket.example/a/b c#1?x=%2F@d', 'my.bucket.example', 'a/b c#1?x=%2F@d'],
    ['gs://bucket//double', 'bucket', '/double'],
    ['gs://bucket/..%2fescaped', 'bucket', '..%2fescaped'],
    ['gs://bucket', 'bucket', ''],
    ['gs://bucket/', 'bucket', ''],
    ['gs://b/queries.jsonl', 'b', 'queries.jsonl'],
    ['gs://ab', 'ab', ''],
    ['gs://bucket/cafe\u0301', 'bucket', 'cafe\u0301'],
    ['gs://bucket/caf\u00e9', 'bucket', 'caf\u00e9'],
  ])('%j is read as it stands', (uri, bucket, name) => {
    expect(parseGsUri(uri)).toEqual({ ok: true, bucket, name });
  });

  it.each([
    ['gs://gs://bucket/a', 'with gs:// twice'],
    ['gs:///a', 'without a bucket'],
    ['gs://', 'without a bucket'],
    ['GS://bucket/a', 'not a gs:// URI'],
    ['s3://bucket/a', 'not a gs:// URI'],
    ['https://storage.googleapis.com/bucket/a', 'not a gs:// URI'],
    ['gs://user@evil/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://bucket:80/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://Bucket/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://bucket./a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://a..b/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://-/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://B/a', 'with a bucket name that Cloud Storage does not have'],
    [`gs://${'a'.repeat(64)}/a`, 'with a bucket name that Cloud Storage does not have'],
    ['gs://192.168.0.1/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://bücket/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://bucket\u0000/a', 'with a bucket name that Cloud Storage does not have'],
    ['gs://bucket/a\nb', 'with a control character in the name'],
    ['gs://bucket/a\u007fb', 'with a control character in the name'],
    ['gs://bucket/a/../b', 'with . or .. between slashes'],
    ['gs://bucket/./b', 'with . or .. between slashes'],
    [`gs://bucket/${'字'.repeat(342)}`, 'with a name longer than 1024 bytes'],
  ])('%j is refused', (uri, problem) => {
    expect(parseGsUri(uri)).toEqual({ ok: false, problem });
  });

  it('never changes a name, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const read = parseGsUri(`gs://bucket/${name}`);
        if (read.ok) expect(read.name).toBe(name);
      }),
    );
  });
});

describe('data URIs of a manifest', () => {
  it.each([
    ['train.jsonl', 'gs://inbox/team/train.jsonl'],
    ['./train.jsonl', 'gs://inbox/team/train.jsonl'],
    ['data/学習 #1?.jsonl', 'gs://inbox/team/data/学習 #1?.jsonl'],
    ['..data/a..b', 'gs://inbox/team/..data/a..b'],
    ['gs://other/x.jsonl', 'gs://other/x.jsonl'],
    ['../shared/train.jsonl', 'gs://inbox/shared/train.jsonl'],
    ['./../train.jsonl', 'gs://inbox/train.jsonl'],
    ['a/../b.jsonl', 'gs://inbox/team/b.jsonl'],
  ])('%j is %s', (value, resolved) => {
    expect(parse({ ...right, dataset_uri: value }).manifest?.dataset_uri).toBe(resolved);
  });

  it.each(['../../x.jsonl', 'a/../../../x.jsonl', '../../other/x.jsonl', '/etc/passwd', '/x.jsonl'])(
    '%j leads out of the inbox',
    (value) => {
      expect(parse({ ...right, dataset_uri: value }).issues).toMatchObject([{ code: 'uri_outside_inbox' }]);
    },
  );

  it.each([
    ['examples/a/tune.json', '../shared/x.jsonl', 'examples/shared/x.jsonl'],
    ['./tune.json', '../shared/x.jsonl', './../shared/x.jsonl'],
    ['../a/tune.json', '../../x.jsonl', '../../x.jsonl'],
    ['/tune.json', '../x.jsonl', '/../x.jsonl'],
  ])('of the local manifest %j, %j is %j', (uri, value, resolved) => {
    const content = new TextEncoder().encode(JSON.stringify({ ...right, dataset_uri: value }));
    expect(parseManifest(content, { uri }).manifest?.dataset_uri).toBe(resolved);
  });

  it.each([
    '',
    'folder/',
    '..',
    '../a/..',
    '.',
    './',
    './/train.jsonl',
    'data//train.jsonl',
    'gs://bucket',
    'gs://bucket/folder/',
    'https://example.com/a',
    'file:///a',
    'C:\\a',
  ])('%j names no file', (value) => {
    expect(parse({ ...right, dataset_uri: value }).issues).toMatchObject([{ code: 'uri_invalid' }]);
  });

  it.each(['out/dir', './out', '/tmp/out', 'https://example.com/out', 'gs://', 'gs://a b/out'])(
    'the output directory cannot be %j',
    (value) => {
      const { issues } = parse({ ...right, output_directory: value });
      expect(issues).toMatchObject([{ code: 'uri_invalid', at: { path: 'output_directory' } }]);
      expect(issues.map(reportIssue)).toMatchObject([{ expected: 'gs://BUCKET/FOLDER' }]);
    },
  );

  it('are resolved beside a local manifest too', () => {
    const bytes = new TextEncoder().encode(JSON.stringify(right));
    expect(parseManifest(bytes, { uri: '/home/me/review/tune.json' }).manifest?.dataset_uri).toBe(
      '/home/me/review/train.jsonl',
    );
    expect(parseManifest(bytes, { uri: 'tune.json' }).manifest?.dataset_uri).toBe('train.jsonl');
  });
});

describe('labels', () => {
  it.each([
    'managed-by',
    'tunedrop',
    'tunedrop-run',
    'tunedrop-fingerprint',
    'goog-x',
    'vertex-ai-pipelines-run-billing-id',
    'tune-type',
  ])('%s is ours or Google’s', (label) => {
    expect(parse({ ...right, labels: { [label]: 'x' } }).issues).toMatchObject([
      { code: 'label_reserved', at: { path: `labels.${label}` } },
    ]);
  });

  it.each([
    ['__proto__', 'x'],
    ['Team', 'x'],
    ['1st', 'x'],
    ['', 'x'],
    ['a b', 'x'],
    ['a'.repeat(65), 'x'],
    ['team', 'A'],
    ['team', 'a.b'],
    ['team', 'a'.repeat(65)],
    ['team', 1],
    ['team', null],
    ['team', { a: 'b' }],
  ])('%j: %j is refused', (label, value) => {
    const text = `{"base_model":"text-bison@002","dataset_uri":"a","labels":{${JSON.stringify(label)}:${JSON.stringify(value)}}}`;
    const { issues, draft } = parseManifest(new TextEncoder().encode(text), { uri: URI });
    expect(issues).toMatchObject([{ code: 'invalid_value', fields: { key: 'labels' } }]);
    expect(draft).not.toHaveProperty('labels');
  });

  it('are at most 32', () => {
    const labels = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`l${at}`, '']));
    expect(parse({ ...right, labels: labels(32) }).issues).toEqual([]);
    expect(parse({ ...right, labels: labels(33) }).issues).toMatchObject([{ code: 'invalid_value' }]);
  });
});

describe('any manifest', () => {
  const keys = fc.constantFrom(
    'base_model',
    'dataset_uri',
    'labels',
    'train_steps',
    'pipeline_job_region',
    '__proto__',
  );
  const content = fc.dictionary(fc.oneof(keys, fc.string({ unit: 'binary' })), fc.jsonValue({ maxDepth: 3 }));

  it('gives issues or a manifest, sentences on one line, and leaves the prototype alone', () => {
    fc.assert(
      fc.property(content, (value) => {
        const { issues, manifest, isCancel } = parse(value);
        const hasErrors = issues.some((issue) => issue.severity === 'error');
        expect(hasErrors || isCancel).toBe(manifest === undefined);
        for (const issue of issues) {
          const { message, remedy } = reportIssue(issue);
          expect(`${message}${remedy}`).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });

  it('says for two hundred unknown keys what was meant by their spelling, for all by their name, and of the others how many they are', () => {
    const slips = Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`train_steps${at}`, 1]));
    const { issues } = parse({ ...right, ...slips, trainingSteps: 1 });
    expect(issues).toHaveLength(202);
    expect(issues.filter(({ fields }) => 'meant' in fields)).toHaveLength(201);
    expect(issues.filter(({ fields }) => 'of' in fields && fields.of === 50)).toHaveLength(1);
  });

  it.each([
    ['a bucket', { ...right, dataset_uri: `gs://${'a-'.repeat(30_000)}!` }],
    ['dots', { ...right, dataset_uri: `gs://${'a.'.repeat(30_000)}` }],
    ['dots and slashes', { ...right, dataset_uri: 'a/.'.repeat(20_000) }],
    ['an account', { ...right, service_account: `${'a'.repeat(30_000)}@${'a.'.repeat(10_000)}` }],
    ['a key', { ...right, encryption_spec_key_name: `projects/${'a'.repeat(60_000)}` }],
    ['unknown keys', Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`tra_${at}`, 1]))],
    [
      'long unknown keys',
      Object.fromEntries(Array.from({ length: 800 }, (_, at) => [`${'t'.repeat(60)}${at}`, 1])),
    ],
    ['labels', { ...right, labels: { ['a'.repeat(60_000)]: 'b' } }],
    ['a model', { ...right, base_model: 'text-'.repeat(12_000) }],
  ])('takes little time for hostile %s', (_name, value) => {
    let issues: unknown[] = [];
    const spent = cpuMillisecondsOf(() => {
      issues = parse(value).issues;
    });
    expect(spent).toBeLessThan(500);
    expect(issues.length).toBeGreaterThan(0);
  });

  it.each(MANIFEST_KEYS)('takes little time for long texts under %s', (key) => {
    const spent = cpuMillisecondsOf(() => {
      for (const part of ['a', 'a-', 'a.', 'a/', '0', '0_', 'A_', ' ', '@', 'gs://a', 'projects/a/'])
        for (const end of ['!', '', '\n']) {
          // Up to the bound of most texts, and far beyond it.
          for (const length of [500, 60_000])
            ManifestSchema.shape[key].safeParse(part.repeat(length / part.length) + end);
        }
    });
    expect(spent).toBeLessThan(2_500);
  });
});

const BLNS = fileURLToPath(new URL('../../../shared/corpora/naughty-strings/blns.json', import.meta.url));

describe.skipIf(!existsSync(BLNS))(
  'the big list of naughty strings (SKIPPED where the corpus is absent)',
  () => {
    const strings = (existsSync(BLNS) ? JSON.parse(readFileSync(BLNS, 'utf8')) : []) as string[];
    const refused = (key: string, value: unknown) =>
      parse({ ...right, [key]: value }).issues.some(
        ({ severity, at }) => severity === 'error' && at.path?.startsWith(key),
      );

    it.each([
      'pipeline_job_region',
      'model_upload_region',
      'accelerator_type',
      'service_account',
      'output_directory',
      'encryption_spec_key_name',
    ])('no string of it becomes a %s', (key) => {
      expect(strings.filter((text) => !refused(key, text))).toEqual([]);
    });

    it('no string of it becomes a bucket', () => {
      const accepted = strings.filter((text) => parseGsUri(`gs://${text.split('/')[0]}/x`).ok);
      expect(
        accepted.filter((text) => !/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?(?:\/|$)/.test(text)),
      ).toEqual([]);
    });

    it('every string of it is a display name as it stands, or is refused', () => {
      for (const text of strings) {
        const { manifest } = parse({ ...right, model_display_name: text });
        if (manifest !== undefined) expect(manifest.model_display_name).toBe(text);
        else expect(refused('model_display_name', text)).toBe(true);
      }
    });
  },
);
