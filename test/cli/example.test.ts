import { describe, expect, test } from 'vitest';
import { earlierRun, runExample } from '../../cli/start/example.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aRun, at } from '../support/runs.ts';
import { aScreen } from './a-screen.ts';

const PAGE = 'http://127.0.0.1:9109/';
const OVER = aRun({ state: 'SUCCEEDED', status: { message: 'The model is tuned.', endTime: at(65) } });

test('a run that is over stands in three lines: what it is, what came of it, where to read on', () => {
  expect(earlierRun(OVER, PAGE).trimEnd().split('\n')).toEqual([
    'reviews/tune.json ran before, and is not dropped again.',
    '  SUCCEEDED at 2026-03-01 12:01:05 UTC, after 1 min 5 s: The model is tuned.',
    `  ${PAGE}runs/${OVER.runId}`,
  ]);
});

describe('the example', () => {
  async function start(earlier: Run | undefined) {
    const dropped: string[] = [];
    const { screen, written } = aScreen();
    const stack = {
      manifestUri: (folder: string) => `gs://inbox/${folder}/tune.json`,
      newest: async () => earlier,
      async drop(_folder: string, as: string) {
        dropped.push(as);
        return '';
      },
    };
    await runExample(stack, { screen, pageUrl: PAGE });
    return { dropped, lines: written.join('').trimEnd().split('\n').length };
  }

  test('is dropped into an empty cloud', async () => {
    expect(await start(undefined)).toEqual({ dropped: ['medical-specialty'], lines: 1 });
  });

  test('is not dropped again, whether its run is over or goes on', async () => {
    expect(await start(OVER)).toEqual({ dropped: [], lines: 3 });
    expect(await start(aRun({ state: 'RUNNING' }))).toEqual({ dropped: [], lines: 1 });
  });
});
