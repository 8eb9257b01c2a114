import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { ManifestSchema, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { parse, parseText, MANIFEST_URI as URI } from '../support/manifests.ts';

const right = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' };
const aManifest = (keys: Record<string, unknown>) => ({ ...right, ...keys });

/** Code, path and fields of every issue: what a reader learns. */
function issuesOf(content: unknown) {
  return parse(content).issues.map(({ code, at, fields }) => ({ code, path: at.path, ...fields }));
}

describe('parseManifest', () => {
  it('takes the smallest manifest and resolves its data beside itself', () => {
    const { manifest, issues, isCancel } = parse(right);
    expect(issues).toEqual([]);
    expect(isCancel).toBe(false);
    expect(manifest).toEqual({
      base_model: 'text-bison@002',
      dataset_uri: 'gs://inbox/team/reviews/train.jsonl',
    });
  });

  it('takes every key of the guide', () => {
    const { issues, manifest } = parse(
      aManifest({
        $schema: 'https://example.com/schema.json',
        model_display_name: '映画の感想の分類',
        evaluation_data_uri: 'gs://data/eval.jsonl',
        train_steps: 300,
        learning_rate_multiplier: 1,
        evaluation_interval: 20,
        enable_early_stopping: true,
        enable_checkpoint_selection: 'default',
        accelerator_type: 'GPU',
        max_context_length: '8k',
        pipeline_job_region: 'us-central1',
        model_upload_region: 'asia-northeast1',
        tensorboard_resource_id: '123',
        encryption_spec_key_name: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k',
        service_account: 'tuner@my-project.iam.gserviceaccount.com',
        output_directory: 'gs://out/dir/',
        labels: { team: 'search', 環境: '本番' },
        task: 'classification',
        dry_run: true,
        cancel: false,
      }),
    );
    expect(issues).toEqual([]);
    expect(manifest).toMatchObject({ labels: { team: 'search', 環境: '本番' }, dry_run: true });
  });

  it('reports everything at once, each with its line, and keeps the keys that are right', () => {
    const { issues, manifest, draft } = parseText(`{
  "base_model": "text-bison",
  "dataset_uri": "train.jsonl",
  "trainSteps": 100,
  "learning_rate_multiplier": "1.0",
  "pipeline_job_region": "us-centra1",
  "evaluation_interval": 10
}`);
    expect(manifest).toBeUndefined();
    expect(draft).toEqual({ dataset_uri: 'gs://inbox/team/reviews/train.jsonl', evaluation_interval: 10 });
    expect(issues.map(({ code, at }) => [code, at.line, at.path])).toEqual([
      ['model_without_version', 2, 'base_model'],
      ['unknown_key', 4, 'trainSteps'],
      ['invalid_value', 5, 'learning_rate_multiplier'],
      ['invalid_value', 6, 'pipeline_job_region'],
      ['evaluation_data_missing', 7, 'evaluation_interval'],
    ]);
  });

  it('looks at nothing else when the manifest asks to cancel', () => {
    const { issues, isCancel, draft, manifest } = parse({ cancel: true, trainSteps: 'x' });
    expect({ issues, isCancel, draft, manifest }).toEqual({
      issues: [],
      isCancel: true,
      draft: { cancel: true },
      manifest: undefined,
    });
  });

  it('does not cancel when the manifest says both', () => {
    const { issues, isCancel } = parseText('{"cancel": false, "cancel": true}');
    expect(isCancel).toBe(false);
    expect(issues[0]).toMatchObject({ code: 'manifest_duplicate_key', fields: { key: '"cancel"' } });
  });

  it('leaves a key that stands twice out of the draft, however it is escaped', () => {
    const { issues, draft } = parseText(
      '{"base_model":"text-bison@002","dataset_uri":"a.jsonl","train_steps":1,\n"train\\u005fsteps":2}',
    );
    expect(issues).toMatchObject([
      {
        code: 'manifest_duplicate_key',
        at: { line: 2, path: 'train_steps' },
        fields: { key: '"train_steps"', firstLine: 1 },
      },
    ]);
    expect(draft).not.toHaveProperty('train_steps');
  });

  it.each([
    ['no JSON', '{"base_model": }', 'manifest_not_json'],
    ['an array', '[]', 'manifest_not_json'],
    ['null', 'null', 'manifest_not_json'],
    ['nothing', '', 'manifest_not_json'],
    ['a gzip file', '\u001f\u008b', 'manifest_encoding'],
    ['too large', ' '.repeat(65_537), 'manifest_too_large'],
  ])('refuses a manifest that is %s', (_name, text, code) => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(parseManifest(bytes, { uri: URI })).toMatchObject({ issues: [{ code }], draft: {} });
  });

  it('takes a byte order mark with a word of advice', () => {
    const { issues, manifest } = parseText(`\ufeff${JSON.stringify(right)}`);
    expect(issues).toMatchObject([{ code: 'manifest_byte_order_mark', severity: 'advice' }]);
    expect(manifest).toBeDefined();
  });
});

