import { expect, test } from 'vitest';
import { aManifest, createWorld, examples } from '../support/world.ts';

const SEPARATED = { limits: { areTeamsSeparated: true } };

/** What was read of the data of another team. */
const readOfPayroll = (reads: readonly string[]) => reads.filter((read) => read.includes('payroll'));

test.each(['../../payroll/train.jsonl', 'gs://inbox/payroll/train.jsonl', '../../train.jsonl'])(
  'a manifest that names %s of another team is refused, and nothing of that file is looked at',
  async (dataset_uri) => {
    const world = createWorld(SEPARATED);
    world.upload('payroll/train.jsonl', examples(120));
    world.upload('train.jsonl', examples(120));
    await world.finalized(world.upload('reviews/daily/tune.json', aManifest({ dataset_uri })));
    expect(world.theRun().status.state).toBe('REJECTED');
    expect(world.theRun().status.issues?.map(({ code }) => code)).toContain('outside_team_folder');
    expect(readOfPayroll(world.objects.reads)).toEqual([]);
  },
);

test('a manifest goes up to the top-level folder of its team', async () => {
  const world = createWorld(SEPARATED);
  world.upload('reviews/train.jsonl', examples(120));
  const manifest = aManifest({ dataset_uri: '../../train.jsonl' });
  await world.finalized(world.upload('reviews/daily/late/tune.json', manifest));
  expect(world.theRun().status.state).toBe('VALIDATED');
});

test('whether the file of another team is there is not told', async () => {
  const told = async (name: string) => {
    const world = createWorld(SEPARATED);
    world.upload('payroll/there.jsonl', examples(120));
    const manifest = aManifest({ dataset_uri: `../payroll/${name}.jsonl` });
    await world.finalized(world.upload('reviews/tune.json', manifest));
    const { state, issues } = world.theRun().status;
    return [state, issues?.map(({ code, line }) => `${code} ${line}`)];
  };
  expect(await told('there')).toEqual(await told('not-there'));
});
