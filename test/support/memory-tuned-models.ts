import { decideNoted } from '../../shared/core/tuning/ending.ts';
import { type ModelDocument, modelId } from '../../shared/core/tuning/results.ts';
import type { TunedModels } from '../../shared/ports.ts';
import { asJson } from './memory-run-store.ts';

export interface MemoryTunedModels extends TunedModels {
  /** Documents written so far. */
  writes: number;
}

/** The documents of tuned models over those of a memory run store. Proved equal to Firestore's by the contract suite. */
export function createMemoryTunedModels(documents: Map<string, ModelDocument>): MemoryTunedModels {
  const store = {
    writes: 0,
    async dueForNotice(now: string, most: number) {
      const dueAt = ({ nextNoticeAt }: ModelDocument) => nextNoticeAt ?? '';
      return [...documents.values()]
        .filter((model) => dueAt(model) !== '' && dueAt(model) <= now)
        .sort((a, b) => (dueAt(a) < dueAt(b) ? -1 : 1))
        .slice(0, most)
        .map((model) => structuredClone(model));
    },
    async page(after: string | undefined, most: number) {
      const ids = [...documents.keys()].sort().filter((id) => after === undefined || id > after);
      const taken = ids.slice(0, most);
      const models = taken.flatMap((id) => structuredClone(documents.get(id)) ?? []);
      return { models, next: taken.length < most ? undefined : taken.at(-1) };
    },
    async note(model: string, note: Parameters<TunedModels['note']>[1]) {
      const id = modelId(model);
      const current = documents.get(id);
      const fields = decideNoted(current, note);
      if (current === undefined || fields === undefined) return;
      store.writes += 1;
      documents.set(id, asJson({ ...current, ...fields }));
    },
  };
  return store;
}
