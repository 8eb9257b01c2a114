import type { Firestore, Query, QueryDocumentSnapshot, QuerySnapshot } from '@google-cloud/firestore';
import { type IgnoredUpload, IgnoredUploadSchema } from '../../shared/core/objects/ignored.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { readableRun } from '../../shared/core/run/versions.ts';
import { type MetricSeries, MetricSeriesSchema } from '../../shared/core/tuning/metrics.ts';
import { type RunProgress, RunProgressSchema } from '../../shared/core/tuning/run-progress.ts';

/** Runs, their curves and their progress as they change, heard by listeners of Google's client. */
export interface RunWatch {
  /** Every run, now and whenever one changes, until the returned function is called. */
  watch(onRun: (run: Run) => void): () => void;
  /** The curves of a run, now and whenever they grow, until the returned function is called. */
  watchCurves(runId: string, onCurves: (series: MetricSeries[]) => void): () => void;
  /** How far the job of a run is, now and whenever that changes, until the returned function is called. */
  watchProgress(runId: string, onProgress: (progress: RunProgress) => void): () => void;
  /** Uploads that start nothing, of those that are noted from `since` on, until the returned function is called. */
  watchIgnored(since: string, onUpload: (upload: IgnoredUpload) => void): () => void;
  /** Resolves with the newest run of a manifest when it has ended, or when `isOver` says so. */
  follow(manifestUri: string, options?: FollowOptions): Promise<Run>;
  /** The newest run of a manifest that did something: no repetition of another. */
  newest(manifestUri: string): Promise<Run | undefined>;
  /** Ends every listener. */
  stop(): void;
}

export interface FollowOptions {
  /** Sees every change on the way. */
  onChange?: (run: Run) => void;
  /** Leaves out runs of earlier uploads. */
  isNew?: (run: Run) => boolean;
  /** Waits for more than the end of the run. */
  isOver?: (run: Run) => boolean;
}

export function createRunWatch(firestore: Firestore): RunWatch {
  const runs = firestore.collection('runs');
  const listeners = new Set<() => void>();
  const ofManifest = (uri: string) => runs.where('spec.source.uri', '==', uri);
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
        const changed = snapshot.docChanges().filter(({ type }) => type !== 'removed');
        for (const run of runsIn(changed.map(({ doc }) => doc))) onRun(run);
      }),
    watchCurves: (runId, onCurves) =>
      listen(firestore.collection(`runs/${runId}/metrics`), ({ docs }) =>
        onCurves(docs.map((doc) => MetricSeriesSchema.parse(doc.data()))),
      ),
    watchProgress: (runId, onProgress) =>
      listen(firestore.collection(`runs/${runId}/progress`), ({ docs }) => {
        for (const doc of docs) onProgress(RunProgressSchema.parse(doc.data()));
      }),
    watchIgnored: (since, onUpload) =>
      listen(firestore.collection('uploads').where('noticedTime', '>=', since), (snapshot) => {
        const noted = snapshot.docChanges().filter(({ type }) => type !== 'removed');
        for (const { doc } of noted) onUpload(IgnoredUploadSchema.parse(doc.data()));
      }),
    follow: (manifestUri, { onChange = () => {}, isNew = () => true, isOver = hasEnded } = {}) =>
      new Promise((resolve) => {
        const stop = listen(ofManifest(manifestUri), (snapshot) => {
          const newest = newestOf(runsIn(snapshot.docs).filter(isNew));
          if (!newest) return;
          onChange(newest);
          if (!isOver(newest)) return;
          stop();
          resolve(newest);
        });
      }),
    async newest(manifestUri) {
      const { docs } = await ofManifest(manifestUri).get();
      return newestOf(runsIn(docs).filter(({ status }) => status.sameAs === undefined));
    },
    stop() {
      for (const stop of [...listeners]) stop();
    },
  };
}

const hasEnded = ({ status }: Run) => isTerminal(status.state);

/** Those that this version can read. */
function runsIn(docs: QueryDocumentSnapshot[]): Run[] {
  return docs.flatMap((doc) => readableRun(doc.data()) ?? []);
}

/** Runs of one upload of a manifest follow each other when they go on from another with new data. */
const keyOf = ({ spec, status }: Run) => `${spec.source.timeCreated} ${status.createTime}`;

/** The runs of a sweep stand behind that of its manifest. */
function newestOf(runs: Run[]): Run | undefined {
  const own = runs.filter(({ spec }) => spec.sweepOf === undefined);
  return own.reduce<Run | undefined>(
    (newest, run) => (newest && keyOf(newest) >= keyOf(run) ? newest : run),
    undefined,
  );
}
