import {
  type CollectionReference,
  type DocumentReference,
  type DocumentSnapshot,
  FieldPath,
  FieldValue,
  Filter,
  Firestore,
  type QueryDocumentSnapshot,
  type Transaction,
} from '@google-cloud/firestore';
import * as z from 'zod';
import { TuneError } from '../core/errors/errors.ts';
import { DATA_KEYS } from '../core/models/data-keys.ts';
import { gsUri } from '../core/objects/gs-uri.ts';
import { type ApplyOptions, decideApply, decidePublished, decideSettled } from '../core/run/apply.ts';
import { type ClaimRequest, type ClaimResult, decideClaim } from '../core/run/claim.ts';
import { decideContinued } from '../core/run/continue.ts';
import { manifestIdOf } from '../core/run/ids.ts';
import { ACTIVE_ACTIONS } from '../core/run/next-actions.ts';
import { isSkipped, ManifestPointerSchema, pointedBack, pointedTo } from '../core/run/pointer.ts';
import { type OtherRun, OtherRunSchema, type Run } from '../core/run/run.ts';
import { isSameSeries, MetricSeriesSchema, metricKey } from '../core/tuning/metrics.ts';
import { type ModelDocument, ModelDocumentSchema, modelId } from '../core/tuning/results.ts';
import { RunProgressSchema } from '../core/tuning/run-progress.ts';
import type { Logger, ProjectNotes, RunStore } from '../ports.ts';
import { createDocumentReader, type DocumentReader, type FoundDocument } from './documents.ts';

export function createFirestore(project: string, databaseId: string): Firestore {
  return new Firestore({ projectId: project, databaseId, ignoreUndefinedProperties: true });
}

/** A document as it was read. */
export const stored = (snapshot: DocumentSnapshot): FoundDocument => ({
  path: snapshot.ref.path,
  data: snapshot.data(),
});

export interface RunStoreOptions {
  logger: Logger;
  /** Runs that are read at once. */
  pageSize?: number | undefined;
}

/**
 * Runs in Firestore: `runs/{runId}`, its sub-collections `metrics` and `progress`, `manifests/{manifestId}`, which points to the run
 * that a path stands for, and `models/{modelId}`. Transaction bodies are pure but for the transaction itself: the client runs them again on contention,
 * also after a commit whose answer was lost.
 */
export function createFirestoreRunStore(
  firestore: Firestore,
  { logger, pageSize = 500 }: RunStoreOptions,
): RunStore {
  const runs = firestore.collection('runs');
  const collections: Collections = { firestore, runs, reader: createDocumentReader(logger) };
  return {
    get: async (runId) => collections.reader.run(stored(await runs.doc(runId).get())),
    ...transactionsOf(collections),
    ...repairsOf(collections),
    ...turnsOf(collections),
    ...queriesOf(collections, pageSize),
    ...curvesOf(collections),
    ...progressOf(collections),
    async tunedModel(name) {
      const found = await firestore.collection('models').doc(modelId(name)).get();
      const [model] = found.exists ? collections.reader.fitting(ModelDocumentSchema, [stored(found)]) : [];
      // Ids are unique in a region of a project only.
      return model?.model.split('/')[3] === name.split('/')[3] ? model : undefined;
    },
  };
}

interface Collections {
  firestore: Firestore;
  runs: CollectionReference;
  reader: DocumentReader;
}

/** Every write of a run: what the decision says, of what was read in the same transaction. */
function transactionsOf(
  collections: Collections,
): Pick<RunStore, 'open' | 'claim' | 'apply' | 'notePublished' | 'noteSettled'> {
  const { firestore, runs, reader } = collections;
  const admission = firestore.doc(ADMISSION);
  const manifests = firestore.collection('manifests');
  const models = firestore.collection('models');

  const read = async (transaction: Transaction, runId: string): Promise<Run | undefined> =>
    reader.run(stored(await transaction.get(runs.doc(runId))));

  const claimIn = (transaction: Transaction, run: Run, request: ClaimRequest): ClaimResult => {
    const decision = decideClaim(run, request);
    if (decision.outcome === 'claimed') transaction.set(runs.doc(run.runId), decision.run);
    return decision;
  };

  const note = (runId: string, decide: (run: Run) => Run | undefined): Promise<void> =>
    firestore.runTransaction(async (transaction) => {
      const run = await read(transaction, runId);
      const after = run && decide(run);
      if (after) transaction.set(runs.doc(runId), after);
    });

  return {
    open: (run, request) =>
      firestore.runTransaction(async (transaction) => {
        const pointer = manifests.doc(manifestIdOf(run.spec.source));
        const [found, pointed] = await transaction.getAll(runs.doc(run.runId), pointer);
        const there = found && reader.run(stored(found));
        const result = claimIn(transaction, there ?? run, request);
        if (!there && pointed) pointTo(transaction, run, pointed);
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
        const sameFingerprint = await readTwins(transaction, collections, options);
        const isTurn = options.admissionTurn !== undefined;
        const admissionTurn = isTurn ? await turnIn(transaction, admission) : undefined;
        const decision = decideApply({ run, event, now, sameFingerprint, admissionTurn }, options);
        const { opens = [] } = options;
        const opened =
          opens.length > 0 ? await transaction.getAll(...opens.map((one) => runs.doc(one.runId))) : [];
        if (decision.outcome === 'changed') {
          await pointBack(transaction, manifests, decision.run);
          transaction.set(runs.doc(runId), decision.run);
          for (const [index, one] of opens.entries()) {
            if (!opened[index]?.exists) transaction.set(runs.doc(one.runId), one);
          }
          const { model } = options;
          if (model) writeModel(transaction, models.doc(modelId(model.model)), model);
        }
        return decision;
      }),

    notePublished: (runId, published) => note(runId, (run) => decidePublished(run, published)),
    noteSettled: (runId, spending) => note(runId, (run) => decideSettled(run, spending)),
  };
}

