import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isTerminal, type RunState } from '../../shared/core/run/states.ts';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { isJobOver, phaseOf } from '../../shared/core/tuning/job.ts';
import createErrors from '../payloads/create-errors.json' with { type: 'json' };
import failedTasks from '../payloads/failed-tasks.json' with { type: 'json' };
import jobStates from '../payloads/job-states.json' with { type: 'json' };
import type { SomeJob } from '../support/some-jobs.ts';
import { aManifest, createWorld, examples } from '../support/world.ts';

/** Everything that Vertex AI is known to answer, and something that it may answer one day, through the functions. */

async function dropped() {
  const world = createWorld();
  world.upload('reviews/train.jsonl', examples(120));
  await world.finalized(world.upload('reviews/tune.json', aManifest()));
  return world;
}

async function submitted() {
  const world = await dropped();
  await world.deliver();
  return { world, job: world.theRun().status.job?.name ?? '' };
}

const DAG = 'The DAG failed because some tasks failed. The failed tasks are: [x].';
const failing = (error: string): Partial<SomeJob> => ({
  ...{ state: 'PIPELINE_STATE_FAILED', error: DAG },
  tasks: [
    { name: 'root', state: 'FAILED', schemaTitle: 'system.Run', error: DAG, metadata: {} },
    { name: 'large-language-model-tuner', state: 'FAILED', error, metadata: {} },
  ],
});

describe('a job that is', () => {
  test.each(jobStates.states)('$state makes its run $run', async ({ state, run }) => {
    const { world, job } = await submitted();
    world.backend.set(job, { state });
    await world.poll();
    const { status, work } = world.theRun();
    expect(status).toMatchObject({ state: run, job: { state } });
    expect(status.message).toMatch(/^[A-Z].*\.$/s);
    expect(isTerminal(status.state)).toBe(isJobOver({ phase: phaseOf(state) }));
    expect(work.nextAction).toBe(isJobOver({ phase: phaseOf(state) }) ? null : 'observe');
    expect(world.changes.at(-1)?.data.state).toBe(run);
  });

  test.each(jobStates.states)('$state twice costs nothing the second time', async ({ state }) => {
    const { world, job } = await submitted();
    world.backend.set(job, { state });
    await world.poll();
    const { writes } = world.runs;
    world.pass(60);
    await world.poll();
    expect(world.runs.writes).toBe(writes);
  });
});

describe('a request for a job that is answered by', () => {
  test.each(createErrors.cases)('$name ends or waits, with what to do', async ({ error, ...given }) => {
    const world = await dropped();
    const thrown = classifyGoogleError({ httpStatus: given.http, ...error }, 'creating the job');
    world.backend.createFaults.push(thrown);
    await world.deliver();
    const { status, work } = world.theRun();
    const waits = thrown.kind === 'throttled' ? 'admit' : 'submit';
    const [state, next]: [RunState, string | null] = thrown.retryable
      ? ['VALIDATED', waits]
      : ['FAILED', null];
    expect([status.state, work.nextAction]).toEqual([state, next]);
    expect(status.reason).toBe(given.reason);
    expect(status.message).toContain(error.message);
    expect(status.remedy?.length).toBeGreaterThan(20);
  });
});

describe('a job whose task failed by', () => {
  test.each(failedTasks.cases)('$name ends or is made anew, with what to do', async (given) => {
    const { world, job } = await submitted();
    world.backend.set(job, failing(given.error));
    await world.poll();
    const { status } = world.theRun();
    const isAgain = ['ArtifactRegistryNotReady', 'CapacityShort', 'QuotaExceeded'].includes(given.reason);
    expect(status).toMatchObject({ state: isAgain ? 'SUBMITTED' : 'FAILED', reason: given.reason });
    expect(status.message).toContain(given.message);
    expect(isAgain ? status.job?.nextAttemptAt : status.remedy).toContain(isAgain ? '2026' : given.remedy);
  });
});

const REFERENCE = '../shared/reference/pipeline-jobs.json';
const isThere = existsSync(REFERENCE);
if (!isThere) console.log('SKIPPED: the measured answers of Vertex AI are not beside this checkout');

describe.skipIf(!isThere)('what was measured of Vertex AI is in the payloads', () => {
  const { states, serverErrors } = JSON.parse(isThere ? readFileSync(REFERENCE, 'utf8') : '{}') as {
    states: { pipelineJob: string[] };
    serverErrors: { match: string }[];
  };

  test('every state of a pipeline job', () => {
    expect(jobStates.states.map(({ state }) => state)).toEqual(expect.arrayContaining(states.pipelineJob));
  });

  test('every error', () => {
    const words = JSON.stringify([createErrors, failedTasks, DAG]);
    expect(serverErrors.filter(({ match }) => !words.includes(match))).toEqual([]);
  });
});
