import {
  createDocumentReader,
  type DocumentReader,
  type FoundDocument,
} from '../../shared/adapters/documents.ts';
import { TuneError } from '../../shared/core/errors/errors.ts';
import { DATA_KEYS } from '../../shared/core/models/data-keys.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { decideApply, decidePublished, decideSettled } from '../../shared/core/run/apply.ts';
import { type ClaimRequest, type ClaimResult, decideClaim } from '../../shared/core/run/claim.ts';
import { decideContinued } from '../../shared/core/run/continue.ts';
import { manifestIdOf } from '../../shared/core/run/ids.ts';
import { ACTIVE_ACTIONS } from '../../shared/core/run/next-actions.ts';
import { type ManifestPointer, pointedBack, pointedTo } from '../../shared/core/run/pointer.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isSameSeries, type MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { type ModelDocument, modelId } from '../../shared/core/tuning/results.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';
import type { Logger, RunStore } from '../../shared/ports.ts';

export interface MemoryRunStore extends RunStore {
  /** As they are stored; a test may put in what no function of this version writes. */
  readonly documents: Map<string, Run>;
  readonly pointers: Map<string, ManifestPointer>;
  readonly models: Map<string, ModelDocument>;
  /** Curves by run. */
  readonly metrics: Map<string, Map<string, MetricSeries>>;
  /** How far jobs are, by run. */
  readonly progress: Map<string, RunProgress>;
  /** Documents written so far, models included, curves and progress not. */
  writes: number;
  /** Curves written so far. */
  seriesWrites: number;
  progressWrites: number;
}

/** How documents are read, and kept apart from what their readers do with them. */
interface MemoryReading {
  reader: DocumentReader;
  copy: <Value>(value: Value) => Value;
  /** What is kept of what is written. */
  keep: <Value>(value: Value) => Value;
}

/** Trusts documents and readers: for those who run through a million reads of documents that nobody else writes. */
export const TRUSTING: MemoryReading = {
  reader: {
    run: ({ data }) => data as Run | undefined,
    runs: (documents) => documents.map(({ data }) => data as Run),
    fitting: <Value>(_schema: unknown, documents: FoundDocument[]) =>
      documents.map(({ data }) => data as Value),
  },
  copy: (value) => value,
  keep: (value) => value,
};

/** The run store as a map: the same decisions as Firestore's, without a network. Proved equal by the contract suite. */
export function createMemoryRunStore(
  logger: Logger,
  { reader, copy, keep }: MemoryReading = {
    reader: createDocumentReader(logger),
    copy: structuredClone,
    keep: asJson,
  },
): MemoryRunStore {
  const documents = new Map<string, Run>();
  const pointers: MemoryRunStore['pointers'] = new Map();
  const models: MemoryRunStore['models'] = new Map();
  let admissionTurn = 0;
  const beside: Pick<MemoryRunStore, 'metrics' | 'progress'> = { metrics: new Map(), progress: new Map() };

  const stored = (runId: string): FoundDocument => ({
    path: `runs/${runId}`,
    data: copy(documents.get(runId)),
  });
  const read = (runId: string) => reader.run(stored(runId));
  const all = () => reader.runs([...documents.keys()].map(stored));

  const put = (run: Run, pointersToo = 0) => {
    store.writes += 1 + pointersToo;
    documents.set(run.runId, keep(run));
  };
  const claimOf = (run: Run, request: ClaimRequest): ClaimResult => {
    const decision = decideClaim(run, request);
    if (decision.outcome === 'claimed') put(decision.run);
    return decision;
  };

  const store: MemoryRunStore = {
    ...{ documents, pointers, models, ...beside },
    ...{ writes: 0, seriesWrites: 0, progressWrites: 0 },
    get: async (runId) => read(runId),
    async open(run, request) {
      const there = read(run.runId);
      if (!there) store.writes += pointTo(pointers, run);
      return claimOf(there ?? run, request);
    },
    async takeAdmissionTurn() {
      admissionTurn += 1;
      return admissionTurn;
    },
    ...repairsIn({ documents, pointers, read, put }),
    async claim(runId, request) {
      const run = read(runId);
      return run && claimOf(run, request);
    },
    async apply(runId, event, now, options = {}) {
      const run = read(runId);
      if (!run) throw new TuneError('permanent', `there is no run ${runId}`, { reason: 'NoSuchRun' });
      const { uniqueFingerprint } = options;
      const twins = uniqueFingerprint
        ? all().filter((other) => other.spec.fingerprint === uniqueFingerprint)
        : [];
      const decision = decideApply({ run, event, now, sameFingerprint: twins, admissionTurn }, options);
      if (decision.outcome === 'changed') {
        put(decision.run, pointBack(pointers, decision.run));
        for (const one of options.opens ?? []) if (!documents.has(one.runId)) put(one);
        if (options.model) {
          store.writes += 1;
          putModel(models, options.model);
        }
      }
      return decision;
    },
    ...queriesOver(all),
    ...lookupsIn({ pointers, models, read }),
    ...besideIn(beside, (writes, count) => {
      store[writes] += count;
    }),
    ...notesOver(read, put),
  };
  return store;
}

interface Repaired extends Pick<MemoryRunStore, 'documents' | 'pointers'> {
  read: (runId: string) => Run | undefined;
  put: (run: Run, pointersToo?: number) => void;
}

