import { Firestore } from '@google-cloud/firestore';
import { expect, test } from 'vitest';
import { showRuns } from '../../cli/start/page/live-runs.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aRunningRun, aSucceededRun } from '../core/report-samples.ts';
import { aProgress } from '../support/runs.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { readEvents } from './page-events.ts';

test('an open page hears of the curves and the progress of a run that trains, and of no other', async () => {
  let change = (_run: Run) => {};
  const watched = new Map<string, () => void>();
  const page = await showRuns({
    ...{ dataDir: temporaryFolder(), inbox: '', cloud: { upload: async () => {}, clientEnvironment: {} } },
    firestore: new Firestore({ projectId: 'nobody-asks', host: '127.0.0.1:1', ssl: false }),
    watch(onRun) {
      change = onRun;
      return () => {};
    },
    watchCurves(runId, onCurves) {
      watched.set(`curves of ${runId}`, () => onCurves([]));
      return () => void watched.delete(`curves of ${runId}`);
    },
    watchProgress(runId, onProgress) {
      watched.set(`progress of ${runId}`, () => onProgress(aProgress()));
      return () => void watched.delete(`progress of ${runId}`);
    },
  });
  const events = await readEvents(page.url);
  const run = aRunningRun();

  change(run);
  expect(await events.next()).toBe('changed');
  expect([...watched.keys()]).toEqual([`curves of ${run.runId}`, `progress of ${run.runId}`]);
  for (const change of watched.values()) {
    change();
    expect(await events.next()).toBe('changed');
  }

  change({ ...aSucceededRun(), runId: run.runId });
  expect(await events.next()).toBe('changed');
  expect([...watched.keys()]).toEqual([]);
  await page.close();
});