describe('required keys', () => {
  it.each([
    ['an empty object', {}, ['base_model', 'dataset_uri']],
    ['a text model without data', { base_model: 'text-bison@002' }, ['dataset_uri']],
    ['data without a model', { dataset_uri: 'a.jsonl' }, ['base_model']],
    [
      'an embedding model',
      { base_model: 'text-embedding-005', corpus_path: 'c.jsonl' },
      ['queries_path', 'train_label_path'],
    ],
    ['embedding data without a model', { corpus_path: 'c', queries_path: 'q' }, ['base_model']],
  ])('misses them in %s', (_name, content, missing) => {
    expect(issuesOf(content).map(({ code, path }) => [code, path])).toEqual(
      missing.map((key) => ['missing_key', key]),
    );
  });

  const managed = { base_model: 'text-bison@002', dataset_name: 'projects/p/locations/l/datasets/1' };

  it('takes a managed data set in place of a file, with a warning that nobody looks into it', () => {
    const { issues, manifest } = parse(managed);
    expect(issues).toMatchObject([
      { code: 'dataset_not_checked', severity: 'warning', at: { path: 'dataset_name' } },
    ]);
    expect(manifest).toEqual(managed);
  });

  it('does not take both', () => {
    const { issues, manifest } = parse({ ...managed, dataset_uri: 'train.jsonl' });
    expect(issues).toMatchObject([{ code: 'dataset_named_twice', at: { path: 'dataset_name' } }]);
    expect(manifest).toBeUndefined();
  });

  it('does not miss a key that stands there under another name', () => {
    expect(issuesOf({ base_model: 'text-bison@002', train_dataset: 'a.jsonl' })).toEqual([
      { code: 'unknown_key', path: 'train_dataset', key: '"train_dataset"', meant: 'dataset_uri' },
    ]);
  });
});

describe('unknown keys', () => {
  it.each([
    ['trainSteps', 'train_steps'],
    ['TRAIN_STEPS', 'train_steps'],
    ['train-steps', 'train_steps'],
    ['accelerator_type:', 'accelerator_type'],
    ['large_model_reference', 'base_model'],
    ['baseModel', 'base_model'],
    ['location', 'model_upload_region'],
    ['kmsKeyName', 'encryption_spec_key_name'],
    ['gcsOutputDirectory', 'output_directory'],
    ['displayName', 'model_display_name'],
    ['tuned_model_location', 'model_upload_region'],
    ['tuning_job_location', 'pipeline_job_region'],
    ['train_dataset', 'dataset_uri'],
    ['training_data', 'dataset_uri'],
    ['trainingDatasetUri', 'dataset_uri'],
    ['validation_dataset', 'evaluation_data_uri'],
    ['tensorboard', 'tensorboard_resource_id'],
    ['serviceAccount', 'service_account'],
    ['epochCount', 'train_steps'],
    ['trian_steps', 'train_steps'],
    ['evaluation_intervall', 'evaluation_interval'],
    ['lables', 'labels'],
  ])('%s is refused with the key it was meant to be', (key, meant) => {
    expect(issuesOf(aManifest({ [key]: 'x' }))).toMatchObject([{ code: 'unknown_key', meant }]);
  });

  it('data under a misspelt key goes into the draft, and into no manifest', () => {
    const { draft, manifest } = parse({ base_model: 'text-bison@002', datset_uri: 'train.jsonl' });
    expect(draft.dataset_uri).toBe('gs://inbox/team/reviews/train.jsonl');
    expect(manifest).toBeUndefined();
  });

  it('data under the right key is never replaced', () => {
    const { draft } = parse(aManifest({ datset_uri: 'other.jsonl' }));
    expect(draft.dataset_uri).toBe('gs://inbox/team/reviews/train.jsonl');
  });

  it.each(['pipelineSpec', 'templateUri', 'network', 'project', 'adapterSize', 'reserved_ip_ranges'])(
    '%s is refused with the reason why nothing takes its place',
    (key) => {
      const [issue] = issuesOf(aManifest({ [key]: 'x' }));
      expect(issue).toMatchObject({ code: 'unknown_key', note: expect.stringMatching(/^Remove it/) });
      expect(issue).not.toHaveProperty('meant');
    },
  );

  it.each([
    'zzz',
    'batch_count',
    'x'.repeat(10_000),
    '',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '猫',
  ])('%j is refused without a guess', (key) => {
    const { issues } = parseText(
      `{"base_model":"text-bison@002","dataset_uri":"a.jsonl",${JSON.stringify(key)}:{"polluted":1}}`,
    );
    expect(issues).toMatchObject([{ code: 'unknown_key' }]);
    expect(issues[0]?.fields).not.toHaveProperty('meant');
  });
});

