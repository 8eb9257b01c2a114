import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { plan } from '../../cli/plan/command.ts';
import { buildJobRequest } from '../../shared/core/tuning/job-request.ts';
import { ROOT } from '../support/repo-files.ts';
import { createWorld } from '../support/world.ts';
import { carryOut } from './command-line.ts';

/** Uploads an example into a folder of its own name and lets the validate function look at it. */
async function uploaded(example: string) {
  const world = createWorld({ config: { datasetWaitMs: 0 } });
  const dir = join(ROOT, 'examples', example);
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  for (const name of readdirSync(dir).filter((file) => file.endsWith('.jsonl'))) {
    world.upload(`${example}/${name}`, read(name));
  }
  await world.finalized(world.upload(`${example}/tune.json`, read('tune.json')));
  return { dir, run: world.theRun() };
}

test.each([['has-mistakes'], ['medical-specialty'], ['waits-for-data']])(
  'check says of %s what the validate function says of its upload',
  async (example) => {
    const { dir, run } = await uploaded(example);
    const { stdout } = await carryOut(check, dir, '--json');
    const ours = JSON.parse(stdout.replaceAll(`${dir}/`, `gs://inbox/${example}/`));
    const theirs = (run.status.issues ?? []).map(
      ({ found: _found, expected: _expected, remedy, ...issue }) => ({
        ...issue,
        message: `${issue.message} ${remedy}`,
      }),
    );
    expect(ours.issueCount).toEqual(run.status.issueCount);
    expect(ours.datasets).toEqual(run.status.datasets ?? {});
    expect(ours.issues).toHaveLength(theirs.length);
    expect(ours.issues).toEqual(expect.arrayContaining(theirs));
  },
);

test('plan prints the request that submit builds from the run of the same upload', async () => {
  const { dir, run } = await uploaded('medical-specialty');
  if (!run.spec.plan) throw new Error('the run has no plan');
  const { method, url, query, body } = buildJobRequest(run.spec.plan);
  const args = ['--project', 'my-project', '--bucket', 'gs://inbox/medical-specialty', '--json'];
  const known = ['--results', 'gs://results', '--generation', run.spec.source.generation];
  const { stdout } = await carryOut(plan, dir, ...args, ...known);
  expect(JSON.parse(stdout)).toEqual({ method, url, query, body });
});
