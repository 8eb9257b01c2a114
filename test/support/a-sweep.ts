import type { Run } from '../../shared/core/run/run.ts';
import type { SweepStatus } from '../../shared/core/run/sweep-status.ts';
import { aRun } from './runs.ts';

/** A sweep invented for tests of what is shown of one; none of its numbers was ever measured. */

export const [FIRST, SECOND, THIRD] = ['2', '3', '4'].map((digit) => `r${digit.repeat(40)}`) as [
  string,
  string,
  string,
];

const SWEEP: SweepStatus = {
  runs: [
    {
      ...{ index: 1, runId: FIRST, settings: { train_steps: 100 }, state: 'SUCCEEDED' },
      answers: { measure: 'accuracy', examples: 80, value: 0.7, low: 0.6, high: 0.78 },
      ...{ usd: { low: 1, high: 1.2 }, paidUsd: 1.1 },
    },
    {
      ...{ index: 2, runId: SECOND, settings: { train_steps: 200 }, state: 'SUCCEEDED' },
      answers: { measure: 'accuracy', examples: 80, value: 0.8, low: 0.71, high: 0.88 },
      usd: { low: 2, high: 2.4 },
    },
    { index: 3, runId: THIRD, settings: { train_steps: 500 }, usd: null },
  ],
  winner: { index: 2, runId: SECOND, by: 'answers', isSure: false },
  sentence: 'train_steps 200 has the best answers.',
};

/** The run of a manifest with three numbers of steps, as it ends. */
export function aSweep(): Run {
  const run = aRun();
  const manifest = { base_model: 'text-bison@002', train_steps: [100, 200, 500] };
  return {
    ...run,
    spec: { ...run.spec, manifest },
    status: { ...run.status, state: 'SUCCEEDED', sweep: SWEEP },
  };
}

/** The second of its runs. */
export function oneOfSweep(): Run {
  const sweepOf = { parent: `runs/${FIRST}`, index: 2, settings: { train_steps: 200 } };
  return aRun({ spec: { sweepOf } });
}
