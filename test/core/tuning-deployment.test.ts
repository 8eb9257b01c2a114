import { describe, expect, it, test } from 'vitest';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkDeployment } from '../../shared/core/manifest/deployment.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { isSameTunedModel, type KnownTunedModel } from '../../shared/core/manifest/tuning-deployment.ts';
import { parse, someLimits } from '../support/manifests.ts';

const TUNED = 'projects/my-project/locations/us-central1/models/123';
const gemini = (over: object = {}) => ({
  base_model: 'gemini-3.1-flash-lite',
  dataset_uri: 'train.jsonl',
  ...over,
});
const gemma = (over: object = {}) => gemini({ base_model: 'google/gemma4@gemma-4-e4b-it', ...over });

describe('what a deployment allows', () => {
  const KEY = 'projects/my-project/locations/europe-west4/keyRings/r/cryptoKeys/k';
  const codes = (
    content: object,
    limits: Partial<DeploymentLimits> = {},
    preTunedModel?: KnownTunedModel,
  ) => {
    const { draft, locate } = parse(content);
    const today = '2026-11-29';
    return checkDeployment(draft, someLimits(limits), { locate, today, preTunedModel }).map(
      ({ code }) => code,
    );
  };

  const FIRST: KnownTunedModel = {
    baseModel: 'gemini-3.1-flash-lite',
    version: '1',
    checkpoints: ['1', '2'],
  };
  const second = { ...FIRST, version: '2', versions: ['1', '2'] };

  test.each([
    ['the version that there is', '@1', undefined, FIRST, []],
    ['an earlier version', '@1', '7', second, []],
    ['a version that no run made', '@3', undefined, second, ['pre_tuned_model_not_allowed']],
    ['a checkpoint that there is', '', '2', FIRST, []],
    ['a checkpoint that there is not', '', '9', FIRST, ['checkpoint_not_known']],
    ['one of the latest version', '@2', '9', second, ['checkpoint_not_known']],
    ['one of a version that nobody named, of two', '', '9', second, []],
    ['one where the run tells of none', '', '9', { ...FIRST, checkpoints: undefined }, []],
    ['one where there are none', '', '1', { ...FIRST, checkpoints: [] }, ['checkpoint_not_known']],
  ])('holds %s against what the run made', (_name, suffix, checkpoint_id, known, expected) => {
    expect(codes(gemini({ pre_tuned_model: `${TUNED}${suffix}`, checkpoint_id }), {}, known)).toEqual(
      expected,
    );
  });

  test.each([
    [`${TUNED}@2`, TUNED, true],
    ['projects/42/locations/us-central1/models/123', TUNED, true],
    [TUNED, 'projects/42/locations/us-central1/models/123', true],
    [
      'projects/other/locations/us-central1/models/123',
      'projects/42/locations/us-central1/models/123',
      false,
    ],
    [TUNED, 'projects/my-project/locations/europe-west4/models/123', false],
    [TUNED, 'projects/my-project/locations/us-central1/models/1234', false],
  ])('%s and %s are the same model: %s', (name, made, expected) => {
    expect(isSameTunedModel(name, made, someLimits({ projectNumber: '42' }))).toBe(expected);
  });

  it('lets a manifest go on from models of its own runs and from those that it lists', () => {
    const content = gemini({ pre_tuned_model: TUNED });
    expect(codes(content)).toEqual(['pre_tuned_model_not_allowed']);
    expect(codes(content, {}, FIRST)).toEqual([]);
    expect(codes(content, {}, { ...FIRST, baseModel: 'gemini-3.5-flash' })).toEqual([
      'pre_tuned_model_mismatch',
    ]);
    expect(codes(content, {}, { ...FIRST, baseModel: 'text-bison@002' })).toEqual([
      'pre_tuned_model_of_pipeline',
    ]);
    expect(codes(content, { allowedTunedModels: [TUNED] })).toEqual([]);
    const open = { pre_tuned_model: TUNED, dataset_uri: 'train.jsonl' };
    expect(codes(open, { allowedTunedModels: [TUNED] })).toEqual(['base_model_not_known']);
    expect(codes(open)).toEqual(['pre_tuned_model_not_allowed']);
    expect(codes(content, { allowedTunedModels: [`${TUNED}4`] })).toEqual(['pre_tuned_model_not_allowed']);
  });

  it.each([
    ['the version that the run made', '@1', {}, true],
    ['a version that somebody else added', '@2', {}, false],
    ['an alias, which can name any version', '@default', {}, false],
    ['a version that is listed', '@7', { allowedTunedModels: [`${TUNED}@7`] }, true],
    ['another than the listed version', '@8', { allowedTunedModels: [`${TUNED}@7`] }, false],
    ['any version of a model that is listed without one', '@8', { allowedTunedModels: [TUNED] }, true],
  ])('of a model by %s', (_name, version, limits, isAllowed) => {
    const content = gemini({ pre_tuned_model: `${TUNED}${version}` });
    const found = codes(content, limits, { baseModel: 'gemini-3.1-flash-lite', version: '1' });
    expect(found).toEqual(isAllowed ? [] : ['pre_tuned_model_not_allowed']);
  });

  it('goes on from no model of another project, by its id, its number or another case', () => {
    const limits = {
      projectNumber: '123',
      allowedTunedModels: ['projects/123/locations/us-central1/models/5'],
    };
    const named = (project: string) =>
      codes(gemini({ pre_tuned_model: `projects/${project}/locations/us-central1/models/5` }), limits);
    expect(named('my-project')).toEqual([]);
    for (const other of ['other', '456', 'my-project2', '1234']) {
      expect(named(other)).toEqual(['pre_tuned_model_not_allowed']);
    }
  });

  it.each([
    ['the inbox', 'gs://inbox/weights/final', []],
    ['what a job wrote', 'gs://results/output/r/postprocess/node-0/checkpoints/final', []],
    ['a bucket that is listed', 'gs://weights/final', []],
    ['a bucket that is not', 'gs://payroll/final', ['custom_base_model_not_allowed']],
    ['data of another run', 'gs://results/staging/r', ['custom_base_model_not_allowed']],
    ['documents of runs', 'gs://results/runs/team/1/', ['custom_base_model_not_allowed']],
    ['the results bucket as a whole', 'gs://results/', ['custom_base_model_not_allowed']],
    [
      'a folder that begins like the output',
      'gs://results/output-of-others/x',
      ['custom_base_model_not_allowed'],
    ],
    ['a way out of the output by dots', 'gs://results/output/../staging/r', ['uri_invalid']],
    ['a slash before the output', 'gs://results//output/x', ['custom_base_model_not_allowed']],
    ['the output in capitals', 'gs://results/OUTPUT/x', ['custom_base_model_not_allowed']],
    ['a bucket in capitals', 'gs://RESULTS/output/x', ['uri_invalid']],
    ['a bucket that begins like the inbox', 'gs://inbox.evil/x', ['custom_base_model_not_allowed']],
    ['a bucket that a URL parser would see', 'gs://inbox@payroll/x', ['uri_invalid']],
    ['an escaped way out', 'gs://results/output%2F..%2Fstaging/r', ['custom_base_model_not_allowed']],
  ])('reads weights of %s: %s', (_name, uri, expected) => {
    const content = gemma({ custom_base_model: uri });
    const { issues } = parse(content);
    const found = [...issues.map(({ code }) => code), ...codes(content, { allowedDataBuckets: ['weights'] })];
    expect(found).toEqual(expected);
  });

  it('takes a key of the region of the job', () => {
    const content = gemini({ base_model: 'gemini-2.5-flash-lite', encryption_spec_key_name: KEY });
    const limits = { allowedKmsKeys: [KEY] };
    expect(codes(content, limits)).toEqual(['model_retired', 'encryption_key_region']);
    expect(codes({ ...content, pipeline_job_region: 'europe-west4' }, limits)).toEqual(['model_retired']);
  });

  test.each([
    ['where its key is', KEY, /"region": "europe-west4", where the key is/],
    [
      'anywhere',
      KEY.replace('europe-west4', 'global'),
      /such as "region": "us-central1" and name a key of it/,
    ],
  ])('tells of a job in global to run %s', (_name, key, remedy) => {
    const content = gemma({ region: 'global', kmsKeyName: key });
    const { draft, locate } = parse(content);
    const limits = someLimits({ allowedKmsKeys: [key] });
    const [issue, ...others] = checkDeployment(draft, limits, { locate }).map(reportIssue);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ code: 'encryption_key_global', remedy: expect.stringMatching(remedy) });
  });

  it('never sends a job to where the model is not tuned, for the sake of its key', () => {
    const key = KEY.replace('europe-west4', 'asia-northeast1');
    const { draft, locate } = parse(gemma({ encryption_spec_key_name: key }));
    const limits = someLimits({ allowedKmsKeys: [key] });
    const [issue] = checkDeployment(draft, limits, { locate }).map(reportIssue);
    expect(issue).toMatchObject({ code: 'encryption_key_region', remedy: 'Name a key of us-central1.' });
  });

  test.each([
    ['a key', { encryption_spec_key_name: KEY }, 'encryption_spec_key_name'],
    ['an output directory in the inbox', { output_directory: 'gs://inbox/out' }, 'output_directory'],
    ['a TensorBoard of its own', { tensorboard_resource_id: '7' }, 'tensorboard_resource_id'],
  ])('has nothing to add to %s, which the model does not take', (_name, keys, path) => {
    const content = gemini(keys);
    expect(parse(content).issues).toMatchObject([{ at: { path } }]);
    expect(codes(content)).toEqual([]);
  });
});
