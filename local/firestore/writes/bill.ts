import type { Transactions, View } from './transactions.ts';

/** What Google counts of the use of a database, since the start. */
export interface Bill {
  /** Documents written, by name; also where nothing changed. */
  writes(): ReadonlyMap<string, number>;
  /** Documents read. One that is missing counts, and so does a query that finds nothing (cloud.google.com/firestore/pricing). */
  reads(): number;
}

/** Counts; `counted` reads as the given transactions do. */
export function createBill(transactions: Transactions) {
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
  const counted: Transactions = {
    ...transactions,
    read: (request, read) => transactions.read(request, (view) => read(counting(view))),
  };
  const bill: Bill = { writes: () => writes, reads: () => reads };
  return { bill, counted, onWrite: (name: string) => void writes.set(name, (writes.get(name) ?? 0) + 1) };
}
