import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { startMetadata } from '../../local/metadata/server.ts';
import type { LocalService } from '../../local/service.ts';
import { startVertex, type VertexService } from '../../local/vertex/server.ts';
import { standInTrainer, type Trainer } from '../../local/vertex/training/trainer.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import { locateIn } from '../../shared/core/manifest/manifest.ts';
import { digest } from '../../shared/core/objects/digest.ts';
import { summaryOf } from '../../shared/core/tuning/metrics.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { resultOf } from '../../shared/core/tuning/results.ts';
import { MANIFEST_URI, someLimits } from '../support/manifests.ts';
import { serviceOptions } from '../support/service-options.ts';

const PROJECT = { projectId: 'my-project', projectNumber: '123456' };
const TENSORBOARD = 'projects/my-project/locations/us-central1/tensorboards/7';

/** Tells of a tuning that never was, so that the way of its numbers can be followed. */
const talkative: Trainer = {
  ...standInTrainer,
  async *tune() {
    for (const step of [1, 2, 3]) {
      yield {
        kind: 'measured',
        measurement: { of: 'train', step, loss: 4 - step, accuracy: 0.25 * step, predictions: 30 },
      };
    }
    yield { kind: 'measured', measurement: { of: 'eval', step: 2, loss: 0, accuracy: 0.5, predictions: 90 } };
    yield { kind: 'finished' };
  },
};

const clock = createSteppableClock();
const faults = createFaultScript();
let vertex: VertexService;
let metadata: LocalService;

beforeAll(async () => {
  metadata = await startMetadata({
    ...serviceOptions(),
    ...PROJECT,
    email: 'poll@my-project.iam.gserviceaccount.com',
  });
  process.env.GCE_METADATA_HOST = metadata.address;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  vertex = await startVertex({
    ...serviceOptions({ clock, faults }),
    ...PROJECT,
    readObject: async () => ({ size: 1000, generation: '1' }),
    trainer: talkative,
    tensorboards: [TENSORBOARD],
  });
});
afterAll(async () => {
  await vertex.close();
  await metadata.close();
});

test('the curves of a job come out of the embedded TensorBoard as they were measured', async () => {
  const client = createVertexClient(`http://${vertex.address}`);
  const backend = createPipelineJobsBackend(client, PROJECT.projectId);
  const { plan } = planRun({
    manifest: { base_model: 'text-bison@002', dataset_uri: 'gs://inbox/team/reviews/train.jsonl' },
    folderName: 'reviews',
    runId: `r${digest('curves').slice(0, 40)}`,
    limits: someLimits({ defaultTensorboards: [TENSORBOARD] }),
    locate: locateIn(MANIFEST_URI),
  });
  const reader = createTensorboardReader(client);
  const { job } = await backend.create(plan, 1);
  expect(await reader.find(TENSORBOARD, job)).toBeUndefined();
  await clock.advance(60_000);
  const ended = await (await backend.observe([job.name]))(job.name);
  if (!ended) throw new Error('the job was not seen');
  expect(ended.state).toBe('PIPELINE_STATE_SUCCEEDED');
  const found = await reader.find(TENSORBOARD, ended);
  expect(found?.matchedBy).toBe('id');
  const before = Object.values(faults.calls()).reduce((sum, count) => sum + count, 0);
  const read = found && (await reader.read(found));
  const after = Object.values(faults.calls()).reduce((sum, count) => sum + count, 0);
  expect(after - before, 'calls of a look at curves whose names are known').toBe(1);
  expect(summaryOf(read?.series ?? [])).toEqual({
    step: 3,
    latest: {
      train_total_loss: 1,
      train_fraction_of_correct_next_step_preds: 0.75,
      train_num_predictions: 30,
      eval_total_loss: 0,
      eval_fraction_of_correct_next_step_preds: 0.5,
      eval_num_predictions: 90,
    },
    best: { step: 2, loss: 0, tokenAccuracy: 0.5 },
    points: {
      train_total_loss: 3,
      train_fraction_of_correct_next_step_preds: 3,
      train_num_predictions: 3,
      eval_total_loss: 1,
      eval_fraction_of_correct_next_step_preds: 1,
      eval_num_predictions: 1,
    },
  });
  expect(resultOf(ended, plan)).toMatchObject({
    version: '1',
    endpoint: expect.stringContaining('/endpoints/'),
  });
});