/** `deployment/admission`: whose turn it is to let runs out of their queues. */
const ADMISSION = 'deployment/admission';

async function turnIn(transaction: Transaction, admission: DocumentReference): Promise<number> {
  return z
    .number()
    .catch(0)
    .parse((await transaction.get(admission)).get('turn'));
}

function turnsOf({ firestore }: Collections): Pick<RunStore, 'takeAdmissionTurn'> {
  const admission = firestore.doc(ADMISSION);
  return {
    takeAdmissionTurn: () =>
      firestore.runTransaction(async (transaction) => {
        const turn = (await turnIn(transaction, admission)) + 1;
        transaction.set(admission, { turn });
        return turn;
      }),
  };
}

/** Documents that are written whole, by who found that one is missing or old. */
function repairsOf({
  firestore,
  runs,
  reader,
}: Collections): Pick<RunStore, 'add' | 'bringForward' | 'continueAs'> {
  const manifests = firestore.collection('manifests');
  return {
    add: (run, { isDeletedToo = false } = {}) =>
      firestore.runTransaction(async (transaction) => {
        const [there, pointed] = await transaction.getAll(
          runs.doc(run.runId),
          manifests.doc(manifestIdOf(run.spec.source)),
        );
        const isDeleted = pointed?.get('generation') === run.spec.source.generation;
        if (!pointed || there?.exists || (isDeleted && !isDeletedToo)) return false;
        transaction.set(runs.doc(run.runId), run);
        pointTo(transaction, run, pointed);
        return true;
      }),

    continueAs: (runId, next, now) =>
      firestore.runTransaction(async (transaction) => {
        const [refused, there, pointed] = await transaction.getAll(
          runs.doc(runId),
          runs.doc(next.runId),
          manifests.doc(manifestIdOf(next.spec.source)),
        );
        const noted = refused && decideContinued(reader.run(stored(refused)), next, now);
        if (!noted || !pointed || there?.exists) return false;
        transaction.set(runs.doc(runId), noted);
        transaction.set(runs.doc(next.runId), next);
        pointTo(transaction, next, pointed);
        return true;
      }),

    bringForward: (run, { from }) =>
      firestore.runTransaction(async (transaction) => {
        const there = reader.run(stored(await transaction.get(runs.doc(run.runId))));
        if (there?.work.revision !== from) return false;
        await pointBack(transaction, manifests, run);
        transaction.set(runs.doc(run.runId), run);
        return true;
      }),
  };
}

const pointerIn = (found: DocumentSnapshot) => ManifestPointerSchema.safeParse(found.data()).data;

/** A path points to its newest upload, also when the event of an older one comes late. */
function pointTo(transaction: Transaction, run: Run, pointed: DocumentSnapshot): void {
  const pointer = pointedTo(pointerIn(pointed), run);
  if (pointer) transaction.set(pointed.ref, pointer);
}

/** And to another run, where that upload was skipped. */
async function pointBack(transaction: Transaction, manifests: CollectionReference, run: Run): Promise<void> {
  if (!isSkipped(run.status)) return;
  const pointed = await transaction.get(manifests.doc(manifestIdOf(run.spec.source)));
  const pointer = pointedBack(pointerIn(pointed), run);
  if (pointer) transaction.set(pointed.ref, pointer);
}

/** A model that goes on has one document: everything in it is of its latest version, and the versions before are kept by number. */
function writeModel(transaction: Transaction, document: DocumentReference, model: ModelDocument): void {
  const said = Object.entries(model).map(([name, value]) => [name, value ?? FieldValue.delete()]);
  const fields = { ...Object.fromEntries(said), versions: FieldValue.arrayUnion(model.version) };
  transaction.set(document, fields, { mergeFields: Object.keys(fields) });
}

