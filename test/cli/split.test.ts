import { describe, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { plan } from '../../cli/plan/command.ts';
import { createWorld, examples } from '../support/world.ts';
import { aFolder, carryOut } from './command-line.ts';

const TUNE = JSON.stringify({
  ...{ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', evaluation_split: 0.1 },
});
const folder = () => aFolder({ 'tune.json': TUNE, 'train.jsonl': examples(120) });

describe('a folder whose training file is to be split', () => {
  test('is told by check how it will be', async () => {
    const { stdout } = await carryOut(check, folder());
    expect(stdout).toContain('12 examples for the evaluation, and 108 to train on');
    expect(stdout).toMatch(/dataset_uri +108 examples/);
    expect(stdout).toMatch(/evaluation_data_uri +12 examples/);
  });

  test('is split by check as the validate function splits its upload', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', TUNE));
    const { status, spec } = world.theRun();
    const { stdout } = await carryOut(check, folder(), '--json');
    const { split, datasets, issueCount, cost } = JSON.parse(stdout);
    const { asked, training, evaluation, evaluationLines } = spec.datasets?.dataset_uri?.split ?? {};
    expect(split).toEqual({ asked, training, evaluation, evaluationLines });
    expect({ datasets, issueCount, cost }).toEqual({
      ...{ datasets: status.datasets, issueCount: status.issueCount, cost: status.cost },
    });
  });

  test('is planned with both parts', async () => {
    const args = ['--project', 'my-project', '--bucket', 'gs://inbox/reviews', '--json'];
    const { stdout } = await carryOut(plan, folder(), ...args);
    expect(JSON.parse(stdout).body.supervisedTuningSpec).toMatchObject({
      trainingDatasetUri: expect.stringMatching(/\/train\.contents\.training\.jsonl$/),
      validationDatasetUri: expect.stringMatching(/\/train\.contents\.evaluation\.jsonl$/),
    });
  });
});