/** Documents that are written whole, by who found that one is missing or old. */
function repairsIn({
  documents,
  pointers,
  read,
  put,
}: Repaired): Pick<RunStore, 'add' | 'bringForward' | 'continueAs'> {
  return {
    async add(run, { isDeletedToo = false } = {}) {
      const pointed = pointers.get(manifestIdOf(run.spec.source));
      if (documents.has(run.runId) || (pointed?.generation === run.spec.source.generation && !isDeletedToo))
        return false;
      put(run, pointTo(pointers, run));
      return true;
    },
    async continueAs(runId, next, now) {
      const noted = decideContinued(read(runId), next, now);
      if (!noted || documents.has(next.runId)) return false;
      put(noted);
      put(next, pointTo(pointers, next));
      return true;
    },
    async bringForward(run, { from }) {
      if (read(run.runId)?.work.revision !== from) return false;
      put(run, pointBack(pointers, run));
      return true;
    },
  };
}

/** What is noted of a run that has changed in nothing else. */
function notesOver(
  read: (runId: string) => Run | undefined,
  put: (run: Run) => void,
): Pick<RunStore, 'notePublished' | 'noteSettled'> {
  const note = (runId: string, decide: (run: Run) => Run | undefined) => {
    const run = read(runId);
    const after = run && decide(run);
    if (after) put(after);
  };
  return {
    notePublished: async (runId, published) => note(runId, (run) => decidePublished(run, published)),
    noteSettled: async (runId, spending) => note(runId, (run) => decideSettled(run, spending)),
  };
}

/** What is found by the name of its document. */
function lookupsIn({
  pointers,
  models,
  read,
}: Pick<MemoryRunStore, 'pointers' | 'models'> & Pick<Repaired, 'read'>): Pick<
  RunStore,
  'withoutRun' | 'newestOf' | 'tunedModel'
> {
  return {
    async newestOf(source) {
      const pointed = pointers.get(manifestIdOf(source));
      return pointed && read(pointed.runId);
    },
    withoutRun: async (manifests) =>
      manifests.filter(
        (manifest) => pointers.get(manifestIdOf(manifest))?.generation !== manifest.generation,
      ),
    async tunedModel(name) {
      const found = models.get(modelId(name));
      return found?.model.split('/')[3] === name.split('/')[3] ? found : undefined;
    },
  };
}

/** A path points to its newest upload; gives how many pointers were written. */
const pointTo = (pointers: MemoryRunStore['pointers'], run: Run) => point(pointers, run, pointedTo);

/** And elsewhere, where that upload was skipped. */
const pointBack = (pointers: MemoryRunStore['pointers'], run: Run) => point(pointers, run, pointedBack);

function point(pointers: MemoryRunStore['pointers'], run: Run, decide: typeof pointedTo): number {
  const id = manifestIdOf(run.spec.source);
  const pointer = decide(pointers.get(id), run);
  if (!pointer) return 0;
  pointers.set(id, pointer);
  return 1;
}

function putModel(models: MemoryRunStore['models'], model: ModelDocument): void {
  const id = modelId(model.model);
  const before = models.get(id);
  const versions = [...new Set([...(before?.versions ?? []), model.version])];
  models.set(id, asJson({ ...before, ...model, versions }));
}

/** What Firestore finds by its indexes, found by looking at every run. */
function queriesOver(
  all: () => Run[],
): Pick<RunStore, 'isNamed' | 'listDue' | 'listEarlierOf' | 'listWaitingFor' | 'listActiveOf'> {
  return {
    isNamed: async (uri) =>
      all().some(
        ({ spec, work }) =>
          work.waitingFor.includes(uri) || DATA_KEYS.some((key) => spec.manifest?.[key] === uri),
      ),
    async listDue(now) {
      const keyOf = ({ work, runId }: Run) => `${work.nextActionAt} ${runId}`;
      return all()
        .filter(({ work }) => work.nextActionAt !== null && work.nextActionAt <= now)
        .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    },
    listEarlierOf: async ({ spec, status }, most) =>
      all()
        .filter((other) => other.spec.source.uri === spec.source.uri)
        .filter((other) => other.status.createTime < status.createTime)
        .sort((one, other) => other.status.createTime.localeCompare(one.status.createTime))
        .slice(0, most),
    listWaitingFor: async (uri) => all().filter(({ work }) => work.waitingFor.includes(uri)),
    listActiveOf: async (source) =>
      all().filter(
        (run) =>
          run.spec.source.uri === gsUri(source) &&
          ACTIVE_ACTIONS.some((action) => action === run.work.nextAction),
      ),
  };
}

/** Curves and progress beside the runs; `onWrite` hears how many were written. */
function besideIn(
  { metrics, progress }: Pick<MemoryRunStore, 'metrics' | 'progress'>,
  onWrite: (writes: 'seriesWrites' | 'progressWrites', count: number) => void,
): Pick<RunStore, 'saveSeries' | 'seriesOf' | 'progressOf' | 'saveProgress'> {
  return {
    async saveSeries(runId, series) {
      const curves = metrics.get(runId) ?? new Map<string, MetricSeries>();
      const changed = series.filter((one) => !isSameSeries(one, curves.get(one.name)));
      for (const one of changed) curves.set(one.name, structuredClone(one));
      metrics.set(runId, curves);
      onWrite('seriesWrites', changed.length);
      return changed.length;
    },
    progressOf: async (runId) => structuredClone(progress.get(runId)),
    async saveProgress(runId, latest) {
      progress.set(runId, asJson(latest));
      onWrite('progressWrites', 1);
    },
    seriesOf: async (runId) => [...(metrics.get(runId) ?? new Map<string, MetricSeries>()).values()],
  };
}

/** As Firestore keeps it: without fields that are undefined. */
export function asJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}
