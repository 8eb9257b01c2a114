import type { DocumentReference, DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import type * as z from 'zod';
import { TuneError } from '../core/errors/errors.ts';
import {
  decideReserve,
  decideSettle,
  type SpendingRequest,
  type SpendingWrite,
  type StoredSpending,
} from '../core/run/reservation.ts';
import { folderIdOf, MonthSpendingSchema, ReservationSchema, runsOnDay } from '../core/run/spending.ts';
import type { Logger, Spending } from '../ports.ts';
import { createDocumentReader } from './documents.ts';
import { stored } from './firestore.ts';

/** Reads documents, inside a transaction or outside. */
type ReadAll = (...documents: DocumentReference[]) => Promise<DocumentSnapshot[]>;

/** What the folders spend, in Firestore. Each write is a transaction over a reservation and the sums of its month. */
export function createFirestoreSpending(firestore: Firestore, { logger }: { logger: Logger }): Spending {
  const reader = createDocumentReader(logger);
  const sumsOf = ({ folder }: SpendingRequest, month: string) =>
    firestore.doc(`spending/${folderIdOf(folder)}/months/${month}`);
  const reservationOf = ({ folder, runId }: SpendingRequest) =>
    firestore.doc(`spending/${folderIdOf(folder)}/runs/${runId}`);
  const read = <Value>(schema: z.ZodType<Value>, snapshot: DocumentSnapshot | undefined) => {
    if (!snapshot?.exists) return undefined;
    const [value] = reader.fitting(schema, [stored(snapshot)]);
    // Sums that cannot be read must not begin anew.
    if (value === undefined) throw unreadable(snapshot.ref.path);
    return value;
  };

  /** The sums are those of the month of the reservation, mostly the one that is asked for: then one call reads everything. */
  const find = async (readAll: ReadAll, request: SpendingRequest): Promise<StoredSpending> => {
    const [place, asked] = await readAll(reservationOf(request), sumsOf(request, request.month));
    const reservation = read(ReservationSchema, place);
    const month = reservation?.month ?? request.month;
    const [sums] = month === request.month ? [asked] : await readAll(sumsOf(request, month));
    return { reservation, month, sums: read(MonthSpendingSchema, sums) };
  };

  const change = <Result>(
    request: SpendingRequest,
    decide: (found: StoredSpending) => { result: Result; write?: SpendingWrite | undefined },
  ): Promise<Result> =>
    firestore.runTransaction(async (transaction) => {
      const found = await find((...documents) => transaction.getAll(...documents), request);
      const { result, write } = decide(found);
      if (write) transaction.set(reservationOf(request), write.reservation);
      if (write?.sums) transaction.set(sumsOf(request, found.month), write.sums);
      return result;
    });

  return {
    async look(request) {
      const [place, sums] = await firestore.getAll(reservationOf(request), sumsOf(request, request.month));
      const month = read(MonthSpendingSchema, sums);
      return {
        spentUsd: month?.expected.high ?? 0,
        ranToday: runsOnDay(month, request.now),
        isReserved: place?.exists ?? false,
      };
    },
    reserve: (request) => change(request, (found) => decideReserve(found, request)),
    settle: (request) =>
      change(request, (found) => ({ result: found.month, write: decideSettle(found, request) })),
  };
}

function unreadable(path: string): TuneError {
  return new TuneError('permanent', `${path} cannot be read, so that nothing is added to it.`, {
    reason: 'UnreadableDocument',
    remedy: 'Restore the fields that the log names, or delete the document: its sums begin anew then.',
  });
}
