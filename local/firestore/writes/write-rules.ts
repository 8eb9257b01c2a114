/** Writes that Firestore refuses whatever the data. Their rules are those of google/firestore/v1/write.proto. */

import { failure } from '../values/failure.ts';
import { parseFieldPath } from '../values/field-path.ts';
import type { FieldTransform, Write } from '../values/messages.ts';

/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MAX_TRANSFORMS_PER_DOCUMENT = 500;

/** The document that a write is about; fails when the write does nothing at all. */
export function writtenName(write: Write): string {
  switch (write.operation) {
    case 'update':
      return write.update.name ?? '';
    case 'delete':
      return write.delete;
    case 'transform':
      return write.transform.document ?? '';
    default:
      throw failure(
        'INVALID_ARGUMENT',
        'A write has no operation: it is none of update, delete and transform.',
      );
  }
}

/** Fails on writes of one commit that cannot be meant. */
export function checkWrites(writes: readonly Write[]): void {
  const transforms = new Map<string, number>();
  for (const write of writes) {
    const name = writtenName(write);
    const own = transformsOf(write);
    checkForm(write);
    checkPaths(own);
    transforms.set(name, (transforms.get(name) ?? 0) + own.length);
  }
  if (Math.max(0, ...transforms.values()) > MAX_TRANSFORMS_PER_DOCUMENT) {
    throw failure(
      'INVALID_ARGUMENT',
      `A document cannot have more than ${MAX_TRANSFORMS_PER_DOCUMENT} field transformations in one commit.`,
    );
  }
}

/** Fails when two writes are about one document: a batch keeps no order (google/firestore/v1/firestore.proto). */
export function checkDistinct(writes: readonly Write[]): void {
  if (new Set(writes.map(writtenName)).size === writes.length) return;
  throw failure('INVALID_ARGUMENT', 'the same document cannot be written more than once in a single request');
}

function transformsOf(write: Write): readonly FieldTransform[] {
  if (write.operation === 'transform') return write.transform.fieldTransforms ?? [];
  return write.updateTransforms ?? [];
}

function checkForm(write: Write): void {
  if (write.operation === 'transform' && transformsOf(write).length === 0) {
    throw failure('INVALID_ARGUMENT', 'The list of FieldTransform must not be empty.');
  }
  if (write.operation !== 'delete') return;
  if (write.updateMask) throw failure('INVALID_ARGUMENT', 'a delete must not specify a document mask.');
  if (write.updateTransforms?.length) {
    throw failure('INVALID_ARGUMENT', 'a delete must not specify a update transform.');
  }
}

/** A field and something within it cannot both be transformed. */
function checkPaths(transforms: readonly FieldTransform[]): void {
  const paths = transforms.map(({ fieldPath }) => parseFieldPath(fieldPath ?? ''));
  const keys = new Set(paths.map((path) => JSON.stringify(path)));
  for (const path of paths) {
    const outer = path
      .map((_, length) => path.slice(0, length))
      .find((part) => keys.has(JSON.stringify(part)));
    if (!outer) continue;
    throw failure(
      'INVALID_ARGUMENT',
      `Cannot transform property ${outer.join('.')} and its nested property at the same time.`,
    );
  }
}
