import { describe, expect, test } from 'vitest';
import { type Run, SCHEMA_VERSION } from '../../shared/core/run/run.ts';
import { withBoundary } from '../../shared/runtime/boundary.ts';
import { createLog } from '../support/log.ts';
import { aManifest, createWorld, examples, type World } from '../support/world.ts';

/** Two runs that are followed; the first one's document becomes what `change` makes of it. */
async function withOneChanged(change: (run: Run) => unknown): Promise<{ world: World; changed: string }> {
  const world = createWorld();
  for (const folder of ['one', 'two']) {
    world.upload(`${folder}/train.jsonl`, examples(120, folder));
    await world.finalized(world.upload(`${folder}/tune.json`, aManifest()));
  }
  await world.deliver();
  const [changed = ''] = world.runs.documents.keys();
  // As another version of the product, or a person, may have written it.
  world.runs.documents.set(changed, change(structuredClone(documentOf(world, changed))) as Run);
  for (const name of world.backend.jobs.keys()) world.backend.set(name, { state: 'PIPELINE_STATE_RUNNING' });
  return { world, changed };
}

function documentOf(world: World, runId: string): Run {
  const run = world.runs.documents.get(runId);
  if (!run) throw new Error(`there is no ${runId}`);
  return run;
}

const otherOf = (world: World, runId: string) =>
  [...world.runs.documents.values()].find((run) => run.runId !== runId)?.status.state;

const asLater = (run: Run) => ({
  ...run,
  schemaVersion: SCHEMA_VERSION + 1,
  status: { ...run.status, state: 'DISTILLING' },
});
const broken = ({ work, ...run }: Run) => ({ ...run, work: { ...work, attempts: 'many' } });

describe.each([
  { name: 'a later version wrote', change: asLater, reason: 'NewerDocument', severity: 'WARNING' },
  { name: 'cannot be read', change: broken, reason: 'UnreadableDocument', severity: 'ERROR' },
])('a document that $name', ({ change, reason, severity }) => {
  test('stops no tick, is left as it is, and is named once in the log', async () => {
    const { world, changed } = await withOneChanged(change);
    const before = structuredClone(documentOf(world, changed));
    for (let tick = 0; tick < 3; tick++) {
      await world.poll();
      world.pass(60);
    }
    expect(otherOf(world, changed)).toBe('RUNNING');
    expect(documentOf(world, changed)).toEqual(before);
    const entries = world.log.filter(({ fields }) => fields?.document === `runs/${changed}`);
    expect(entries).toMatchObject([{ severity, message: 'a document is left out', fields: { reason } }]);
  });

  test.each(['submit', 'validate'] as const)(
    'has its %s request acknowledged, with the reason in the log',
    async (action) => {
      const { world, changed } = await withOneChanged(change);
      const before = structuredClone(documentOf(world, changed));
      const { entries, logger } = createLog();
      await withBoundary(() => () => world[action](changed), logger)(undefined);
      expect(entries).toMatchObject([{ fields: { kind: 'permanent', reason } }]);
      expect(documentOf(world, changed)).toEqual(before);
    },
  );
});

test('a run of a later version goes on where it was once that version is there again', async () => {
  const { world, changed } = await withOneChanged(asLater);
  await world.poll();
  const { status, ...later } = documentOf(world, changed);
  world.runs.documents.set(changed, {
    ...later,
    schemaVersion: SCHEMA_VERSION,
    status: { ...status, state: 'SUBMITTED' },
  });
  await world.poll();
  expect(documentOf(world, changed).status.state).toBe('RUNNING');
});
