import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../shared/core/comparison/compare-runs.ts';
import type { DatasetSource } from '../../shared/core/run/dataset-source.ts';
import { aPlan, aRun } from '../support/runs.ts';

const aFile = (crc32c: string): DatasetSource => ({
  uri: 'gs://inbox/reviews/train.jsonl',
  generation: '1',
  sizeBytes: 100,
  crc32c,
  stagedUri: `gs://results/staging/${crc32c}/train.jsonl`,
});

const withTokens = (tokenAccuracy: number) => ({ metrics: { best: { step: 1, loss: 0.5, tokenAccuracy } } });

describe('two runs side by side', () => {
  const plan = aPlan({
    parameters: { train_steps: 100, dataset_uri: 'gs://a/b' },
    templateDefaults: { batch: 8 },
  });
  const before = aRun({ spec: { plan, datasets: { dataset_uri: aFile('one') } }, status: withTokens(0.5) });

  test('name the settings that differ, also where one of them left it to Google', () => {
    const later = aPlan({
      parameters: { train_steps: 200, dataset_uri: 'gs://c/d', batch: 16 },
      templateDefaults: {},
    });
    expect(compareRuns(before, aRun({ spec: { plan: later } })).settings).toEqual([
      { name: 'batch', before: 8, after: 16 },
      { name: 'train_steps', before: 100, after: 200 },
    ]);
  });

  test('say of each file whether it has the same bytes', () => {
    const isSame = (crc32c: string) =>
      compareRuns(before, aRun({ spec: { plan, datasets: { dataset_uri: aFile(crc32c) } } })).files.map(
        (file) => file.isSame,
      );
    expect(isSame('one')).toEqual([true]);
    expect(isSame('two')).toEqual([false]);
  });

  test('show what was measured of both, and of one where the other has nothing', () => {
    expect(compareRuns(before, aRun({ status: withTokens(0.75) })).measures).toEqual([
      { name: 'token accuracy of the best step', before: 0.5, after: 0.75, isShare: true },
      { name: 'evaluation loss of the best step', before: 0.5, after: 0.5, isShare: false },
    ]);
    expect(compareRuns(before, aRun()).measures[0]).toMatchObject({ before: 0.5, after: undefined });
    const tuned = { value: 0.72, low: 0.6, high: 0.8 };
    const evaluation = {
      state: 'DONE' as const,
      reason: 'Compared',
      message: '',
      measure: 'accuracy' as const,
      tuned,
    };
    expect(compareRuns(aRun(), aRun({ status: { evaluation } })).measures).toEqual([
      { name: 'accuracy of the answers', before: undefined, after: 0.72, isShare: true },
    ]);
  });

  test('have nothing to say of settings where one was refused before there was a plan', () => {
    expect(compareRuns(aRun(), aRun())).toEqual({ settings: [], files: [], measures: [] });
  });
});
