import type { Run } from '../../shared/core/run/run.ts';
import { aManifest, examples, type World } from './world.ts';

/** Examples of the evaluation file. */
const EVALUATED = 25;

const UPLOADED = (model: string) => ({
  name: 'upload-llm-model',
  state: 'SUCCEEDED',
  metadata: {
    'output:model_resource_name': `projects/123/locations/us-central1/models/${model}`,
    'output:endpoint_resource_name': `projects/123/locations/us-central1/endpoints/${model}`,
  },
});

/** A folder whose manifest has a list of steps is dropped; nothing that follows was delivered yet. */
export async function dropSweep(world: World, manifest: object = {}): Promise<void> {
  world.upload('reviews/train.jsonl', examples(120));
  world.upload('reviews/eval.jsonl', examples(EVALUATED, 'held out'));
  const keys = { train_steps: [100, 200, 500], evaluation_data_uri: 'eval.jsonl', ...manifest };
  await world.finalized(world.upload('reviews/tune.json', aManifest(keys)));
}

/** The run of the manifest. */
export function parentIn(world: World): Run {
  const [parent, ...others] = [...world.runs.documents.values()].filter(({ spec }) => !spec.sweepOf);
  if (!parent || others.length > 0) throw new Error('expected one run that belongs to no sweep');
  return parent;
}

/** The runs of its sweep, in their order. */
export function sweptIn(world: World): Run[] {
  const indexOf = ({ spec }: Run) => spec.sweepOf?.index ?? 0;
  return [...world.runs.documents.values()]
    .filter(({ spec }) => spec.sweepOf)
    .toSorted((a, b) => indexOf(a) - indexOf(b));
}

/** The job of each of them ends; by default well. */
export function endJobs(world: World, states: readonly string[] = []): void {
  for (const [place, { status }] of sweptIn(world).entries()) {
    const state = states[place] ?? 'PIPELINE_STATE_SUCCEEDED';
    const tasks = state === 'PIPELINE_STATE_SUCCEEDED' ? [UPLOADED(`${place + 1}`)] : [];
    world.backend.set(status.job?.name ?? '', { state, tasks });
  }
}

/** Everything that is due is done, a few ticks long. */
export async function settle(world: World, ticks = 4): Promise<void> {
  for (let tick = 0; tick < ticks; tick++) {
    await world.deliver();
    world.pass(60);
    await world.poll();
  }
  await world.deliver();
}
