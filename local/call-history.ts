import type { Clock } from './clock.ts';

/** One call of a service as it was served, faults included. */
export interface RecordedCall {
  /** Counts the calls of all services of one cloud, in the order in which they came. */
  order: number;
  service: string;
  method: string;
  /** What was called for: an object, a document, a path. */
  target: string;
  /** See callers.ts. */
  caller: string;
  /** The run that the call names, if it names one. */
  run: string | undefined;
  startedMs: number;
  /** Undefined while it is served. */
  endedMs: number | undefined;
  /** `open` while it is served, then `ok`, `refused` with the code of the service's own refusal, or the kind of the fault that it met. */
  outcome: string;
}

export type BeganCall = Pick<RecordedCall, 'service' | 'method' | 'target' | 'caller' | 'run'>;

export interface CallHistory {
  /** Writes a call down; the answer writes down what became of it. */
  begin(call: BeganCall): (outcome: string) => void;
  /** The latest calls with a higher number, oldest first. */
  since(order?: number): RecordedCall[];
}

const LENGTH = 200_000;
/** Forgotten in pieces: one by one would move the whole list each time. */
const FORGET_AT_ONCE = 10_000;

/** Keeps the latest calls; the numbers show whether older ones are gone. */
export function createCallHistory(clock: Clock): CallHistory {
  const calls: RecordedCall[] = [];
  let order = 0;
  return {
    begin(call) {
      order += 1;
      const recorded: RecordedCall = {
        ...{ order, ...call },
        ...{ startedMs: clock.now(), endedMs: undefined, outcome: 'open' },
      };
      calls.push(recorded);
      if (calls.length > LENGTH) calls.splice(0, FORGET_AT_ONCE);
      return (outcome) => Object.assign(recorded, { endedMs: clock.now(), outcome });
    },
    since: (after = 0) => calls.filter((call) => call.order > after),
  };
}
