import type { Changes, DocumentStore, StoredDocument } from '../store.ts';
import { toStatus } from '../values/failure.ts';
import type { DocumentMessage, StructuredQuery, Timestamp } from '../values/messages.ts';
import { checkDocumentName, collectionOf } from '../values/names.ts';
import { toTimestamp } from '../values/timestamps.ts';
import type { QueryGuard } from './indexes.ts';
import { runQuery, selectedPaths, sourceTest, toMessage } from './query.ts';

interface TargetMessage {
  targetId: number;
  query?: { parent: string; structuredQuery?: StructuredQuery };
  documents?: { documents?: string[] };
  resumeToken?: Buffer;
}

export interface ListenRequest {
  addTarget?: TargetMessage;
  removeTarget?: number;
}

interface TargetChange {
  targetChangeType: 'NO_CHANGE' | 'ADD' | 'REMOVE' | 'CURRENT' | 'RESET';
  targetIds?: number[];
  cause?: { code: number; message: string };
  resumeToken?: Buffer;
  readTime?: Timestamp;
}

interface Removal {
  document: string;
  removedTargetIds: number[];
  readTime: Timestamp;
}

export type ListenResponse =
  | { targetChange: TargetChange }
  | { documentChange: { document: DocumentMessage; targetIds: number[] } }
  | { documentDelete: Removal }
  | { documentRemove: Removal };

/** What a target follows, before anything was sent. */
interface Source {
  /** Whether a commit could change the result. */
  concerns(changes: Changes): boolean;
  read(): StoredDocument[];
  paths: string[] | undefined;
  /** Documents asked for by name, which are reported also when they do not exist. */
  names: string[];
}

interface Target extends Source {
  /** Versions that the client has, by document name. */
  sent: Map<string, number>;
}

export interface ListenDeps {
  store: DocumentStore;
  guard: QueryGuard;
}

/** One Listen stream: its targets, and what the client has seen of each. Every commit is one consistent snapshot. */
export function createListenStream({ store, guard }: ListenDeps, send: (response: ListenResponse) => void) {
  const targets = new Map<number, Target>();
  const now = () => toTimestamp(store.readMicros());

  const change = (targetChange: TargetChange) => send({ targetChange });
  const point = () => ({ resumeToken: Buffer.from(String(store.readMicros())), readTime: now() });

  const sendRemoval = (id: number, name: string) => {
    const removal = { document: name, removedTargetIds: [id], readTime: now() };
    send(store.get(name) ? { documentRemove: removal } : { documentDelete: removal });
  };

  /** Sends what changed since the last time; answers whether anything did. */
  const sync = (id: number, target: Target): boolean => {
    const current = new Map(target.read().map((document) => [document.name, document]));
    const changed = [...current.values()].filter(
      ({ name, updateMicros }) => target.sent.get(name) !== updateMicros,
    );
    const gone = [...target.sent.keys()].filter((name) => !current.has(name));
    for (const document of changed) {
      send({ documentChange: { document: toMessage(document, target.paths), targetIds: [id] } });
    }
    for (const name of gone) sendRemoval(id, name);
    target.sent = new Map([...current].map(([name, { updateMicros }]) => [name, updateMicros]));
    return changed.length + gone.length > 0;
  };

  const unsubscribe = store.onCommit((changes) => {
    const concerned = [...targets].filter(([, target]) => target.concerns(changes));
    const synced = concerned.map(([id, target]) => sync(id, target));
    if (synced.includes(true)) change({ targetChangeType: 'NO_CHANGE', ...point() });
  });

  /** A resumed target starts anew: RESET makes the client compare with what it had, and report only differences. */
  const add = (message: TargetMessage) => {
    const id = message.targetId;
    const target: Target = { ...sourceOfTarget({ store, guard }, message), sent: new Map() };
    targets.set(id, target);
    change({ targetChangeType: 'ADD', targetIds: [id] });
    if (message.resumeToken?.length) change({ targetChangeType: 'RESET', targetIds: [id] });
    sync(id, target);
    for (const name of target.names) if (!target.sent.has(name)) sendRemoval(id, name);
    change({ targetChangeType: 'CURRENT', targetIds: [id], ...point() });
    change({ targetChangeType: 'NO_CHANGE', ...point() });
  };

  return {
    handle({ addTarget, removeTarget }: ListenRequest) {
      if (removeTarget !== undefined) {
        targets.delete(removeTarget);
        change({ targetChangeType: 'REMOVE', targetIds: [removeTarget] });
      }
      if (!addTarget) return;
      try {
        add(addTarget);
      } catch (error) {
        targets.delete(addTarget.targetId);
        change({ targetChangeType: 'REMOVE', targetIds: [addTarget.targetId], cause: toStatus(error) });
      }
    },
    close() {
      unsubscribe();
      targets.clear();
    },
  };
}

function sourceOfTarget({ store, guard }: ListenDeps, { query, documents }: TargetMessage): Source {
  if (!query) {
    const names = (documents?.documents ?? []).map(checkDocumentName);
    return {
      names,
      paths: undefined,
      concerns: (changes) => names.some((name) => changes.has(name)),
      read: () => names.map(store.get).filter((document) => document !== undefined),
    };
  }
  const placed = { parent: query.parent, query: query.structuredQuery ?? {} };
  guard(placed);
  const inSource = sourceTest(placed);
  return {
    names: [],
    paths: selectedPaths(placed.query),
    concerns: (changes) => [...changes.keys()].some((name) => inSource(collectionOf(name))),
    read: () => runQuery(store.collections(), placed),
  };
}
