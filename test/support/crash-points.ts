import type { RecordedCall } from '../../local/call-history.ts';
import type { Fault } from '../../local/faults.ts';
import type { ServiceName } from '../../local/services.ts';

/** A call at which the function that makes it is killed. */
export interface CrashPoint {
  caller: string;
  service: ServiceName;
  method: string;
  /** What is called for, without what differs from run to run. */
  target: string;
  /** The how manieth call of this kind; for its run where the call names one, else of the function. */
  nth: number;
  isOfRun: boolean;
}

export type CrashTime = 'before' | 'after';

export interface Names {
  /** Part of every name below the folder that was dropped. */
  folder: string;
  runId: string;
}

const FUNCTIONS = ['validate', 'submit', 'poll', 'evaluate'];
const namesRun = ({ target, run }: RecordedCall, { folder, runId }: Names) =>
  run === runId || target.includes(folder);

/**
 * Every call of every function in this history, once; `names` are those of its one run. Of calls that name no run, such as the
 * queries of a tick, as many as there were before the run began, and one of each kind that came later: the others are the same again.
 */
export function crashPointsOf(history: readonly RecordedCall[], names: Names): CrashPoint[] {
  const seen = new Map<string, number>();
  const began = history.findIndex((call) => namesRun(call, names));
  const points = history.flatMap((call, index): CrashPoint[] => {
    const { caller, method } = call;
    if (!FUNCTIONS.includes(caller)) return [];
    const service = call.service as ServiceName;
    const isOfRun = namesRun(call, names);
    const kind = kindOf({ caller, service, method, isOfRun });
    const nth = (seen.get(kind) ?? 0) + 1;
    if (!isOfRun && index > began && nth > 1) return [];
    seen.set(kind, nth);
    return [{ caller, service, method, target: withoutNames(call.target, names), nth, isOfRun }];
  });
  return points.sort((one, other) => compare(keyOf(one), keyOf(other)));
}

/** What one call has in common with others, which are counted together. */
const kindOf = ({
  caller,
  service,
  method,
  isOfRun,
}: Pick<CrashPoint, 'caller' | 'service' | 'method' | 'isOfRun'>) =>
  [caller, service, method, isOfRun].join(' ');
const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
const keyOf = ({ caller, service, method, isOfRun, nth }: CrashPoint) =>
  [FUNCTIONS.indexOf(caller), service, method, isOfRun, String(nth).padStart(3, '0')].join(' ');

function withoutNames(target: string, { folder, runId }: Names): string {
  return target
    .replaceAll(/projects\/[^/]+\/databases\/\(default\)\/documents\/?/g, '')
    .replaceAll(folder, 'DROP/')
    .replaceAll(runId, 'RUN')
    .replaceAll(/\bm[a-z2-7]{40}\b/g, 'MANIFEST')
    .replaceAll(/\b\d{6,}\b/g, 'NUMBER')
    .replaceAll(/\b[a-z2-7]{52}\b/g, 'DIGEST');
}

/** The faults that kill at this point and at no other. */
export function killsAt({ nth }: Pick<CrashPoint, 'nth'>, time: CrashTime): Fault[] {
  const passed: Fault[] = Array(nth - 1).fill({ kind: 'ok' });
  return [...passed, { kind: 'kill', ...(time === 'after' && { afterEffect: true }) }];
}

/** The last call of each kind, which has the others of its kind behind it. */
export function lastOfKinds(points: readonly CrashPoint[]): CrashPoint[] {
  const kinds = Map.groupBy(points, kindOf);
  return [...kinds.values()].flatMap((same) => same.at(-1) ?? []);
}

/** So many at a time, those of one kind of call in different batches: each fault counts the calls of its kind by itself. */
export function batchesOf<T>(points: readonly T[], size: number): T[][] {
  const count = Math.ceil(points.length / size);
  return Array.from({ length: count }, (_, index) => points.filter((__, place) => place % count === index));
}
