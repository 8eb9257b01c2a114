import type { DocumentStore } from '../store.ts';
import { toStatus } from '../values/failure.ts';
import type { DocumentMessage, StructuredQuery, Timestamp } from '../values/messages.ts';
import { checkDocumentName, collectionOf } from '../values/names.ts';
import type { Changes, StoredDocument } from '../values/stored-document.ts';
import { toTimestamp } from '../values/timestamps.ts';
import type { QueryGuard } from './indexes.ts';
import { documentMessage, runQuery, selectedPaths, sourceTest } from './query.ts';

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
  cause?: { code: number; message: string } | undefined;
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
  id: number;
  /** Versions that the client has, by document name. */
  sent: Map<string, number>;
}

export interface ListenDeps {
  store: DocumentStore;
  guard: QueryGuard;
}

interface Outlet {
  store: DocumentStore;
  send: (response: ListenResponse) => void;
}

/** One Listen stream: its targets, and what the client has seen of each. Every commit is one consistent snapshot. */
export function createListenStream({ store, guard }: ListenDeps, send: Outlet['send']) {
  const targets = new Map<number, Target>();
  const outlet = { store, send };

  const unsubscribe = store.onCommit((changes) => {
    const concerned = [...targets.values()].filter((target) => target.concerns(changes));
    const synced = concerned.map((target) => sendChanges(outlet, target));
    if (synced.includes(true)) sendPoint(outlet, 'NO_CHANGE');
  });

  const remove = (id: number, cause?: { code: number; message: string }) => {
    targets.delete(id);
    send({ targetChange: { targetChangeType: 'REMOVE', targetIds: [id], cause } });
  };

  return {
    handle({ addTarget, removeTarget }: ListenRequest) {
      if (removeTarget !== undefined) remove(removeTarget);
      if (!addTarget) return;
      const id = addTarget.targetId;
      try {
        const target = { ...sourceOfTarget({ store, guard }, addTarget), id, sent: new Map() };
        targets.set(id, target);
        sendAll(outlet, target, { resumed: Boolean(addTarget.resumeToken?.length) });
      } catch (error) {
        remove(id, toStatus(error));
      }
    },
    close() {
      unsubscribe();
      targets.clear();
    },
  };
}

/** A resumed target starts anew: RESET makes the client compare with what it had, and report only differences. */
function sendAll(outlet: Outlet, target: Target, { resumed }: { resumed: boolean }): void {
  const targetIds = [target.id];
  outlet.send({ targetChange: { targetChangeType: 'ADD', targetIds } });
  if (resumed) outlet.send({ targetChange: { targetChangeType: 'RESET', targetIds } });
  sendChanges(outlet, target);
  for (const name of target.names) if (!target.sent.has(name)) sendRemoval(outlet, target, name);
  sendPoint(outlet, 'CURRENT', targetIds);
  sendPoint(outlet, 'NO_CHANGE');
}

/** Sends what changed since the last time; answers whether anything did. */
function sendChanges(outlet: Outlet, target: Target): boolean {
  const current = new Map(target.read().map((document) => [document.name, document]));
  const changed = [...current.values()].filter(
    ({ name, updateMicros }) => target.sent.get(name) !== updateMicros,
  );
  const gone = [...target.sent.keys()].filter((name) => !current.has(name));
  for (const document of changed) {
    const message = documentMessage(document, target.paths);
    outlet.send({ documentChange: { document: message, targetIds: [target.id] } });
  }
  for (const name of gone) sendRemoval(outlet, target, name);
  target.sent = new Map([...current].map(([name, { updateMicros }]) => [name, updateMicros]));
  return changed.length + gone.length > 0;
}

function sendRemoval({ store, send }: Outlet, target: Target, name: string): void {
  const readTime = toTimestamp(store.readMicros());
  const removal = { document: name, removedTargetIds: [target.id], readTime };
  send(store.get(name) ? { documentRemove: removal } : { documentDelete: removal });
}

/** Tells up to when the client has everything: without targets, of all of them. */
function sendPoint(
  { store, send }: Outlet,
  targetChangeType: 'NO_CHANGE' | 'CURRENT',
  targetIds: number[] = [],
) {
  const micros = store.readMicros();
  const resumeToken = Buffer.from(String(micros));
  send({ targetChange: { targetChangeType, targetIds, resumeToken, readTime: toTimestamp(micros) } });
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