describe('values', () => {
  it.each([
    ['train_steps', 0],
    ['train_steps', -1],
    ['train_steps', 1.5],
    ['train_steps', '300'],
    ['train_steps', 2 ** 53],
    ['train_steps', true],
    ['train_steps', null],
    ['learning_rate_multiplier', 0],
    ['learning_rate_multiplier', -0],
    ['learning_rate_multiplier', '1.0'],
    ['evaluation_interval', 0],
    ['enable_early_stopping', 'true'],
    ['enable_checkpoint_selection', 'best'],
    ['accelerator_type', 'CPU'],
    ['dataset_name', 'my-data'],
    ['dataset_name', 'projects/p/locations/l/datasets/'],
    ['max_context_length', '16k'],
    ['model_display_name', ''],
    ['model_display_name', '   '],
    ['model_display_name', 'a\nb'],
    ['model_display_name', '字'.repeat(129)],
    ['tensorboard_resource_id', 'abc'],
    ['tensorboard_resource_id', 'projects/p/locations/us-central1/tensorboards/'],
    ['encryption_spec_key_name', 'my-key'],
    [
      'encryption_spec_key_name',
      'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1',
    ],
    ['service_account', 'someone@example.com'],
    ['service_account', 'a@b.gserviceaccount.com.evil.com'],
    ['labels', []],
    ['labels', 'team'],
    ['train_steps', 100_001],
    ['train_steps', Number.MAX_SAFE_INTEGER],
    ['train_steps', 1e308],
    ['evaluation_interval', 100_001],
    ['task', 'translation'],
    ['dry_run', 1],
  ])('%s cannot be %j', (key, value) => {
    const evaluation = { evaluation_data_uri: 'e.jsonl' };
    const found = issuesOf(aManifest({ ...evaluation, [key]: value })).filter(
      ({ code }) => code !== 'key_not_for_model' && code !== 'dataset_named_twice',
    );
    expect(found).toMatchObject([{ code: 'invalid_value', path: key, key }]);
  });

  it.each([
    ['text-embedding-005', 'machine_type', 'n1'],
    ['text-embedding-005', 'machine_type', 16],
    ['text-embedding-005', 'accelerator_count', 0],
    ['text-embedding-005', 'accelerator_count', 17],
    ['gemini-3.1-flash-lite', 'epoch_count', 241],
    ['chat-bison@002', 'default_context', ''],
  ])('%s: %s cannot be %j', (base_model, key, value) => {
    const data = { queries_path: 'q', corpus_path: 'c', train_label_path: 't', dataset_uri: 'd' };
    const found = issuesOf({ ...data, base_model, [key]: value }).filter(
      ({ code }) => code !== 'key_not_for_model',
    );
    expect(found).toMatchObject([{ code: 'invalid_value', path: key, key }]);
  });

  it('is nobody’s concern under a key that the model does not take', () => {
    expect(issuesOf(aManifest({ machine_type: 16 }))).toMatchObject([{ code: 'key_not_for_model' }]);
  });

  it.each([
    ['300.0', 300],
    ['3e2', 300],
  ])('a whole number may be written %s', (text, value) => {
    const { manifest } = parseText(
      `{"base_model":"text-bison@002","dataset_uri":"a.jsonl","train_steps":${text}}`,
    );
    expect(manifest?.train_steps).toBe(value);
  });

  it.each([
    ['accelerator_type', 'gpu', 'GPU'],
    ['pipeline_job_region', 'us-centra1', 'us-central1'],
    ['model_upload_region', 'asia-northeast-1', 'asia-northeast1'],
    ['task', 'sumarization', 'summarization'],
  ])('%s %s is refused with the value it was meant to be', (key, value, meant) => {
    expect(issuesOf(aManifest({ [key]: value }))).toMatchObject([{ code: 'invalid_value', meant }]);
  });

  it('a display name may have 128 characters of any script, each counted once', () => {
    expect(issuesOf(aManifest({ model_display_name: '🐕'.repeat(128) }))).toEqual([]);
    expect(issuesOf(aManifest({ model_display_name: '🐕'.repeat(129) }))).toMatchObject([
      { code: 'invalid_value' },
    ]);
  });

  it.each([true, false, 'true', 'false', 'default'])(
    'checkpoint selection keeps the form it is written in: %j',
    (value) => {
      const content = aManifest({ evaluation_data_uri: 'e.jsonl', enable_checkpoint_selection: value });
      expect(parse(content).manifest?.enable_checkpoint_selection).toBe(value);
    },
  );
});

