import { expect, test } from 'vitest';
import { terminalOf } from '../../cli/command-line/terminal.ts';
import type { OpenDeployment } from '../../cli/deployment/open.ts';
import { followAndShow } from '../../cli/follow/show.ts';
import { aRun } from '../support/runs.ts';

test('Ctrl-C ends the looking with 130, says that the run goes on, and leaves no listener behind', async () => {
  const run = aRun({ state: 'WAITING' });
  const before = process.listenerCount('SIGINT');
  const open = {
    deployment: { local: { storage: '', firestore: '', vertex: '' } },
    runs: { get: async () => run },
  } as unknown as OpenDeployment;
  let shown = '';
  const terminal = terminalOf({
    write(text: string) {
      shown += text;
      if (text.includes('WAITING')) process.emit('SIGINT');
    },
  });
  const context = { stdout: terminal, stderr: terminal, today: '2026-03-01', folder: '', environment: {} };
  expect(await followAndShow(open, run.runId, { context, json: false })).toEqual({ code: 130 });
  expect(shown).toContain(`the run goes on: npx tunedrop watch ${run.runId}`);
  expect(process.listenerCount('SIGINT')).toBe(before);
});
