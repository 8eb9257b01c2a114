import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { plan } from '../../cli/plan/command.ts';
import { aManifest, examples } from '../support/world.ts';
import { aFolder, carryOut } from './command-line.ts';

const DEPLOYMENT = ['--project', 'my-project', '--bucket', 'gs://inbox/team/reviews'];
const aFolderFor = (keys: Record<string, unknown>) =>
  aFolder({
    'tune.json': aManifest({ base_model: 'gemini-3.1-flash-lite', epoch_count: 4, ...keys }),
    'train.jsonl': examples(120),
  });

describe('what a run will cost, before it is uploaded', () => {
  test('stands in plan --json: tokens × epochs at the dated price', async () => {
    const { code, stdout } = await carryOut(plan, aFolderFor({}), ...DEPLOYMENT, '--json');
    const { cost, method } = JSON.parse(stdout);
    expect([code, method]).toEqual([0, 'POST']);
    expect(cost).toMatchObject({
      trainingTokens: { low: expect.any(Number), estimate: expect.any(Number), high: expect.any(Number) },
      usd: { low: expect.any(Number), high: expect.any(Number) },
      price: { usdPerMillionTokens: 3, setBy: 'list', seenOn: '2026-10-31' },
    });
    expect(cost.trainingTokens.estimate % 4).toBe(0);
    expect(cost.trainingTokens.estimate).toBeGreaterThan(120 * 4 * 5);
  });

  test.each([check, plan])('is one line of $call', async (command) => {
    const deployment = command === plan ? DEPLOYMENT : [];
    const { stdout } = await carryOut(command, aFolderFor({}), ...deployment);
    const lines = stdout.split('\n').filter((line) => /^ {2}cost /.test(line));
    expect(lines).toEqual([expect.stringMatching(/ USD: [\d,]+ training tokens \(.* at 3 USD a million/)]);
  });

  test.each([check, plan])('stands beside a duration that is unknown here, in $call', async (command) => {
    const args = [aFolderFor({}), ...(command === plan ? DEPLOYMENT : [])];
    const { stdout } = await carryOut(command, ...args);
    expect(stdout).toMatch(/^ {2}duration +unknown here: a deployment expects what jobs like it took there/m);
    const { stdout: json } = await carryOut(command, ...args, '--json');
    expect(JSON.parse(json).expectedDuration).toBeNull();
  });

  test('is unknown and not 0 where nobody found a price', async () => {
    const dir = aFolderFor({ base_model: 'gemini-3.5-flash-lite' });
    const { stdout } = await carryOut(plan, dir, ...DEPLOYMENT, '--json');
    expect(JSON.parse(stdout).cost).toMatchObject({ usd: null, price: null, unknown: 'price' });
  });

  test('is refused by plan above the cap of the deployment, whose price it takes', async () => {
    const deployed = [...DEPLOYMENT, '--max-cost-usd', '0.05', '--model-prices', 'gemini-3.5-flash-lite=100'];
    const refused = await carryOut(plan, aFolderFor({ base_model: 'gemini-3.5-flash-lite' }), ...deployed);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('at most 0.05 USD');
  });

  test.each([
    ['--max-cost-usd', '0', '--max-cost-usd takes US dollars above 0, not 0'],
    ['--max-cost-usd', '1e3', '--max-cost-usd takes US dollars above 0, not 1e3'],
    ['--model-prices', 'gemini-9=1', 'not gemini-9=1: it must name models of docs/models.md'],
    ['--model-prices', 'gemini-3.5-flash-lite', '--model-prices takes MODEL=DOLLARS'],
    ['--retired-models', 'never', '--retired-models takes error or warn, not never'],
    ['--max-train-steps', '0', '--max-train-steps takes a whole number above 0, or none, not 0'],
    ['--max-training-tokens', '1e9', '--max-training-tokens takes a whole number above 0, or none, not 1e9'],
    ['--max-accelerators', 'many', '--max-accelerators takes a whole number above 0, or none, not many'],
    ['--unknown-prices', 'maybe', '--unknown-prices takes hold or allow, not maybe'],
  ])('%s %s is a wrong call', async (flag, value, said) => {
    const { code, stderr } = await carryOut(check, aFolderFor({}), flag, value);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  test('above max_cost_usd refuses the manifest, with the epochs that fit', async () => {
    const dir = aFolderFor({ epoch_count: 20, max_cost_usd: 0.05 });
    const { code, stdout } = await carryOut(check, dir, '--json');
    const issues: { severity: string; code: string; remedy: string }[] = JSON.parse(stdout).issues;
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(code).toBe(1);
    expect(errors).toEqual([expect.objectContaining({ code: 'cost_over_limit', path: 'max_cost_usd' })]);
    const [, fits = '0'] = /Write "epoch_count": (\d+), which fits/.exec(errors[0]?.remedy ?? '') ?? [];
    const fitting = await carryOut(check, aFolderFor({ epoch_count: Number(fits), max_cost_usd: 0.05 }));
    const over = await carryOut(check, aFolderFor({ epoch_count: Number(fits) + 1, max_cost_usd: 0.05 }));
    expect([fitting.code, over.code]).toEqual([0, 1]);
  });
});

describe('what the evaluation will cost, before it is uploaded', () => {
  const folder = (keys: Record<string, unknown> = {}) =>
    aFolder({
      'tune.json': aManifest({ base_model: 'gemini-3.1-flash-lite', epoch_count: 4, ...keys }),
      'train.jsonl': examples(120),
      'eval.jsonl': examples(30, 'held out'),
    });
  const rowOf = (stdout: string) => /^ {2}evaluation +(.*)$/m.exec(stdout)?.[1];

  test.each([check, plan])('is a line of $call, and why there is none', async (command) => {
    const deployment = command === plan ? DEPLOYMENT : [];
    const asked = await carryOut(command, folder({ evaluation_data_uri: 'eval.jsonl' }), ...deployment);
    expect(rowOf(asked.stdout)).toMatch(
      /^all 30 examples, asked of the tuned model and its base: at most 0\.0\d USD$/,
    );
    const split = await carryOut(command, folder({ evaluation_split: 0.1 }), ...deployment);
    expect(rowOf(split.stdout)).toMatch(/^all 12 examples, /);
    const none = await carryOut(command, folder(), ...deployment);
    expect(rowOf(none.stdout)).toMatch(/^none: There is no evaluation data, .*"evaluation_split": 0\.1/);
  });

  test.each([check, plan])('is what the document would say, in $call --json', async (command) => {
    const args = [...(command === plan ? DEPLOYMENT : []), '--json'];
    const { stdout } = await carryOut(command, folder({ evaluation_data_uri: 'eval.jsonl' }), ...args);
    expect(JSON.parse(stdout).evaluation).toMatchObject({
      ...{ state: 'PLANNED', examples: 30, ofExamples: 30, isBaseAsked: true },
      maxUsd: expect.any(Number),
    });
  });

  test('fits under the cap beside the training, or is left out', async () => {
    const keys = { evaluation_data_uri: 'eval.jsonl', max_cost_usd: 0.03 };
    const { stdout } = await carryOut(check, folder(keys), '--json');
    const { cost, evaluation } = JSON.parse(stdout);
    expect(cost.usd.high + (evaluation.maxUsd ?? 0)).toBeLessThanOrEqual(0.03);
  });

  test('is not known where the data is not there to be read', async () => {
    const { stdout } = await carryOut(check, folder({ evaluation_data_uri: 'gs://other/eval.jsonl' }));
    expect(rowOf(stdout)).toBeUndefined();
  });
});
