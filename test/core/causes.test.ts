import { describe, expect, test } from 'vitest';
import { ERROR_KINDS } from '../../shared/core/errors/errors.ts';
import {
  attemptAfterWarmUp,
  factsOf,
  failureOf,
  mayTryAgain,
  nextAttemptAt,
} from '../../shared/core/run/attempts.ts';
import { jobObserved } from '../../shared/core/run/job-events.ts';
import { transition } from '../../shared/core/run/state.ts';
import { CAUSES, projectNumberIn, remedyOf } from '../../shared/core/tuning/causes.ts';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { eventOfJobState, isJobOver, type JobObservation } from '../../shared/core/tuning/job-state.ts';
import createErrors from '../payloads/create-errors.json' with { type: 'json' };
import failedTasks from '../payloads/failed-tasks.json' with { type: 'json' };
import jobStates from '../payloads/job-states.json' with { type: 'json' };
import { A_JOB, aPlan, aRun, at, NOW } from '../support/runs.ts';

const DAG =
  'The DAG failed because some tasks failed. The failed tasks are: [x].; Job (project_id = p, job_id = 1) is failed due to the above error.';

const failedJob = (error: string): JobObservation => ({
  ...{ name: A_JOB.name, state: 'PIPELINE_STATE_FAILED', labels: {}, error: DAG },
  tasks: [
    { name: 'root', state: 'FAILED', schemaTitle: 'system.Run', error: DAG, metadata: {} },
    { name: 'large-language-model-tuner', state: 'FAILED', error, metadata: {} },
  ],
});

const running = (over: Parameters<typeof aRun>[0] = {}) =>
  aRun({
    state: 'RUNNING',
    spec: { plan: aPlan() },
    ...over,
    status: { job: A_JOB, submitTime: NOW, ...over.status },
  });

describe('a failed task', () => {
  test.each(failedTasks.cases)('$name', ({ error, reason, message, remedy }) => {
    const event = jobObserved(running(), failedJob(error));
    expect(event).toMatchObject({ type: 'JobFailed', reason, next: null });
    expect(event.message).toContain('The task large-language-model-tuner failed');
    expect(event.message).toContain(message);
    expect(event.message).not.toContain('AiPlatformException');
    expect(event.remedy).toContain(remedy);
    expect(event.status?.job?.error).toBe(error);
  });

  test('that gives no reason is told as such', () => {
    const job: JobObservation = { ...failedJob(''), tasks: [] };
    expect(jobObserved(running(), { ...job, error: DAG }).message).toBe(`The job failed: ${DAG}`);
    const { error: _none, ...silent } = job;
    const event = jobObserved(running(), silent);
    expect(event.message).toBe('The job failed: Vertex AI gave no reason.');
    expect(event.status?.job).not.toHaveProperty('error');
  });
});

describe('an answer to the request for a job', () => {
  test.each(createErrors.cases)('$name', ({ error, kind, reason, ...given }) => {
    const found = classifyGoogleError({ httpStatus: given.http, ...error }, 'creating the job');
    expect(found).toMatchObject({ kind, reason, message: expect.stringContaining(error.message) });
  });
});

describe('the state of a job', () => {
  test.each(jobStates.states)('$state is $event', ({ state, event }) => {
    expect(eventOfJobState(state)).toBe(event);
    const observed = jobObserved(running(), { ...failedJob('x'), state });
    expect(transition(running(), observed, at(60)).outcome).not.toBe('illegal');
    expect(observed.next === null).toBe(isJobOver(state));
  });
});

