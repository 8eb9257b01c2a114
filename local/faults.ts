/**
 * A script of faults for one embedded service: what the next calls of a method meet.
 * A test writes the script, then asserts that all of it was used up: a fault that nobody met proves nothing.
 */

import { type CallHistory, createCallHistory } from './call-history.ts';
import { currentCaller, VERTEX_CALLER } from './callers.ts';
import { type Clock, systemClock } from './clock.ts';
import {
  createFaultRules,
  type Fault,
  type FaultRules,
  type Refusal,
  type ServedCall,
} from './fault-rules.ts';

export type { Fault, Refusal } from './fault-rules.ts';

export interface FaultScript extends FaultRules {
  /** Serves a call as its fault lets it; rejects with `FaultMet` where the caller is to get no answer or another one. */
  attend<T>(call: ServedCall, work: () => T | Promise<T>): Promise<T>;
  /** Takes the fault of a call that is served at once: the opening of a stream. */
  take(call: ServedCall): { refusal: Refusal | undefined; isLate: boolean };
  /** Takes the fault of what is no call of its own: `Message`, `download`, `upload`. The history has it where it is one. */
  draw(call: ServedCall): Fault;
  /** Lets go on what a `stall` holds; says how many there were. */
  release(): number;
  /** How many calls a `stall` holds now. */
  held(): number;
  /** How often each method was called, faults included, the stand-in for Vertex AI left out. */
  calls(): Record<string, number>;
}

/** What a script has of the cloud that it is a part of. */
export interface FaultScriptOptions {
  service?: string;
  history?: CallHistory;
  clock?: Clock;
  /** Ends the process of a caller. */
  kill?: (caller: string) => void;
}

/** Thrown in place of an answer. */
export class FaultMet extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`scripted fault: ${refusal.kind}`);
    this.refusal = refusal;
  }
}

/** `r` and 40 characters of base32, as shared/core/run/ids.ts makes it. */
const RUN_ID = /\br[a-z2-7]{40}\b/;

export function createFaultScript(options: FaultScriptOptions = {}): FaultScript {
  const { service = '', clock = systemClock, history = createCallHistory(clock), kill = () => {} } = options;
  const rules = createFaultRules();
  const counts = new Map<string, number>();
  const held = new Set<() => void>();

  const wait = (fault: Fault): Promise<void> | undefined => {
    if (fault.kind === 'slow') return new Promise((resolve) => clock.after(fault.byMs, resolve));
    return fault.kind === 'stall' ? new Promise((resolve) => held.add(resolve)) : undefined;
  };

  const note = ({ method, target = '', about = () => '' }: ServedCall) => {
    const run = (RUN_ID.exec(target) ?? RUN_ID.exec(about()))?.[0];
    return history.begin({ service, method, target, caller: currentCaller(), run });
  };
  const begin = (call: ServedCall) => {
    const { method } = call;
    if (currentCaller() !== VERTEX_CALLER) counts.set(method, (counts.get(method) ?? 0) + 1);
    return note(call);
  };

  const draw = (call: ServedCall) => rules.find(call, currentCaller());
  const release = () => {
    const { size } = held;
    for (const resume of held) resume();
    held.clear();
    return size;
  };

  return {
    ...rules,
    clear() {
      rules.clear();
      release();
    },
    async attend(call, work) {
      const caller = currentCaller();
      const end = begin(call);
      const fault = draw(call);
      const isLate = isAfterEffect(fault);
      const refusal = refusalOf(fault);
      const refuse = (met: Refusal): never => {
        end(fault.kind);
        if (fault.kind === 'kill') kill(caller);
        throw new FaultMet(met);
      };
      if (!isLate) await wait(fault);
      if (refusal && !isLate) return refuse(refusal);
      const { outcome, give } = await settled(work);
      if (isLate) await wait(fault);
      if (refusal) return refuse(refusal);
      end(outcome);
      return give();
    },
    take(call) {
      const end = begin(call);
      const fault = draw(call);
      end(fault.kind);
      return { refusal: refusalOf(fault), isLate: isAfterEffect(fault) };
    },
    draw(call) {
      const fault = draw(call);
      if (fault.kind !== 'ok') note(call)(fault.kind);
      return fault;
    },
    release,
    held: () => held.size,
    calls: () => Object.fromEntries(counts),
  };
}

/** What came of the work, to be told before it is given. */
async function settled<T>(work: () => T | Promise<T>): Promise<{ outcome: string; give: () => T }> {
  try {
    const result = await work();
    return { outcome: 'ok', give: () => result };
  } catch (error) {
    return {
      outcome: refusedWith(error),
      give: () => {
        throw error;
      },
    };
  }
}

const isAfterEffect = (fault: Fault) => 'afterEffect' in fault && fault.afterEffect === true;

/** A process that was ended gets no answer, like one whose connection was dropped. */
function refusalOf(fault: Fault): Refusal | undefined {
  if (fault.kind === 'kill') return { kind: 'reset' };
  return fault.kind === 'error' || fault.kind === 'reset' ? fault : undefined;
}

/** The code of a service's own refusal, of whatever kind the service is. */
function refusedWith(error: unknown): string {
  const { http, status, code } = error as { http?: unknown; status?: unknown; code?: unknown };
  return `refused ${http ?? status ?? code ?? 'INTERNAL'}`;
}
