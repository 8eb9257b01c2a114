import { describe, expect, test } from 'vitest';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { textOf } from '../core/report-markup.ts';
import { drop } from '../support/drop.ts';
import { createWorld, RESULTS, type World } from '../support/world.ts';

/** Two dry runs of one folder, one after the other; gives the page of the later one. */
async function reportOfTheSecond(world: World): Promise<string> {
  const first = await drop(world, 'reviews/first', { dry_run: true });
  world.pass(3600);
  await world.finalized(
    world.upload(
      'reviews/first/tune.json',
      `{"base_model": "text-bison@002", "dataset_uri": "train.jsonl", "dry_run": true, "train_steps": 77}`,
    ),
  );
  const [later] = [...world.runs.documents.values()].filter(({ runId }) => runId !== first);
  const name = `${(later?.status.report ?? '').replace(`gs://${RESULTS}/`, '')}`;
  return textOf(world.objects.text({ bucket: RESULTS, name }) ?? '');
}

describe('the report of a run', () => {
  test('has the earlier runs of its manifest at its foot', async () => {
    const report = await reportOfTheSecond(createWorld());
    expect(report).toContain('The earlier runs of this manifest');
    expect(report).toMatch(/PLANNED train_steps \d+/);
  });

  test('is written without them where they cannot be read, as without the index', async () => {
    const world = createWorld();
    world.runs.listEarlierOf = () =>
      Promise.reject(new TuneError('permanent', 'The query requires an index.', { reason: 'NoIndex' }));
    const report = await reportOfTheSecond(world);
    expect(report).toContain('PLANNED');
    expect(report).not.toContain('The earlier runs');
  });
});
