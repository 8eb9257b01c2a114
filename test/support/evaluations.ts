import type { Run } from '../../shared/core/run/run.ts';
import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { createFakeBackend } from './fake-backend.ts';
import { aManifest, createWorld, examples, RESULTS, type World } from './world.ts';

/** Examples of the evaluation file. */
export const EXAMPLES = 25;

const UPLOADED = {
  name: 'upload-llm-model',
  state: 'SUCCEEDED',
  metadata: {
    'output:model_resource_name': 'projects/123/locations/us-central1/models/9',
    'output:endpoint_resource_name': 'projects/123/locations/us-central1/endpoints/7',
  },
};

/** A folder with evaluation data is dropped, and its job succeeds, after its document was given another status where that is asked for; the world is as the tick that saw it leaves it. */
export async function succeed(
  world: World,
  manifest: object = {},
  statusOf?: (run: Run) => Run['status'],
): Promise<World> {
  world.upload('reviews/train.jsonl', examples(120));
  world.upload('reviews/eval.jsonl', examples(EXAMPLES, 'held out'));
  const keys = { evaluation_data_uri: 'eval.jsonl', ...manifest };
  await world.finalized(world.upload('reviews/tune.json', aManifest(keys)));
  await world.deliver();
  const [name = ''] = world.backend.jobs.keys();
  if (statusOf) {
    const run = world.theRun();
    world.runs.documents.set(run.runId, { ...run, status: statusOf(run) });
    await world.poll();
  }
  world.backend.set(name, { state: 'PIPELINE_STATE_SUCCEEDED', tasks: [UPLOADED] });
  await world.poll();
  return world;
}

const endpointAt = (id: number) => `projects/123/locations/us-central1/endpoints/${id}`;

/** A tuned Gemini with three checkpoints, the last of which is served, as the tick leaves it that saw the end of its job. */
export async function succeedGemini(manifest: object = {}): Promise<World> {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const world = createWorld({ backend });
  world.upload('reviews/train.jsonl', examples(120));
  world.upload('reviews/eval.jsonl', examples(EXAMPLES, 'held out'));
  const keys = {
    ...{ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl', evaluation_data_uri: 'eval.jsonl' },
    ...{ epoch_count: 3, ...manifest },
  };
  await world.finalized(world.upload('reviews/tune.json', JSON.stringify(keys)));
  await world.deliver();
  const says: Partial<JobObservation> = {
    outputs: {
      ...{ model: 'projects/123/locations/us-central1/models/9@1', endpoint: endpointAt(3) },
      checkpoints: [1, 2, 3].map((id) => ({
        id: `${id}`,
        epoch: id,
        step: 15 * id,
        endpoint: endpointAt(id),
      })),
    },
  };
  backend.observe = async () => async (name) => ({
    ...{ name, state: 'JOB_STATE_SUCCEEDED', phase: 'succeeded', labels: {}, outputs: {} },
    ...says,
  });
  await world.poll();
  return world;
}

export const evaluationOf = (world: World) => world.theRun().status.evaluation;

/** The rows of the file of all answers; none where it is not there. */
export function answersIn(world: World): Record<string, unknown>[] {
  const name = world.objects.names(RESULTS).find((file) => file.endsWith('/evaluation/answers.jsonl')) ?? '';
  const text = world.objects.text({ bucket: RESULTS, name }) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
