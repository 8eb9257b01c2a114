import { TuneError } from '../../shared/core/errors/errors.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { decideApply, decidePublished } from '../../shared/core/run/apply.ts';
import { type ClaimRequest, type ClaimResult, decideClaim } from '../../shared/core/run/claim.ts';
import { manifestIdOf } from '../../shared/core/run/ids.ts';
import { pendingAction, type Run } from '../../shared/core/run/run.ts';
import { isSameSeries, type MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { type ModelDocument, modelId } from '../../shared/core/tuning/results.ts';
import type { RunStore } from '../../shared/ports.ts';

export interface MemoryRunStore extends RunStore {
  readonly documents: Map<string, Run>;
  readonly pointers: Map<string, { runId: string; timeCreated: string }>;
  readonly models: Map<string, ModelDocument>;
  /** Curves by run. */
  readonly metrics: Map<string, Map<string, MetricSeries>>;
  /** Documents written so far, models included, curves not. */
  writes: number;
  /** Curves written so far. */
  seriesWrites: number;
}

/** The run store as a map: the same decisions as Firestore's, without a network. Proved equal by the contract suite. */
export function createMemoryRunStore(): MemoryRunStore {
  const documents = new Map<string, Run>();
  const pointers: MemoryRunStore['pointers'] = new Map();
  const models: MemoryRunStore['models'] = new Map();
  const metrics: MemoryRunStore['metrics'] = new Map();
  const all = () => [...documents.values()].map((run) => structuredClone(run));

  const put = (run: Run) => {
    store.writes += 1;
    documents.set(run.runId, structuredClone(run));
  };
  const claimOf = (run: Run, request: ClaimRequest): ClaimResult => {
    const decision = decideClaim(run, request);
    if (decision.outcome === 'claimed') put(decision.run);
    return decision;
  };

  const store: MemoryRunStore = {
    ...{ documents, pointers, models, metrics },
    ...{ writes: 0, seriesWrites: 0 },
    get: async (runId) => structuredClone(documents.get(runId)),
    async open(run, request) {
      const there = documents.get(run.runId);
      const pointer = manifestIdOf(run.spec.source);
      const { timeCreated } = run.spec.source;
      if (!there && !((pointers.get(pointer)?.timeCreated ?? '') > timeCreated)) {
        store.writes += 1;
        pointers.set(pointer, { runId: run.runId, timeCreated });
      }
      return claimOf(structuredClone(there ?? run), request);
    },
    async claim(runId, request) {
      const run = documents.get(runId);
      return run && claimOf(structuredClone(run), request);
    },
    async apply(runId, event, now, options = {}) {
      const run = structuredClone(documents.get(runId));
      if (!run) throw new TuneError('permanent', `there is no run ${runId}`, { reason: 'NoSuchRun' });
      const { uniqueFingerprint } = options;
      const sameFingerprint = uniqueFingerprint
        ? all().filter((other) => other.spec.fingerprint === uniqueFingerprint)
        : [];
      const competitors = options.maxActiveJobs !== undefined ? all() : [];
      const decision = decideApply({ run, event, now, sameFingerprint, competitors }, options);
      if (decision.outcome === 'changed') {
        put(decision.run);
        if (options.model) {
          store.writes += 1;
          models.set(modelId(options.model.model), structuredClone(options.model));
        }
      }
      return decision;
    },
    ...queriesOver(all),
    async saveSeries(runId, series) {
      const curves = metrics.get(runId) ?? new Map<string, MetricSeries>();
      const changed = series.filter((one) => !isSameSeries(one, curves.get(one.name)));
      for (const one of changed) curves.set(one.name, structuredClone(one));
      metrics.set(runId, curves);
      store.seriesWrites += changed.length;
      return changed.length;
    },
    seriesOf: async (runId) => [...(metrics.get(runId) ?? new Map<string, MetricSeries>()).values()],
    async notePublished(runId, published) {
      const run = documents.get(runId);
      const after = run && decidePublished(run, published);
      if (after) put(after);
    },
  };
  return store;
}

/** What Firestore finds by its indexes, found by looking at every run. */
function queriesOver(all: () => Run[]): Pick<RunStore, 'listDue' | 'listWaitingFor' | 'listActiveOf'> {
  return {
    async listDue(now, limit, after) {
      const keyOf = ({ work, runId }: Run) => `${work.nextActionAt} ${runId}`;
      return all()
        .filter(({ work }) => work.nextActionAt !== null && work.nextActionAt <= now)
        .filter((run) => after === undefined || keyOf(run) > keyOf(after))
        .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        .slice(0, limit);
    },
    listWaitingFor: async (uri) => all().filter(({ work }) => work.waitingFor.includes(uri)),
    listActiveOf: async (source) =>
      all().filter((run) => run.spec.source.uri === gsUri(source) && pendingAction(run) !== null),
  };
}
