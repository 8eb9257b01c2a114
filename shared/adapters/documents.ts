import type * as z from 'zod';
import { TuneError } from '../core/errors/errors.ts';
import { misfitOf } from '../core/json/fit.ts';
import type { Run } from '../core/run/run.ts';
import { readStoredRun, type StoredRun } from '../core/run/versions.ts';
import type { Logger } from '../ports.ts';

/** A stored document: where it is, and what it holds; undefined where there is none. */
export interface FoundDocument {
  path: string;
  data: unknown;
}

/** Reads documents as their schemas describe them. One that cannot be read hides no other. */
export interface DocumentReader {
  /** The run that is there. Throws `permanent` where this version can neither read nor write it. */
  run(document: FoundDocument): Run | undefined;
  /** The runs of a list that can be read; the others are logged. */
  runs(documents: FoundDocument[]): Run[];
  /** The documents that fit a schema; the others are logged. */
  fitting<Value>(schema: z.ZodType<Value>, documents: FoundDocument[]): Value[];
}

type Unread = Exclude<StoredRun, { outcome: 'readable' }>;

export function createDocumentReader(logger: Logger): DocumentReader {
  const logged = new Set<string>();
  // A tick every minute meets the same document: an instance says it once.
  const skip = (path: string, unread: Unread) => {
    const { reason, message, remedy } = unreadError(path, unread);
    if (logged.has(message)) return;
    logged.add(message);
    const write = unread.outcome === 'newer' ? logger.warn : logger.error;
    write('a document is left out', { document: path, reason, error: message, remedy });
  };

  return {
    run({ path, data }) {
      if (data === undefined) return undefined;
      const stored = readStoredRun(data);
      if (stored.outcome === 'readable') return stored.run;
      throw unreadError(path, stored);
    },
    runs: (documents) =>
      documents.flatMap(({ path, data }) => {
        const stored = readStoredRun(data);
        if (stored.outcome === 'readable') return [stored.run];
        skip(path, stored);
        return [];
      }),
    fitting: (schema, documents) =>
      documents.flatMap(({ path, data }) => {
        const parsed = schema.safeParse(data);
        if (parsed.success) return [parsed.data];
        skip(path, { outcome: 'unreadable', problem: misfitOf(parsed.error, 'document') });
        return [];
      }),
  };
}

/** The event is acknowledged and nothing is lost: the document says what is due, and poll asks for that once it can be read. */
function unreadError(path: string, unread: Unread): TuneError {
  if (unread.outcome === 'newer') {
    return new TuneError(
      'permanent',
      `${path} was written by a later version (schemaVersion ${unread.schemaVersion}), and is left alone.`,
      { reason: 'NewerDocument', remedy: 'Deploy that version again: the run goes on from where it is.' },
    );
  }
  return new TuneError('permanent', `${path} cannot be read: ${unread.problem}`, {
    reason: 'UnreadableDocument',
    remedy: 'Restore the fields that the message names, or delete the document to give the run up.',
  });
}
