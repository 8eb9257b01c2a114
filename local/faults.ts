/**
 * A script of faults for one embedded service: what the next calls of a method meet.
 * A test writes the script, then asserts that all of it was used up: a fault that nobody met proves nothing.
 */

export type Fault =
  /** Serve the call as usual. */
  | { kind: 'ok' }
  /** Answer with this error; `afterEffect` does the work first and then lies about it. HTTP status codes for both HTTP and gRPC services. */
  | { kind: 'error'; status: number; message?: string; afterEffect?: boolean }
  /** Drop the connection without an answer; `afterEffect` does the work first. */
  | { kind: 'reset'; afterEffect?: boolean };

export interface FaultScript {
  /** Queues faults for the coming calls of `method` (a service's own method name, or `*` for any). */
  script(method: string, faults: Fault[]): void;
  /** Takes the fault for this call, if one is queued. Called by the service once per request. */
  next(method: string): Fault;
  /** What has not been met yet, by method. */
  remaining(): Record<string, Fault[]>;
  /** How often each method was called, faults included. */
  calls(): Record<string, number>;
}

const OK: Fault = { kind: 'ok' };

export function createFaultScript(): FaultScript {
  const queues = new Map<string, Fault[]>();
  const counts = new Map<string, number>();

  const take = (method: string): Fault | undefined => {
    const queue = queues.get(method);
    const fault = queue?.shift();
    if (queue?.length === 0) queues.delete(method);
    return fault;
  };

  return {
    script(method, faults) {
      queues.set(method, [...(queues.get(method) ?? []), ...faults]);
    },
    next(method) {
      counts.set(method, (counts.get(method) ?? 0) + 1);
      return take(method) ?? take('*') ?? OK;
    },
    remaining: () => Object.fromEntries(queues),
    calls: () => Object.fromEntries(counts),
  };
}
