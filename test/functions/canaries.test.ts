import { describe, expect, test } from 'vitest';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { CANARY_FOLDERS, type CanaryFolder, canariesIn } from '../support/canaries.ts';
import { createWorld, RESULTS, type World } from '../support/world.ts';

/** Uploads the folder into a deployment as shipped and lets it go on as far as it goes. */
async function dropInto(world: World, { manifest, files }: CanaryFolder): Promise<void> {
  for (const [name, content] of Object.entries(files)) world.upload(`a/${name}`, content);
  await world.finalized(world.upload('a/tune.json', JSON.stringify(manifest)));
  await world.deliver();
  for (const job of world.backend.jobs.keys()) world.backend.set(job, { state: 'JOB_STATE_SUCCEEDED' });
  for (let minute = 0; minute < 3; minute += 1) {
    world.pass(60);
    await world.poll();
    await world.deliver();
  }
}

/** Everything that the deployment says, by where it says it; the checked and converted copies are data and stay out. */
function sinksOf(world: World): Record<string, string> {
  const { runs, log, published, changes, notices, ignored, objects } = world;
  const files = objects.names(RESULTS).filter((name) => !name.startsWith('staging/'));
  return {
    documents: JSON.stringify([...runs.documents.values()]),
    log: JSON.stringify(log),
    messages: JSON.stringify([published, changes, notices]),
    uploads: JSON.stringify([...ignored]),
    ...Object.fromEntries(
      files.map((name) => [
        gsUri({ bucket: RESULTS, name }),
        `${name} ${objects.text({ bucket: RESULTS, name })}`,
      ]),
    ),
  };
}

describe('no text of an example leaves the data', () => {
  test.each(CANARY_FOLDERS)('$name', async (folder) => {
    const world = createWorld({ limits: { areTextsHidden: true }, config: { datasetWaitMs: 0 } });
    await dropInto(world, folder);
    const sinks = sinksOf(world);
    expect(Object.keys(sinks).some((name) => name.endsWith('status.json'))).toBe(true);
    const told = Object.entries(sinks).flatMap(([sink, text]) =>
      canariesIn(text).map((found) => [sink, found]),
    );
    expect(told).toEqual([]);
  });
});

test('where the deployment shows examples, what all of them begin with stands in the document', async () => {
  const folder = CANARY_FOLDERS.find(({ name }) => name === 'an instruction before every input');
  const world = createWorld();
  if (folder) await dropInto(world, folder);
  const { documents = '' } = sinksOf(world);
  expect(new Set(canariesIn(documents).map((found) => /kanarie\w+?zq/.exec(found)?.[0])).size).toBe(1);
});

test('a label is told where several examples have it', async () => {
  const folder = CANARY_FOLDERS.find(({ name }) => name === 'a classification with texts beside its labels');
  const world = createWorld({ limits: { areTextsHidden: true } });
  if (folder) await dropInto(world, folder);
  const training = world.theRun().status.datasets?.dataset_uri;
  expect(training && 'labels' in training && training.labels).toMatchObject({
    ...{ distinct: 11, top: [{ label: 'good', count: 120 }] },
  });
});
