import { describe, expect, test } from 'vitest';
import { EXAMPLES, evaluationOf, succeed } from '../support/evaluations.ts';
import { createWorld, RESULTS, type World } from '../support/world.ts';

const ANSWER = 'kanarie that the model wrote';

async function evaluatedWorld(areTextsHidden: boolean): Promise<World> {
  const world = createWorld({ limits: { areTextsHidden } });
  await succeed(world);
  world.asker.answer = () => ANSWER;
  await world.deliver();
  expect(evaluationOf(world)).toMatchObject({ state: 'DONE', examples: EXAMPLES });
  return world;
}

const filesWith = (world: World, text: string) =>
  world.objects
    .names(RESULTS)
    .filter((name) => !name.startsWith('staging/'))
    .filter((name) => world.objects.text({ bucket: RESULTS, name })?.includes(text))
    .map((name) => name.replace(/^.*?\/\d+\//, '').replace(/from-\d+/, 'from-N'));

describe.each([
  ['where the deployment shows no examples', true, []],
  ['where it does', false, ['report.html']],
])('%s', (_name, areTextsHidden, reports) => {
  test.each([
    ['what a model answered', ANSWER],
    ['what it was asked', 'held out question number'],
  ])('%s stands in files beside the data, and in no document, log or message', async (_what, text) => {
    const world = await evaluatedWorld(areTextsHidden);
    expect([...new Set(filesWith(world, text))].sort()).toEqual([
      'evaluation/answers-from-N.jsonl',
      'evaluation/answers.jsonl',
      ...reports,
    ]);
    const { runs, log, published, changes, notices } = world;
    const said = JSON.stringify([[...runs.documents.values()], log, published, changes, notices]);
    expect(said).not.toContain(text);
  });
});
