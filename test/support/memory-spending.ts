import {
  decideReserve,
  decideSettle,
  type SpendingRequest,
  type StoredSpending,
} from '../../shared/core/run/reservation.ts';
import {
  folderIdOf,
  type MonthSpending,
  type Reservation,
  runsOnDay,
} from '../../shared/core/run/spending.ts';
import type { Spending } from '../../shared/ports.ts';

export interface MemorySpending extends Spending {
  /** By the paths of Firestore's documents. */
  readonly sums: Map<string, MonthSpending>;
  readonly reservations: Map<string, Reservation>;
  /** Documents written so far. */
  writes: number;
  /** Transactions and looks so far. */
  reads: number;
}

/** What the folders spend, as two maps. Proved equal to Firestore's by the contract suite. */
export function createMemorySpending(): MemorySpending {
  const sums: MemorySpending['sums'] = new Map();
  const reservations: MemorySpending['reservations'] = new Map();
  const sumsPath = (folder: string, month: string) => `spending/${folderIdOf(folder)}/months/${month}`;
  const pathOf = ({ folder, runId }: SpendingRequest) => `spending/${folderIdOf(folder)}/runs/${runId}`;

  const find = (request: SpendingRequest): StoredSpending => {
    spending.reads += 1;
    const reservation = reservations.get(pathOf(request));
    const month = reservation?.month ?? request.month;
    return { reservation, month, sums: sums.get(sumsPath(request.folder, month)) };
  };
  const write = (
    request: SpendingRequest,
    { month }: StoredSpending,
    written: { reservation: Reservation; sums?: MonthSpending | undefined } | undefined,
  ) => {
    if (!written) return;
    spending.writes += written.sums ? 2 : 1;
    reservations.set(pathOf(request), structuredClone(written.reservation));
    if (written.sums) sums.set(sumsPath(request.folder, month), structuredClone(written.sums));
  };

  const spending: MemorySpending = {
    ...{ sums, reservations, writes: 0, reads: 0 },
    async look(request) {
      spending.reads += 1;
      const month = sums.get(sumsPath(request.folder, request.month));
      return {
        spentUsd: month?.expected.high ?? 0,
        ranToday: runsOnDay(month, request.now),
        isReserved: reservations.has(pathOf(request)),
      };
    },
    async reserve(request) {
      const found = find(request);
      const decided = decideReserve(found, request);
      write(request, found, decided.write);
      return decided.result;
    },
    async settle(request) {
      const found = find(request);
      write(request, found, decideSettle(found, request));
      return found.month;
    },
  };
  return spending;
}