describe('the table', () => {
  test('says something of every row, in words that name what to do', () => {
    for (const { sentence, remedy, kind, whileWaiting, reason } of CAUSES) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(remedy({}).length).toBeGreaterThan(20);
      expect([reason, whileWaiting !== undefined]).toEqual([reason, ERROR_KINDS[kind].retryable]);
    }
    expect(new Set(CAUSES.map(({ reason }) => reason)).size).toBe(CAUSES.length);
  });

  test.each([
    {
      name: 'the number',
      facts: { project: 'p', projectNumber: '42' },
      account: '42-compute@developer.gserviceaccount.com',
    },
    { name: 'the account of the job', facts: { project: 'p', serviceAccount: 'a@b' }, account: 'a@b' },
    {
      name: 'a command that finds the number, where it is not known',
      facts: { project: 'p' },
      account:
        "$(gcloud projects describe p --format='value(projectNumber)')-compute@developer.gserviceaccount.com",
    },
  ])('a remedy names $name', ({ facts, account }) => {
    const lines = remedyOf('MetadataStoreDenied', facts)?.split('\n') ?? [];
    expect(lines).toContain(
      `gcloud projects add-iam-policy-binding p --member serviceAccount:${account} --role roles/storage.objectAdmin`,
    );
    expect(lines).toContain('gcloud services enable compute.googleapis.com --project p');
  });

  test.each([
    ['service-123456789@gcp-sa-aiplatform.iam.gserviceaccount.com', '123456789'],
    ['123456789-compute@developer.gserviceaccount.com', '123456789'],
    ['Failed to create custom job.Project number: 123456789, Job id: 77', '123456789'],
    ['projects/123456789/locations/us-central1', '123456789'],
    ['nothing of the kind in 2026', undefined],
  ])('the project number in "%s" is %s', (text, number) => {
    expect(projectNumberIn(text)).toBe(number);
  });

  test('the facts of a run come from its job, its plan and Vertex AI’s words', () => {
    const { job: _none, ...status } = running().status;
    const early = { ...running(), status };
    expect(factsOf(running())).toMatchObject({ project: 'my-project', projectNumber: '123' });
    expect(factsOf(early, 'service-987654@gcp-sa-x').projectNumber).toBe('987654');
    expect(factsOf(early).projectNumber).toBeUndefined();
  });
});

describe('another attempt', () => {
  const causeOf = (index: number) => failureOf(failedJob(failedTasks.cases[index]?.error ?? '')).cause;
  const [quotaCause, lastingCause, spreadCause] = [causeOf(0), causeOf(1), causeOf(2)];
  const run = (attempt: number, over: object = {}) =>
    running({ status: { job: { ...A_JOB, attempt }, ...over } });

  test.each([
    { name: 'is made after the first', run: run(1), seconds: 60, may: true },
    { name: 'is made after the second', run: run(2), seconds: 60, may: true },
    { name: 'is not made after the third', run: run(3), seconds: 60, may: false },
    { name: 'is not made half an hour after the first job', run: run(1), seconds: 1800, may: false },
    { name: 'is made for want of quota after many', run: run(20), seconds: 3600, quota: true, may: true },
    {
      name: 'is not made for want of quota a day later',
      run: run(2),
      seconds: 86_400,
      quota: true,
      may: false,
    },
    { name: 'is not made where nothing passes', run: run(1), seconds: 60, lasting: true, may: false },
    {
      name: 'is not made for somebody who asked to cancel',
      run: run(1, { cancelRequested: { time: NOW, by: 'x' } }),
      seconds: 60,
      may: false,
    },
  ])('$name', ({ run: given, seconds, may, quota, lasting }) => {
    const cause = lasting ? lastingCause : quota ? quotaCause : spreadCause;
    expect(mayTryAgain(given, cause, { now: at(seconds), scale: 1 })).toBe(may);
  });

  test('is not made for a trainer that ran out of memory, which is no want of quota', () => {
    const words =
      'The replica workerpool0-0 exited with 1. RESOURCE_EXHAUSTED: Out of memory, allocating 9 GB';
    expect(failureOf(failedJob(words)).cause).toBeUndefined();
  });

  test.each([
    { name: 'for a permission to spread: two minutes, then five', cause: spreadCause, minutes: [2, 5, 5] },
    { name: 'for quota: up to an hour', cause: quotaCause, minutes: [5, 10, 20, 40, 60, 60] },
  ])('waits $name', ({ cause, minutes }) => {
    const due = minutes.map((_, index) => nextAttemptAt(run(index + 1), cause, { now: NOW, scale: 1 }));
    expect(due).toEqual(minutes.map((after) => at(after * 60)));
    expect(nextAttemptAt(run(2), spreadCause, { now: NOW, scale: 0.1 })).toBe(at(30));
  });

  test.each([
    { name: 'five minutes after the warm-up', created: at(-600), warmedAt: NOW, due: at(300) },
    {
      name: 'at once when the project became warm meanwhile',
      created: at(-600),
      warmedAt: at(-400),
      due: NOW,
    },
    {
      name: 'not at all when the project was warm before',
      created: at(-60),
      warmedAt: at(-400),
      due: undefined,
    },
  ])('is due $name', ({ created, warmedAt, due }) => {
    const job = { ...failedJob('x'), createTime: created };
    expect(attemptAfterWarmUp(job, warmedAt, { now: NOW, scale: 1 })).toBe(due);
  });
});
