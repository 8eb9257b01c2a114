import { expect, it } from 'vitest';
import type { TrainingEnd } from '../../local/small-model/tuner.ts';
import type { ThreadTraining } from '../../local/vertex/training/tuner-threads.ts';
import { createTuningLog } from '../../local/vertex/training/tuning-log.ts';

const JOB: ThreadTraining = {
  examples: [{ segments: [{ text: 'a', isTarget: false }] }],
  ...{ steps: 15, batchSize: 8, learningRateMultiplier: 1, evaluationInterval: 20 },
  ...{ earlyStopping: true, checkpointSelection: false, seed: 'job', timeCapMs: 5_000 },
};
const FINISHED: TrainingEnd = {
  ...{ kind: 'finished', stepsRun: 12, checkpointStep: 12, timeCapped: false, truncatedExamples: 0 },
  weights: new Uint8Array(),
};
const outputsOf = (finished: Partial<TrainingEnd>) =>
  createTuningLog({ jobName: 'job', baseModel: 'text-bison@002' }, JOB).outcome({ ...FINISHED, ...finished })
    .outputs;

it('a training that the time cap ended says so where readers of a job look for its early end', () => {
  expect(outputsOf({ timeCapped: true })).toMatchObject({
    local_steps: '12 of 15',
    local_early_stop_step: '12',
    local_early_stop_reason:
      'The training was ended by the time cap of the embedded cloud (5 s) after 12 of 15 steps.',
  });
});

it('a training that stopped early says where and why', () => {
  expect(outputsOf({ stoppedEarly: { step: 12, why: 'no gain' } })).toMatchObject({
    ...{ local_early_stop_step: '12', local_early_stop_reason: 'no gain' },
  });
});

it('a training that took all its steps has no early end', () => {
  expect(Object.keys(outputsOf({ stepsRun: 15 })).filter((key) => key.includes('early_stop'))).toEqual([]);
});
