import type { Run } from '../../shared/core/run/run.ts';
import type { TuningBackend } from '../../shared/ports.ts';
import { createFakeBackend } from './fake-backend.ts';
import { at } from './runs.ts';
import { createWorld, examples, type World } from './world.ts';

/** Vertex AI's `tuningJobs`: ids of its own, and a list that has a new job only after a while. */
export interface TuningService {
  backend: ReturnType<typeof createFakeBackend>;
  state: {
    /** How long a new job is missing in the list. */
    lagSeconds: number;
    /** A filter of labels finds nothing, though it is accepted. */
    isFilterBlind: boolean;
    /** Calls of `create` arrive, and are answered only when they are let go. */
    isHolding: boolean;
    holds: (() => void)[];
  };
}

function createTuningService(now: () => number): TuningService {
  const backend = createFakeBackend({ createIsIdempotent: false });
  const { create, findAll, unfinished } = backend;
  const madeAt = new Map<string, number>();
  const state: TuningService['state'] = { lagSeconds: 0, isFilterBlind: false, isHolding: false, holds: [] };
  const isListed = ({ name }: { name: string }) => now() - (madeAt.get(name) ?? 0) >= state.lagSeconds * 1000;
  const lagging: Partial<TuningBackend> = {
    async create(plan, attempt) {
      if (state.isHolding) await new Promise<void>((go) => state.holds.push(go));
      const before = new Set(backend.jobs.keys());
      try {
        return await create(plan, attempt);
      } finally {
        for (const name of backend.jobs.keys()) {
          if (before.has(name)) continue;
          madeAt.set(name, now());
          backend.set(name, { createTime: at(now() / 1000) });
        }
      }
    },
    findAll: async (plan, options) =>
      state.isFilterBlind && !options.isThorough ? [] : (await findAll(plan, options)).filter(isListed),
    find: async (plan) => (await backend.findAll(plan, { isThorough: true }))[0],
    unfinished: async (onUnread) => (await unfinished(onUnread)).filter(isListed),
  };
  return { backend: Object.assign(backend, lagging), state };
}

const MANIFEST = JSON.stringify({ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' });

/** A world on such a service, and the time that has passed in it. */
function createTuningWorld(): { world: World; service: TuningService } {
  let seconds = 0;
  const service = createTuningService(() => seconds * 1000);
  const made = createWorld({ backend: service.backend });
  const pass = (more: number) => {
    seconds += more;
    made.pass(more);
  };
  return { world: { ...made, pass }, service };
}

/** The same, with a run whose upload has been checked. */
export async function createValidatedWorld() {
  const { world, service } = createTuningWorld();
  world.upload('reviews/train.jsonl', examples(20));
  await world.finalized(world.upload('reviews/tune.json', MANIFEST));
  return { world, service, runId: world.theRun().runId };
}

/** The same again without checking anew: from the document that such a run has. */
export function worldWith(run: Run) {
  const { world, service } = createTuningWorld();
  world.runs.documents.set(run.runId, structuredClone(run));
  return { world, service, runId: run.runId };
}