describe('base models', () => {
  it.each([
    ['text-bison', '"text-bison@002"'],
    ['chat-bison-32k', '"chat-bison-32k@002"'],
    ['publishers/google/models/code-bison', '"code-bison@002"'],
    [
      'textembedding-gecko',
      '"textembedding-gecko@001" or "textembedding-gecko@002" or "textembedding-gecko@003"',
    ],
    ['textembedding-gecko-multilingual', '"textembedding-gecko-multilingual@001"'],
  ])('%s needs its version', (found, write) => {
    expect(issuesOf(aManifest({ base_model: found }))).toMatchObject([
      { code: 'model_without_version', write },
    ]);
  });

  it.each([
    ['text-bison@001', 'text-bison@002'],
    ['text-bison-002', 'text-bison@002'],
    ['codechat-bison32k@002', 'codechat-bison-32k@002'],
  ])('%s is refused with the model it was meant to be', (found, meant) => {
    expect(issuesOf(aManifest({ base_model: found }))).toMatchObject([{ code: 'model_unknown', meant }]);
  });

  it.each(['Text-Bison@002', 'publishers/google/models/text-bison@002', 'google/text-bison@002'])(
    '%s means one model and no other',
    (base_model) => {
      const { issues, manifest } = parse(aManifest({ base_model }));
      expect(issues).toEqual([]);
      expect(manifest?.base_model).toBe('text-bison@002');
    },
  );
});

describe('ManifestSchema', () => {
  it('becomes a JSON Schema in which every key is described', () => {
    const schema = z.toJSONSchema(ManifestSchema);
    const undescribed = Object.entries(schema.properties ?? {}).filter(
      ([, property]) => typeof property === 'boolean' || !property.description,
    );
    expect(undescribed).toEqual([]);
    expect(schema.additionalProperties).toBe(false);
  });
});

describe('sentences', () => {
  it('say what was found, what was expected and what to do, on one line', () => {
    const { issues } = parse(aManifest({ 'a\u202eb\n': 1, accelerator_type: 'CPU', labels: { A: 'b' } }));
    const reports = issues.map(reportIssue);
    expect(reports.map(({ message, remedy }) => [message, remedy])).toEqual([
      [
        'The manifest has an unknown key: found "a\\u202eb\\n"; expected a key of docs/manifest.md.',
        'Remove "a\\u202eb\\n".',
      ],
      [
        'A value of the manifest is wrong: found accelerator_type: "CPU"; expected one of GPU, TPU for text-bison@002.',
        'Did you mean GPU?',
      ],
      [
        'A value of the manifest is wrong: found labels: "A"; expected label keys of at most 64 lowercase letters, digits, _ and -, beginning with a letter.',
        'Write the label as "a".',
      ],
    ]);
  });
});
