import { expect, test } from 'vitest';
import { terminalOf } from '../../cli/command-line/terminal.ts';
import { CallFailed } from '../../cli/deployment/call.ts';
import type { OpenDeployment } from '../../cli/deployment/open.ts';
import { followAndShow } from '../../cli/follow/show.ts';
import type { Run } from '../../shared/core/run/run.ts';
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

/** A terminal that keeps what it shows. */
function aTerminal() {
  let text = '';
  const terminal = terminalOf({
    write(part: string) {
      text += part;
    },
  });
  return { terminal, shown: () => text };
}

test('a run is followed until its model was evaluated, and the end says whether it is better', async () => {
  const evaluation = { reason: 'R', message: '3 of 8 examples are answered.' };
  const at = (revision: number, state: 'RUNNING' | 'DONE', message = evaluation.message): Run => {
    const { status, work, ...run } = aRun({ state: 'SUCCEEDED' });
    const found = { ...evaluation, state, message };
    return { ...run, status: { ...status, model: 'm', evaluation: found }, work: { ...work, revision } };
  };
  const looks = [at(1, 'RUNNING'), at(2, 'RUNNING'), at(3, 'DONE', 'The tuned model is better.')];
  const { terminal, shown } = aTerminal();
  const open = {
    deployment: { local: { storage: '', firestore: '', vertex: '' } },
    runs: { get: async () => (looks.length > 1 ? looks.shift() : looks[0]) },
  } as unknown as OpenDeployment;
  const context = { stdout: terminal, stderr: terminal, today: '2026-03-01', folder: '', environment: {} };
  expect(await followAndShow(open, 'r', { context, json: false })).toMatchObject({ code: 0 });
  expect(shown().match(/3 of 8 examples/g)).toHaveLength(1);
  expect(shown()).toMatch(/better\? +The tuned model is better\./);
});

test('a database that does not answer for a while is told once, and is no document that is missing', async () => {
  let looks = 0;
  const { terminal, shown } = aTerminal();
  const open = {
    deployment: { local: { storage: '', firestore: '', vertex: '' } },
    runs: {
      async get() {
        looks += 1;
        if (looks > 1 && looks < 15) throw new CallFailed('The database does not answer.');
        return aRun({ state: looks === 1 ? 'RECEIVED' : 'REJECTED' });
      },
    },
  } as unknown as OpenDeployment;
  const context = { stdout: terminal, stderr: terminal, today: '2026-03-01', folder: '', environment: {} };
  expect(await followAndShow(open, 'r', { context, json: false })).toMatchObject({ code: 1 });
  expect(shown().match(/The database does not answer/g)).toHaveLength(1);
  expect(shown()).not.toContain('There is no document');
});
