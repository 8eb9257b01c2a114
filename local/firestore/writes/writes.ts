import { isDeepStrictEqual } from 'node:util';
import type { DocumentStore } from '../store.ts';
import { failure } from '../values/failure.ts';
import { getField, parseMask, withField, withoutField } from '../values/field-path.ts';
import type { Fields, Precondition, Write, WriteResult } from '../values/messages.ts';
import { checkDocumentName } from '../values/names.ts';
import type { StoredDocument } from '../values/stored-document.ts';
import { cutFields, toMicros, toTimestamp } from '../values/timestamps.ts';
import { checkDocumentSize } from './document-size.ts';
import { checkFields } from './field-checks.ts';
import { checkIndexEntries } from './index-entries.ts';
import { applyTransforms } from './transforms.ts';
import { checkWrites, writtenName } from './write-rules.ts';

type Staged = Map<string, StoredDocument | undefined>;
type UpdateWrite = Extract<Write, { operation: 'update' }>;

/** What one Commit did; the results are in the order of the writes. */
export interface Committed {
  writeResults: WriteResult[];
  commitMicros: number;
}

/** Applies all writes in order, each seeing the ones before it, or none of them when one fails. */
export function commitWrites(store: DocumentStore, writes: readonly Write[]): Committed {
  checkWrites(writes);
  const commitMicros = store.nextCommitMicros();
  const staged: Staged = new Map();
  const writeResults = writes.map((write) => stage({ store, staged, commitMicros }, write));
  store.commit(realChanges(store, staged));
  return { writeResults, commitMicros };
}

interface Stage {
  store: DocumentStore;
  staged: Staged;
  commitMicros: number;
}

function stage(stageOf: Stage, write: Write): WriteResult {
  const name = checkDocumentName(writtenName(write));
  const current = stageOf.staged.has(name) ? stageOf.staged.get(name) : stageOf.store.get(name);
  checkPrecondition(name, current, write.currentDocument);
  if (write.operation === 'delete') {
    stageOf.staged.set(name, undefined);
    return {};
  }
  return stageUpdate(stageOf, current, asUpdate(write));
}

function stageUpdate(
  { staged, commitMicros }: Stage,
  current: StoredDocument | undefined,
  write: UpdateWrite,
): WriteResult {
  const { name } = write.update;
  const merged = mergedFields(current?.fields ?? {}, write);
  const { fields, transformResults } = applyTransforms(merged, write.updateTransforms ?? [], commitMicros);
  checkFields(fields);
  const storable = cutFields(fields);
  checkDocumentSize(name, storable);
  checkIndexEntries(storable);
  const next =
    current && isDeepStrictEqual(current.fields, storable)
      ? current
      : {
          name,
          fields: storable,
          createMicros: current?.createMicros ?? commitMicros,
          updateMicros: commitMicros,
        };
  staged.set(name, next);
  return {
    updateTime: toTimestamp(next.updateMicros),
    transformResults,
  };
}

/** Without a mask the given fields replace all; with one, a path that the message lacks is deleted. */
function mergedFields(current: Fields, { update, updateMask }: UpdateWrite): Fields {
  const given = update.fields ?? {};
  if (!updateMask) return given;
  return parseMask(updateMask.fieldPaths ?? []).reduce((fields, path) => {
    const value = getField(given, path);
    return value === undefined ? withoutField(fields, path) : withField(fields, path, value);
  }, current);
}

/** The older form of a write that only transforms: an update that touches no other field. */
function asUpdate(write: Exclude<Write, { operation: 'delete' }>): UpdateWrite {
  if (write.operation === 'update') return write;
  const { transform, ...rest } = write;
  return {
    ...rest,
    operation: 'update',
    update: { name: transform.document },
    updateMask: {},
    updateTransforms: transform.fieldTransforms ?? [],
  };
}

function checkPrecondition(
  name: string,
  current: StoredDocument | undefined,
  condition: Precondition | undefined,
): void {
  if (!condition) return;
  if (condition.conditionType === 'exists') {
    if (condition.exists && !current) throw failure('NOT_FOUND', `No document to update: ${name}`);
    if (!condition.exists && current) throw failure('ALREADY_EXISTS', `Document already exists: ${name}`);
    return;
  }
  const stored = current?.updateMicros ?? 0;
  const required = toMicros(condition.updateTime);
  if (stored === required) return;
  throw failure(
    'FAILED_PRECONDITION',
    `the stored version (${stored}) does not match the required base version (${required})`,
  );
}

/** A write that leaves a document as it was is no change: it keeps its update time and wakes no listener. */
function realChanges(store: DocumentStore, staged: Staged): Staged {
  return new Map([...staged].filter(([name, document]) => store.get(name) !== document));
}
