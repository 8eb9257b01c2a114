import { storageReader } from '../../../local/vertex/storage/storage-reader.ts';
import type { Run } from '../../../shared/core/run/run.ts';
import { MetricSeriesSchema } from '../../../shared/core/tuning/metrics.ts';
import { RunProgressSchema } from '../../../shared/core/tuning/run-progress.ts';
import { answersOf } from '../evaluation.ts';
import { logFileOf, type Stack } from '../stack.ts';
import { createPageActions, type InboxOfStack } from './inbox-actions.ts';
import { readRunLog } from './log.ts';
import { type LivePage, startLivePage } from './server.ts';

type ShownStack = Pick<Stack, 'watch' | 'watchCurves' | 'watchProgress' | 'firestore'> &
  InboxOfStack & {
    cloud: Pick<Stack['cloud'], 'clientEnvironment'>;
  };

/** Serves the page of all runs, kept up to date by listeners of Google's client: on the runs, and on what lies below those that train. */
export async function showRuns(stack: ShownStack, port = 0): Promise<LivePage> {
  const runs = new Map<string, Run>();
  const training = new Map<string, () => void>();
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  const watchTraining = ({ runId, status: { state } }: Run) => {
    if (state === 'RUNNING' && !training.has(runId)) {
      const stops = [stack.watchCurves(runId, notify), stack.watchProgress(runId, notify)];
      training.set(runId, () => {
        for (const stop of stops) stop();
      });
    }
    if (state === 'RUNNING') return;
    training.get(runId)?.();
    training.delete(runId);
  };
  stack.watch((run) => {
    runs.set(run.runId, run);
    watchTraining(run);
    notify();
  });
  return startLivePage({
    port,
    runs: () => [...runs.values()],
    seriesOf: async (runId) => {
      const curves = await stack.firestore.collection(`runs/${runId}/metrics`).get();
      return curves.docs.map((doc) => MetricSeriesSchema.parse(doc.data()));
    },
    progressOf: async (runId) => {
      const latest = await stack.firestore.doc(`runs/${runId}/progress/latest`).get();
      return RunProgressSchema.safeParse(latest.data()).data;
    },
    logOf: (runId) => readRunLog(logFileOf(stack.dataDir), runId),
    actions: createPageActions(stack),
    answersOf: (run) => answersOf(run, stack.cloud.clientEnvironment.STORAGE_EMULATOR_HOST ?? ''),
    linesOf: (uri) => linesOfCopy(uri, stack.cloud.clientEnvironment.STORAGE_EMULATOR_HOST ?? ''),
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
  });
}

/** Larger files are not read into memory. */
const MOST_BYTES = 200_000_000;

async function linesOfCopy(uri: string, storage: string): Promise<string[] | string> {
  const file = await storageReader(storage)(uri);
  if (file?.lines === undefined) return `its copy ${uri} is gone`;
  if (file.size > MOST_BYTES) return `${uri} has more than 200 MB`;
  const lines: string[] = [];
  for await (const line of file.lines()) lines.push(line);
  return lines;
}
