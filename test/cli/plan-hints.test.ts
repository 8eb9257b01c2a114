import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { checkFolder } from '../../cli/folder/check-folder.ts';
import { offlineLimits } from '../../cli/folder/limits.ts';
import { plan } from '../../cli/plan/command.ts';
import { planLines } from '../../cli/plan/summary.ts';
import { aFolder, carryOut } from './command-line.ts';

/** What a plan says of the quota that it needs, and of another way of tuning. */

const PLACE = ['--project', 'my-project', '--bucket', 'gs://inbox/a'];
const CONSOLE = 'https://console.cloud.google.com/iam-admin/quotas?project=my-project';

/** The row of that name in the plan of a folder. */
async function rowOf(name: string, dir: string): Promise<string | undefined> {
  const { stdout, stderr } = await carryOut(plan, dir, ...PLACE);
  expect(stderr).toBe('');
  return new RegExp(`^  ${name} +(.*)$`, 'm').exec(stdout)?.[1];
}

/** Outputs of these numbers of characters, over and over. */
function aDataset(lengths: readonly number[], keys: object): string {
  const lines = Array.from({ length: 120 }, (_, i) => {
    const length = lengths[i % lengths.length] ?? 0;
    const output = `${i} ${'and so on '.repeat(length)}`.slice(0, length);
    return JSON.stringify({ input_text: `Tell me of ${i}.`, output_text: output });
  });
  return aFolder({
    'tune.json': { base_model: 'gemini-2.5-flash', dataset_uri: 'train.jsonl', ...keys },
    'train.jsonl': lines.join('\n'),
  });
}

describe('the quota', () => {
  test.each([
    ['gemini-2.5-flash', {}, 'one of “Global concurrent tuning jobs”'],
    [
      'text-bison@002',
      {},
      '8 NVIDIA A100 80 GB GPUs in us-central1 (restricted_image_training_nvidia_a100_80gb_gpus)',
    ],
    ['text-bison@002', { accelerator_type: 'TPU' }, '64 cores of a TPU v3 Pod in europe-west4;'],
  ])('of %s %j is told before anything is asked for', async (base_model, keys, said) => {
    const quota = await rowOf('quota', aDataset([20], { base_model, ...keys }));
    expect(quota).toContain(said);
    expect(quota).toContain(CONSOLE);
  });

  test('of an embedding model is that of its own accelerators, where the pipeline runs', async () => {
    expect(await rowOf('quota', 'examples/banking-embedding')).toMatch(
      /^4 NVIDIA Tesla V100 GPUs.*, in us-central1;/,
    );
  });

  test('of an open model has another name', async () => {
    expect(await rowOf('quota', 'examples/gemma')).toContain('Global concurrent managed OSS model');
  });

  test('stands in a check too, without a project that nobody named, and is none of the embedded cloud', async () => {
    const { stdout } = await carryOut(check, 'examples/text-bison');
    expect(stdout).toMatch(/^ {2}quota .*iam-admin\/quotas$/m);
    const limits = offlineLimits({ region: 'us-central1', retiredModels: 'warn' });
    const checked = await checkFolder({ dir: 'examples/text-bison' }, { limits, today: '2026-03-01' });
    const planned = checked.plan && planLines(checked.plan, { isLocal: true });
    expect(planned?.join('\n')).not.toContain('quota');
  });
});

describe('preference tuning', () => {
  const LONG = [150, 900, 950, 1000, 6000];

  test.each([
    ['long texts of very different length', LONG, {}, '"tuning_method": "preference".'],
    [
      'a model that has no such tuning',
      LONG,
      { base_model: 'gemini-3.1-flash-lite' },
      'with gemini-2.5-flash',
    ],
    ['a model of the guide', LONG, { base_model: 'text-bison@002' }, 'with gemini-2.5-flash'],
    ['a summarization, sooner', [40, 250, 260, 300], { task: 'summarization' }, 'RLHF'],
  ])('is pointed to: %s', async (_name, lengths, keys, said) => {
    const hint = await rowOf('consider', aDataset(lengths, keys));
    expect(hint).toContain(said);
    expect(hint).toContain('Google’s guide points to human feedback (RLHF)');
  });

  test.each([
    ['long texts of one length', [900, 950, 1000], {}],
    ['short texts of very different length', [40, 250, 260, 300], {}],
    ['a classification', LONG, { task: 'classification' }],
    ['an extraction', LONG, { task: 'extractive_qa' }],
    ['code', LONG, { base_model: 'code-bison@002' }],
  ])('is not pointed to: %s', async (_name, lengths, keys) => {
    expect(await rowOf('consider', aDataset(lengths, keys))).toBeUndefined();
  });

  test.each(['medical-specialty', 'gemini-preference', 'coffee-chat', 'banking-embedding'])(
    'is not pointed to by the example %s',
    async (example) => expect(await rowOf('consider', `examples/${example}`)).toBeUndefined(),
  );
});
