import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { answersText } from '../../cli/start/evaluation.ts';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { changedExample, jobsIn, resultText } from './example-folders.ts';

/** A training gives way to everything else on the machine: where much else runs, it takes its time. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const STEPS = [2, 4, 8];
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ dataDir: temporaryFolder(), scheduleMs: 200, taskMs: 20 });
});
afterAll(() => stack.close());

test('three numbers of steps are three jobs, really tuned and asked, and the document of the manifest has the table and the winner', async () => {
  const folder = changedExample('text-bison-32k', {
    train_steps: STEPS,
    evaluation_interval: 2,
    evaluate: 10,
  });
  const manifest = await stack.drop(folder, 'sweep');
  const run = await stack.follow(manifest, { isOver: ({ status }) => isTerminal(status.state) });
  const { status } = run;
  expect(status).toMatchObject({ state: 'SUCCEEDED', reason: 'SweepEnded' });
  expect(status.sweep?.runs).toMatchObject(
    STEPS.map((train_steps, place) => ({
      ...{ index: place + 1, settings: { train_steps }, state: 'SUCCEEDED' },
      answers: { examples: expect.any(Number), value: expect.any(Number) },
      model: expect.stringContaining('/models/'),
    })),
  );

  const rows = status.sweep?.runs ?? [];
  const best = Math.max(...rows.map(({ answers }) => answers?.value ?? -1));
  const winner = rows.find(({ answers }) => answers?.value === best);
  expect(status.sweep?.winner).toMatchObject({ index: winner?.index, runId: winner?.runId, by: 'answers' });
  const [, ofWinner] = status.message.split(
    `All 3 runs succeeded. ${status.sweep?.sentence} For train_steps ${winner?.settings.train_steps}: `,
  );
  expect(ofWinner).toMatch(/ tuned model .* its base .* on \d+ examples\./);
  expect(status.model).toBe(winner?.model);
  const shown = await answersText(run, stack, 100);
  expect(shown).toMatch(new RegExp(`^Run ${winner?.index}, the best of the sweep, answered:\n {2}Line \\d`));
  expect(shown.match(/^ {2}Expected /gm)).toHaveLength(3);

  const jobs = await jobsIn(stack);
  expect(jobs).toHaveLength(3);
  const report = await resultText(stack, status.report);
  for (const { runId } of rows) expect(report).toContain(runId);
  expect(report).toContain('train_steps 8');
});