/** The other runs that ask for the same. */
async function readTwins(
  transaction: Transaction,
  { runs, reader }: Collections,
  { uniqueFingerprint }: ApplyOptions,
): Promise<OtherRun[]> {
  if (!uniqueFingerprint) return [];
  const { docs } = await transaction.get(runs.where('spec.fingerprint', '==', uniqueFingerprint));
  return reader.fitting(OtherRunSchema, docs.map(stored));
}

function queriesOf(
  { firestore, runs, reader }: Collections,
  pageSize: number,
): Pick<
  RunStore,
  'withoutRun' | 'newestOf' | 'isNamed' | 'listDue' | 'listEarlierOf' | 'listWaitingFor' | 'listActiveOf'
> {
  return {
    async newestOf(source) {
      const pointer = await firestore.doc(`manifests/${manifestIdOf(source)}`).get();
      const runId = z.string().optional().catch(undefined).parse(pointer.get('runId'));
      return runId === undefined ? undefined : reader.run(stored(await runs.doc(runId).get()));
    },

    async isNamed(uri) {
      const byKey = DATA_KEYS.map((key) => Filter.where(`spec.manifest.${key}`, '==', uri));
      const named = Filter.or(Filter.where('work.waitingFor', 'array-contains', uri), ...byKey);
      return !(await runs.where(named).select().limit(1).get()).empty;
    },

    async withoutRun(manifests) {
      if (manifests.length === 0) return [];
      const pointers = manifests.map((manifest) => firestore.doc(`manifests/${manifestIdOf(manifest)}`));
      const pointed = await firestore.getAll(...pointers, { fieldMask: ['generation'] });
      return manifests.filter(({ generation }, index) => pointed[index]?.get('generation') !== generation);
    },

    async listDue(now) {
      const due = runs
        .where('work.nextActionAt', '<=', now)
        .orderBy('work.nextActionAt')
        .orderBy(FieldPath.documentId())
        .limit(pageSize);
      const found: QueryDocumentSnapshot[] = [];
      for (let page = await due.get(); ; page = await due.startAfter(found.at(-1)).get()) {
        found.push(...page.docs);
        if (page.size < pageSize) return reader.runs(found.map(stored));
      }
    },

    async listEarlierOf({ spec, status }, most) {
      const earlier = await runs
        .where('spec.source.uri', '==', spec.source.uri)
        .where('status.createTime', '<', status.createTime)
        .orderBy('status.createTime', 'desc')
        .limit(most)
        .get();
      return reader.runs(earlier.docs.map(stored));
    },

    async listWaitingFor(uri) {
      const waiting = await runs.where('work.waitingFor', 'array-contains', uri).get();
      return reader.runs(waiting.docs.map(stored));
    },

    async listActiveOf(source) {
      const active = await runs
        .where('spec.source.uri', '==', gsUri(source))
        .where('work.nextAction', 'in', [...ACTIVE_ACTIONS])
        .get();
      return reader.runs(active.docs.map(stored));
    },
  };
}

function curvesOf({ firestore, runs, reader }: Collections): Pick<RunStore, 'saveSeries' | 'seriesOf'> {
  return {
    async saveSeries(runId, series) {
      if (series.length === 0) return 0;
      const curves = runs.doc(runId).collection('metrics');
      const there = await firestore.getAll(...series.map(({ name }) => curves.doc(metricKey(name))));
      const changed = series.filter(
        (one, index) => !isSameSeries(one, MetricSeriesSchema.safeParse(there[index]?.data()).data),
      );
      await Promise.all(changed.map((one) => curves.doc(metricKey(one.name)).set(one)));
      return changed.length;
    },

    async seriesOf(runId) {
      const curves = await runs.doc(runId).collection('metrics').get();
      return reader.fitting(MetricSeriesSchema, curves.docs.map(stored));
    },
  };
}

/** How far a job is has one document of its own, so that the run's own changes only with its state. */
function progressOf({ runs, reader }: Collections): Pick<RunStore, 'progressOf' | 'saveProgress'> {
  const latest = (runId: string) => runs.doc(runId).collection('progress').doc('latest');
  return {
    async progressOf(runId) {
      const found = await latest(runId).get();
      return found.exists ? reader.fitting(RunProgressSchema, [stored(found)])[0] : undefined;
    },
    async saveProgress(runId, progress) {
      await latest(runId).set(progress);
    },
  };
}

/** What was done once to the project, in Firestore: `projects/{region}`. */
export function createFirestoreProjectNotes(firestore: Firestore): ProjectNotes {
  const notes = firestore.collection('projects');
  return {
    warmedAt: async (region) =>
      z
        .string()
        .optional()
        .catch(undefined)
        .parse((await notes.doc(region).get()).get('warmedAt')),
    async noteWarmed(region, warmedAt) {
      await notes.doc(region).set({ region, warmedAt });
    },
  };
}
