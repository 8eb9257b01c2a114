import { describe, expect, test } from 'vitest';
import { decideApply } from '../../shared/core/run/apply.ts';
import { jobObserved } from '../../shared/core/run/job-events.ts';
import type { JobStatus } from '../../shared/core/run/run.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { aRun, at } from '../support/runs.ts';

const job = (attempt: number): JobStatus => ({ name: `job-${attempt}`, state: 'x', region: 'r', attempt });

describe('what was seen of a job', () => {
  const bare = aRun();
  const run = { ...bare, status: { ...bare.status, state: 'SUBMITTED' as const, job: job(2) } };
  const seen: JobObservation = { name: 'job-2', phase: 'running', state: 'y', labels: {}, outputs: {} };
  const applied = (follows: JobStatus) =>
    decideApply({ run, event: jobObserved(run, seen), now: at(1), sameFingerprint: [] }, { follows });

  test.each([
    ['of another job', job(1), 'fenced'],
    ['of another attempt', { ...job(2), attempt: 1 }, 'fenced'],
    ['of the job that the run follows', job(2), 'changed'],
  ])('%s is %s', (_name, follows, outcome) => {
    expect(applied(follows).outcome).toBe(outcome);
  });
});
