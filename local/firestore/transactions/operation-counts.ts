import type { Transactions } from './transactions.ts';
import type { View } from './views.ts';

/** What Google counts of the use of a database, since the start. */
export interface OperationCounts {
  /** Documents written, by name; also where nothing changed. */
  writes(): ReadonlyMap<string, number>;
  /** Documents read. One that is missing counts, and so does a query that finds nothing (cloud.google.com/firestore/pricing). */
  reads(): number;
}

/** Counts; `transactions` read as the given ones do. */
export function countOperations(transactions: Transactions) {
  const writes = new Map<string, number>();
  let reads = 0;

  const counting = (view: View): View => ({
    begun: view.begun,
    documents: (names) => {
      reads += names.length;
      return view.documents(names);
    },
    query: async (placed) => {
      const found = await view.query(placed);
      reads += Math.max(1, found.length);
      return found;
    },
  });
  const counts: OperationCounts = { writes: () => writes, reads: () => reads };
  return {
    counts,
    transactions: {
      ...transactions,
      read: (request, read) => transactions.read(request, (view) => read(counting(view))),
    } satisfies Transactions,
    onWrite: (name: string) => void writes.set(name, (writes.get(name) ?? 0) + 1),
  };
}
