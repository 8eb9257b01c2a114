import { FieldPath, Firestore, type Transaction } from '@google-cloud/firestore';
import { TuneError } from '../core/errors/errors.ts';
import { gsUri } from '../core/objects/gs-uri.ts';
import { decideApply, decidePublished } from '../core/run/apply.ts';
import { type ClaimRequest, type ClaimResult, decideClaim } from '../core/run/claim.ts';
import { ACTIVE_STATES, OVER_LIMIT } from '../core/run/concurrency.ts';
import { manifestIdOf } from '../core/run/ids.ts';
import { NEXT_ACTIONS, type Run } from '../core/run/run.ts';
import { isSameSeries, type MetricSeries, metricKey } from '../core/tuning/metrics.ts';
import { modelId } from '../core/tuning/results.ts';
import type { ProjectNotes, RunStore } from '../ports.ts';

export function createFirestore(project: string, databaseId: string): Firestore {
  return new Firestore({ projectId: project, databaseId, ignoreUndefinedProperties: true });
}

/**
 * Runs in Firestore: `runs/{runId}`, its sub-collection `metrics`, `manifests/{manifestId}`, which points to the newest
 * run of a path, and `models/{modelId}`. Transaction bodies are pure but for the transaction itself: the client runs them again on contention,
 * also after a commit whose answer was lost.
 */
export function createFirestoreRunStore(firestore: Firestore): RunStore {
  const runs = firestore.collection('runs');
  const manifests = firestore.collection('manifests');
  const models = firestore.collection('models');

  const read = async (transaction: Transaction, runId: string): Promise<Run | undefined> =>
    (await transaction.get(runs.doc(runId))).data() as Run | undefined;

  const readCompetitors = async (transaction: Transaction): Promise<Run[]> => {
    const active = await transaction.get(runs.where('status.state', 'in', [...ACTIVE_STATES]));
    const waiting = await transaction.get(runs.where('status.reason', '==', OVER_LIMIT));
    return [...active.docs, ...waiting.docs].map((doc) => doc.data() as Run);
  };

  const claimIn = (transaction: Transaction, run: Run, request: ClaimRequest): ClaimResult => {
    const decision = decideClaim(run, request);
    if (decision.outcome === 'claimed') transaction.set(runs.doc(run.runId), decision.run);
    return decision;
  };

  return {
    async get(runId) {
      return (await runs.doc(runId).get()).data() as Run | undefined;
    },

    open: (run, request) =>
      firestore.runTransaction(async (transaction) => {
        const pointer = manifests.doc(manifestIdOf(run.spec.source));
        const [there, pointed] = await Promise.all([read(transaction, run.runId), transaction.get(pointer)]);
        const result = claimIn(transaction, there ?? run, request);
        const { uri, bucket, name, generation, timeCreated } = run.spec.source;
        if (!there && !((pointed.get('timeCreated') ?? '') > timeCreated)) {
          transaction.set(pointer, { uri, bucket, name, generation, timeCreated, runId: run.runId });
        }
        return result;
      }),

    claim: (runId, request) =>
      firestore.runTransaction(async (transaction) => {
        const run = await read(transaction, runId);
        return run && claimIn(transaction, run, request);
      }),

    apply: (runId, event, now, options = {}) =>
      firestore.runTransaction(async (transaction) => {
        const run = await read(transaction, runId);
        if (!run) throw new TuneError('permanent', `there is no run ${runId}`, { reason: 'NoSuchRun' });
        const { uniqueFingerprint } = options;
        const twins = uniqueFingerprint
          ? await transaction.get(runs.where('spec.fingerprint', '==', uniqueFingerprint))
          : undefined;
        const sameFingerprint = (twins?.docs ?? []).map((doc) => doc.data() as Run);
        const competitors = options.maxActiveJobs !== undefined ? await readCompetitors(transaction) : [];
        const decision = decideApply({ run, event, now, sameFingerprint, competitors }, options);
        if (decision.outcome === 'changed') {
          transaction.set(runs.doc(runId), decision.run);
          if (options.model) transaction.set(models.doc(modelId(options.model.model)), options.model);
        }
        return decision;
      }),

    async listDue(now, limit, after) {
      const due = runs
        .where('work.nextActionAt', '<=', now)
        .orderBy('work.nextActionAt')
        .orderBy(FieldPath.documentId())
        .limit(limit);
      const page = after ? due.startAfter(after.work.nextActionAt, after.runId) : due;
      return (await page.get()).docs.map((doc) => doc.data() as Run);
    },

    async listWaitingFor(uri) {
      const waiting = await runs.where('work.waitingFor', 'array-contains', uri).get();
      return waiting.docs.map((doc) => doc.data() as Run);
    },

    async listActiveOf(source) {
      const active = await runs
        .where('spec.source.uri', '==', gsUri(source))
        .where('work.nextAction', 'in', [...NEXT_ACTIONS])
        .get();
      return active.docs.map((doc) => doc.data() as Run);
    },

    async saveSeries(runId, series) {
      if (series.length === 0) return 0;
      const curves = runs.doc(runId).collection('metrics');
      const there = await firestore.getAll(...series.map(({ name }) => curves.doc(metricKey(name))));
      const changed = series.filter(
        (one, index) => !isSameSeries(one, there[index]?.data() as MetricSeries | undefined),
      );
      await Promise.all(changed.map((one) => curves.doc(metricKey(one.name)).set(one)));
      return changed.length;
    },

    async seriesOf(runId) {
      const curves = await runs.doc(runId).collection('metrics').get();
      return curves.docs.map((doc) => doc.data() as MetricSeries);
    },

    notePublished: (runId, published) =>
      firestore.runTransaction(async (transaction) => {
        const run = await read(transaction, runId);
        const after = run && decidePublished(run, published);
        if (after) transaction.set(runs.doc(runId), after);
      }),
  };
}

/** What was done once to the project, in Firestore: `projects/{region}`. */
export function createFirestoreProjectNotes(firestore: Firestore): ProjectNotes {
  const notes = firestore.collection('projects');
  return {
    warmedAt: async (region) => (await notes.doc(region).get()).get('warmedAt') as string | undefined,
    async noteWarmed(region, warmedAt) {
      await notes.doc(region).set({ region, warmedAt });
    },
  };
}
