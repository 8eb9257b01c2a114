import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

const MODEL = 'projects/123/locations/us-central1/models/456@1';
const UPLOADED = [
  { name: 'upload-llm-model', state: 'SUCCEEDED', metadata: { 'output:model_resource_name': MODEL } },
];

describe('the curves of a job', () => {
  const TENSORBOARD = 'projects/my-project/locations/us-central1/tensorboards/7';
  const LOSS: MetricSeries = { name: '/eval_total_loss', points: [{ step: 20, value: 0.5 }] };
  const LONGER = { ...LOSS, points: [...LOSS.points, { step: 40, value: 0.25 }] };
  const ENDED = {
    state: 'PIPELINE_STATE_SUCCEEDED',
    endTime: '2026-03-01T12:00:00.000Z',
    tasks: UPLOADED,
  };

  async function tuning(tensorboards = [TENSORBOARD]): Promise<{ world: World; job: string }> {
    const world = createWorld({ limits: { defaultTensorboards: tensorboards } });
    world.upload('reviews/train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    await world.deliver();
    return { world, job: world.theRun().status.job?.name ?? '' };
  }

  test('are in the document in short and beside it whole, when the run has succeeded', async () => {
    const { world, job } = await tuning();
    world.metrics.series = [LONGER];
    world.backend.set(job, ENDED);
    await world.poll();
    expect(world.theRun().status).toMatchObject({
      state: 'SUCCEEDED',
      metrics: {
        source: TENSORBOARD,
        matchedBy: 'id',
        step: 40,
        latest: { eval_total_loss: 0.25 },
        best: { step: 40, loss: 0.25 },
      },
    });
    expect(world.runs.metrics.get(world.theRun().runId)?.get('/eval_total_loss')).toEqual(LONGER);
  });

  test('of more steps than are kept are judged whole: the best and the checkpoint are among all of them', async () => {
    const { world, job } = await tuning();
    const best = 4_321;
    const points = Array.from({ length: 9_999 }, (_, step) => ({ step, value: step === best ? 0.1 : 1 }));
    world.metrics.series = [{ ...LOSS, points }];
    const metadata = { 'output:model_resource_name': MODEL, 'output:checkpoint_step': `${best}` };
    world.backend.set(job, { ...ENDED, tasks: [{ name: 'upload-model', state: 'SUCCEEDED', metadata }] });
    await world.poll();
    const { runId, status } = world.theRun();
    expect(status.metrics).toMatchObject({
      best: { step: best, loss: 0.1 },
      step: 9_998,
      points: { eval_total_loss: 1_000 },
    });
    expect(status.result).toMatchObject({ checkpointStep: best, evaluation: { step: best, loss: 0.1 } });
    expect(world.runs.metrics.get(runId)?.get('/eval_total_loss')?.points).toHaveLength(1_000);
  });

  test('grow beside the run while the job runs, and the document is not written for it', async () => {
    const { world, job } = await tuning();
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
    world.metrics.series = [LOSS];
    await world.poll();
    const { writes } = world.runs;
    await world.poll();
    world.metrics.series = [LONGER];
    await world.poll();
    await world.poll();
    expect(world.runs.writes).toBe(writes);
    expect(world.runs.seriesWrites).toBe(2);
  });

  test('bring the progress beside the run with every look, and the run itself costs seven writes', async () => {
    const { world, job } = await tuning();
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
    for (let step = 0; step <= 300; step += 3) {
      world.metrics.series = [{ name: '/train_total_loss', points: [{ step, value: 1 }] }];
      world.pass(60);
      await world.poll();
    }
    const { runId } = world.theRun();
    expect(world.runs.progress.get(runId)).toMatchObject({ job, percent: 100, step: 300, ofSteps: 300 });
    expect(world.runs.progressWrites).toBe(101);
    world.backend.set(job, ENDED);
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED', metrics: { step: 300 } });
    expect(world.runs.writes).toBe(7);
    expect(world.runs.progressWrites).toBe(101);
  });

  test('are whole in the progress once the job has ended', async () => {
    const { world, job } = await tuning();
    world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
    world.metrics.series = [LOSS];
    await world.poll();
    world.metrics.series = [LONGER];
    world.backend.set(job, ENDED);
    await world.poll();
    expect(world.runs.progress.get(world.theRun().runId)).toMatchObject({ step: 40, ofSteps: 300 });
  });

  describe('are found once', () => {
    const TRAIN: MetricSeries = { name: '/train_total_loss', points: [{ step: 1, value: 2 }] };
    const atStep = (step: number): MetricSeries => ({ ...TRAIN, points: [{ step, value: 2 }] });

    async function running() {
      const { world, job } = await tuning();
      world.backend.set(job, { state: 'PIPELINE_STATE_RUNNING' });
      world.metrics.series = [TRAIN];
      await world.poll();
      const look = async (minutes: number) => {
        const { asked, reads } = world.metrics;
        const before = { asked: asked.length, reads: reads.length };
        world.pass(minutes * 60);
        await world.poll();
        return { asked: asked.length - before.asked, reads: reads.length - before.reads };
      };
      return { world, look };
    }

    test('and read by their names from then on, until half an hour has passed', async () => {
      const { world, look } = await running();
      for (const minute of [1, 2, 3]) {
        world.metrics.series = [atStep(10 * minute)];
        expect(await look(1)).toEqual({ asked: 0, reads: 1 });
      }
      expect(await look(26)).toEqual({ asked: 0, reads: 1 });
      world.metrics.series = [atStep(40)];
      expect(await look(1)).toEqual({ asked: 1, reads: 1 });
      expect(await look(1)).toEqual({ asked: 0, reads: 1 });
    });

    test('and others that begin later are found too', async () => {
      const { world, look } = await running();
      world.metrics.series = [atStep(20), LOSS];
      await look(1);
      const { runId } = world.theRun();
      expect(await world.runs.seriesOf(runId)).toHaveLength(1);
      await look(29);
      expect(await world.runs.seriesOf(runId)).toEqual([atStep(20), LOSS]);
    });

    test('and again where they are gone', async () => {
      const { world, look } = await running();
      const { read } = world.metrics;
      world.metrics.read = async (source) => {
        world.metrics.read = read;
        world.metrics.reads.push(source);
        throw new TuneError('permanent', 'gone', { reason: 'NotFound', httpStatus: 404 });
      };
      expect(await look(1)).toEqual({ asked: 1, reads: 2 });
    });

    test('and looked for again at every look as long as there are none', async () => {
      const { world, look } = await running();
      world.runs.progress.clear();
      world.metrics.series = [];
      expect(await look(1)).toMatchObject({ asked: 1 });
      expect(await look(1)).toMatchObject({ asked: 1 });
    });

    test('and a look that brings nothing new writes nothing', async () => {
      const { world, look } = await running();
      const { writes, progressWrites, seriesWrites } = world.runs;
      for (const minutes of [1, 1, 31, 31]) await look(minutes);
      expect(world.runs).toMatchObject({ writes, progressWrites, seriesWrites });
    });
  });

  test('that are late are waited for without a write, for two minutes', async () => {
    const { world, job } = await tuning();
    const { writes } = world.runs;
    world.backend.set(job, ENDED);
    await world.poll();
    world.pass(60);
    await world.poll();
    expect(world.runs.writes).toBe(writes);
    world.metrics.series = [LOSS];
    world.pass(30);
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED', metrics: { step: 20 } });
  });

  test.each([
    { name: 'never come', fault: undefined, said: `${TENSORBOARD} has no metrics of this job.` },
    {
      name: 'cannot be read',
      fault: new TuneError('environment', 'denied', { reason: 'PermissionDenied' }),
      said: 'The metrics could not be read: denied',
    },
  ])('that $name do not keep a run from succeeding', async ({ fault, said }) => {
    const { world, job } = await tuning();
    world.metrics.fault = fault;
    world.backend.set(job, ENDED);
    await world.poll();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    world.pass(120);
    await world.poll();
    expect(world.theRun().status).toMatchObject({
      state: 'SUCCEEDED',
      metrics: { source: TENSORBOARD, absent: said },
    });
  });

  test('that could not be kept keep the run from ending until they are', async () => {
    const { world, job } = await tuning();
    world.metrics.series = [LOSS];
    world.backend.set(job, ENDED);
    const { saveSeries } = world.runs;
    world.runs.saveSeries = () => Promise.reject(new Error('Firestore is away'));
    await world.poll();
    expect(world.theRun().status.state).toBe('SUBMITTED');
    world.runs.saveSeries = saveSeries;
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'SUCCEEDED', metrics: { step: 20 } });
  });

  test('of a job that failed are taken as they are', async () => {
    const { world, job } = await tuning();
    world.metrics.series = [LOSS];
    world.backend.set(job, { ...ENDED, state: 'PIPELINE_STATE_FAILED', tasks: [] });
    await world.poll();
    expect(world.theRun().status).toMatchObject({ state: 'FAILED', metrics: { step: 20 } });
  });

  test('that nobody asked for are not looked for, and the document says why there are none', async () => {
    const { world, job } = await tuning([]);
    world.backend.set(job, ENDED);
    await world.poll();
    expect(world.metrics.asked).toEqual([]);
    expect(world.theRun().status.metrics?.absent).toContain('No TensorBoard was named');
  });
});
