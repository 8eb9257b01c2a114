import type { Firestore, Query, QuerySnapshot } from '@google-cloud/firestore';
import { isTerminal, type Run } from '../../shared/core/run/run.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';

/** Runs and their curves as they change, heard by listeners of Google's client. */
export interface RunWatch {
  /** Every run, now and whenever one changes, until the returned function is called. */
  watch(onRun: (run: Run) => void): () => void;
  /** The curves of a run, now and whenever they grow, until the returned function is called. */
  watchCurves(runId: string, onCurves: (series: MetricSeries[]) => void): () => void;
  /** Resolves with the newest run of a manifest when it has ended. */
  follow(manifestUri: string, options?: FollowOptions): Promise<Run>;
  /** Ends every listener. */
  stop(): void;
}

export interface FollowOptions {
  /** Sees every change on the way. */
  onChange?: (run: Run) => void;
  /** Leaves out runs of earlier uploads. */
  isNew?: (run: Run) => boolean;
}

export function createRunWatch(firestore: Firestore): RunWatch {
  const runs = firestore.collection('runs');
  const listeners = new Set<() => void>();
  const listen = (query: Query, onSnapshot: (snapshot: QuerySnapshot) => void): (() => void) => {
    const unsubscribe = query.onSnapshot(onSnapshot);
    const stop = () => {
      listeners.delete(stop);
      unsubscribe();
    };
    listeners.add(stop);
    return stop;
  };
  return {
    watch: (onRun) =>
      listen(runs, (snapshot) => {
        for (const { type, doc } of snapshot.docChanges()) if (type !== 'removed') onRun(doc.data() as Run);
      }),
    watchCurves: (runId, onCurves) =>
      listen(firestore.collection(`runs/${runId}/metrics`), ({ docs }) =>
        onCurves(docs.map((doc) => doc.data() as MetricSeries)),
      ),
    follow: (manifestUri, { onChange = () => {}, isNew = () => true } = {}) =>
      new Promise((resolve) => {
        const stop = listen(runs.where('spec.source.uri', '==', manifestUri), (snapshot) => {
          const newest = newestOf(snapshot.docs.map((doc) => doc.data() as Run).filter(isNew));
          if (!newest) return;
          onChange(newest);
          if (!isTerminal(newest.status.state)) return;
          stop();
          resolve(newest);
        });
      }),
    stop() {
      for (const stop of [...listeners]) stop();
    },
  };
}

function newestOf(runs: Run[]): Run | undefined {
  return runs.reduce<Run | undefined>(
    (newest, run) => (newest && newest.spec.source.timeCreated >= run.spec.source.timeCreated ? newest : run),
    undefined,
  );
}
