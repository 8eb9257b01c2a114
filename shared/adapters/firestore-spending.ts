import type { DocumentReference, DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import type * as z from 'zod';
import { TuneError } from '../core/errors/errors.ts';
import {
  decideReserve,
  decideSettle,
  type SpendingWrite,
  type StoredSpending,
} from '../core/run/reservation.ts';
import { folderIdOf, MonthSpendingSchema, ReservationSchema } from '../core/run/spending.ts';
import type { Logger, Spending } from '../ports.ts';
import { createDocumentReader } from './documents.ts';
import { stored } from './firestore.ts';

/** Reads documents, inside a transaction or outside. */
type ReadAll = (...documents: DocumentReference[]) => Promise<DocumentSnapshot[]>;

/** Where a run is looked for. */
interface Searched {
  runId: string;
  folder: string;
  months: string[];
}

/** What the folders spend, in Firestore. Each write is a transaction over a reservation and the sums of its month. */
export function createFirestoreSpending(firestore: Firestore, { logger }: { logger: Logger }): Spending {
  const reader = createDocumentReader(logger);
  const monthsOf = (folder: string) => firestore.collection(`spending/${folderIdOf(folder)}/months`);
  const sumsOf = ({ folder }: Searched, month: string) => monthsOf(folder).doc(month);
  const reservationOf = (searched: Searched, month: string) =>
    sumsOf(searched, month).collection('runs').doc(searched.runId);
  const read = <Value>(schema: z.ZodType<Value>, snapshot: DocumentSnapshot | undefined) => {
    if (!snapshot?.exists) return undefined;
    const [value] = reader.fitting(schema, [stored(snapshot)]);
    // Sums that cannot be read must not begin anew.
    if (value === undefined) throw unreadable(snapshot.ref.path);
    return value;
  };

  /** The sums are those of the month of the reservation, mostly the newest: then one call reads everything. */
  const find = async (readAll: ReadAll, searched: Searched): Promise<StoredSpending> => {
    const [newest = ''] = searched.months;
    const [newestSums, ...places] = await readAll(
      sumsOf(searched, newest),
      ...searched.months.map((month) => reservationOf(searched, month)),
    );
    const index = places.findIndex(({ exists }) => exists);
    const month = searched.months[index] ?? newest;
    const [sums] = month === newest ? [newestSums] : await readAll(sumsOf(searched, month));
    return {
      reservation: read(ReservationSchema, places[index]),
      ...{ month, sums: read(MonthSpendingSchema, sums) },
    };
  };

  const change = <Result>(
    searched: Searched,
    decide: (found: StoredSpending) => { result: Result; write?: SpendingWrite | undefined },
  ): Promise<Result> =>
    firestore.runTransaction(async (transaction) => {
      const found = await find((...documents) => transaction.getAll(...documents), searched);
      const { result, write } = decide(found);
      if (write) transaction.set(reservationOf(searched, found.month), write.reservation);
      if (write?.sums) transaction.set(sumsOf(searched, found.month), write.sums);
      return result;
    });

  return {
    async look(request) {
      const [newest = ''] = request.months;
      const [sums, ...places] = await firestore.getAll(
        sumsOf(request, newest),
        ...request.months.map((month) => reservationOf(request, month)),
      );
      return {
        spentUsd: read(MonthSpendingSchema, sums)?.expected.high ?? 0,
        isReserved: places.some(({ exists }) => exists),
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
