import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSteppableClock, systemClock } from '../../local/clock.ts';
import {
  type Answer,
  createCaller,
  jobOf,
  newDataDir,
  startHarness,
  TASK_MS,
  taskStates,
  WHOLE_JOB_MS,
} from './vertex-harness.ts';

const MODELS = '/v1/projects/demo/locations/us-central1/models';
const ENDPOINTS = '/v1/projects/demo/locations/us-central1/endpoints';

const ALL_SUCCEEDED = [
  'vertex-pipelines-prompt-validation: SUCCEEDED',
  'large-language-model-tuner: SUCCEEDED',
  'upload-llm-model: SUCCEEDED',
  'deployment-graph: SUCCEEDED',
];

describe('a service that is started again on its folder', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'ends a job that had taken %i steps, with one model and endpoint',
    async (steps) => {
      const dataDir = newDataDir();
      const before = await startHarness({ dataDir });
      await before.create('job-1');
      await before.clock.advance(TASK_MS * steps + 1);
      const left = before.service.jobs();
      await before.service.close();

      const clock = createSteppableClock(before.clock.now() + 60_000);
      const after = await startHarness({ dataDir, clock });
      expect(after.service.jobs()).toEqual(left);
      await clock.advance(WHOLE_JOB_MS);
      const job = jobOf(await after.get('pipelineJobs/job-1'));
      expect(job.state).toBe('PIPELINE_STATE_SUCCEEDED');
      expect(taskStates(job)).toEqual(ALL_SUCCEEDED);
      expect((await after.get(MODELS)).body.models).toHaveLength(1);
      expect((await after.get(ENDPOINTS)).body.endpoints).toHaveLength(1);
    },
  );

  it('still fails the job that was to fail, and cancels the one that was to be cancelled', async () => {
    const dataDir = newDataDir();
    const before = await startHarness({ dataDir });
    before.service.failNextJob({ task: 'upload-llm-model', code: 'INTERNAL', message: 'ordered' });
    await before.create('failing');
    await before.create('cancelled');
    await before.clock.advance(TASK_MS + 1);
    await before.send('POST', 'pipelineJobs/cancelled:cancel');
    await before.service.close();

    const after = await startHarness({ dataDir, clock: before.clock });
    await before.clock.advance(WHOLE_JOB_MS);
    expect(after.service.jobs().map((job) => jobOf(job).state)).toEqual([
      'PIPELINE_STATE_FAILED',
      'PIPELINE_STATE_CANCELLED',
    ]);
  });
});

/** The service in a process of its own that can be killed; it prints its address. */
const CHILD = `
  import { startVertex } from './local/vertex/server.ts';
  import { systemClock } from './local/clock.ts';
  import { createFaultScript } from './local/faults.ts';
  const { address } = await startVertex({
    port: 0, dataDir: process.argv[1], clock: systemClock, faults: createFaultScript(), log: () => {},
    projectId: 'demo', projectNumber: '123456789012', taskMs: 60,
    readObject: async () => ({ size: 1, generation: '1' }),
  });
  console.log(address);
`;

async function spawnService(dataDir: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CHILD, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { ...createCaller(address), kill };
}

/** Asks until the answer is as wanted; the test's own time limit ends it otherwise. */
async function until(ask: () => Promise<Answer>, isWanted: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
  }
}

describe('a service that is killed with SIGKILL', () => {
  it.each(ALL_SUCCEEDED.map((task) => task.split(':')[0]))(
    'during %s ends the job with one model',
    async (task) => {
      const dataDir = newDataDir();
      const first = await spawnService(dataDir);
      expect((await first.create('job-1')).status).toBe(200);
      const ask = () => first.get('pipelineJobs/job-1');
      await until(ask, (answer) => JSON.stringify(answer.body).includes(`"taskName":"${task}"`));
      await first.kill();

      const second = await spawnService(dataDir);
      const ended = await until(
        () => second.get('pipelineJobs/job-1'),
        (answer) => jobOf(answer).endTime !== undefined,
      );
      expect(jobOf(ended).state).toBe('PIPELINE_STATE_SUCCEEDED');
      expect(taskStates(jobOf(ended))).toEqual(ALL_SUCCEEDED);
      expect((await second.get(MODELS)).body.models).toHaveLength(1);
      expect((await second.get(ENDPOINTS)).body.endpoints).toHaveLength(1);
      await second.kill();
    },
  );
});
