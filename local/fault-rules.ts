/** The faults that there are, and which of them the next call meets. */

import { VERTEX_CALLER } from './callers.ts';

export type Fault =
  /** Serve the call as usual. */
  | { kind: 'ok' }
  /** Answer with this error; `afterEffect` does the work first and then lies about it. HTTP status codes for both HTTP and gRPC services. */
  | { kind: 'error'; status: number; message?: string; afterEffect?: boolean }
  /** Drop the connection without an answer; `afterEffect` does the work first. */
  | { kind: 'reset'; afterEffect?: boolean }
  /** End the process that called, with SIGKILL; `afterEffect` does the work first. */
  | { kind: 'kill'; afterEffect?: boolean }
  /** Hold the call until `release`, then serve it; `afterEffect` does the work first and holds the answer. */
  | { kind: 'stall'; afterEffect?: boolean }
  /** Serve the call this much later. */
  | { kind: 'slow'; byMs: number }
  /** Of `download` and `upload`: cut the body after so many bytes; an upload is answered with 503, and a session keeps them. */
  | { kind: 'break'; afterBytes: number }
  /** Of `download`: nothing after so many bytes, until the client leaves. */
  | { kind: 'hang'; afterBytes: number }
  /** Of `Message`: published, never delivered. */
  | { kind: 'drop' }
  /** Of `Message`: delivered this much later, so that others overtake it. */
  | { kind: 'delay'; byMs: number }
  /** Of `Message`: delivered twice, `same` as an at-least-once queue does, `new` as a producer does that publishes twice. */
  | { kind: 'duplicate'; id: 'same' | 'new' };

export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;

/** What the caller gets in place of an answer. */
export type Refusal = FaultOf<'error'> | FaultOf<'reset'>;

/** Which calls a fault is for; without `caller`, everybody's but those of the stand-in for Vertex AI. */
export interface FaultScope {
  /** A function's name, or another caller of callers.ts. */
  caller?: string | undefined;
  /** A run's id, or any other part of what the call names: an object, a document, a path, a message. One of several is enough. */
  run?: string | readonly string[] | undefined;
}

/** How a fault that stands meets calls: all of them, or a share that the seed chooses. */
export interface FaultShare extends FaultScope {
  rate?: number | undefined;
  seed?: number | undefined;
}

/** What is known of a call when it comes in. */
export interface ServedCall {
  /** The service's own name of the method. */
  method: string;
  /** What it is called for. */
  target?: string;
  /** The rest of what it says, where a run may be named. */
  about?: () => string;
}

export interface FaultRules {
  /** Queues faults for the coming calls of `method` (a service's own method name, or `*` for any that has no faults of its own), each met once. */
  script(method: string, faults: Fault[], scope?: FaultScope): void;
  /** Lets the calls of `method` meet this fault until the result is called. */
  whenever(method: string, fault: Fault, share?: FaultShare): () => void;
  /** What has not been met yet, by method; of faults that stand those that nobody ever met. */
  remaining(): Record<string, Fault[]>;
  /** Forgets every fault. */
  clear(): void;
}

interface Rule {
  method: string;
  scope: FaultScope;
  /** Takes the fault, if this call is to meet it. */
  take(): Fault | undefined;
  unmet(): Fault[];
}

/** These meet faults of their own, and no `*`; every other method meets those of a call. */
const OWN_KINDS: Record<string, readonly Fault['kind'][]> = {
  Message: ['ok', 'drop', 'delay', 'duplicate'],
  download: ['ok', 'break', 'hang'],
  upload: ['ok', 'break'],
  // A stream is opened at once or not at all.
  Listen: ['ok', 'error', 'reset'],
  StreamingPull: ['ok', 'error', 'reset'],
  Pull: ['ok', 'error', 'reset'],
};
const CALL_KINDS: readonly Fault['kind'][] = ['ok', 'error', 'reset', 'kill', 'stall', 'slow'];

/** The numbers and words without which a kind means nothing. */
const NEEDED: Record<Fault['kind'], Record<string, string>> = {
  ok: {},
  error: { status: 'number' },
  reset: {},
  kill: {},
  stall: {},
  slow: { byMs: 'number' },
  break: { afterBytes: 'number' },
  hang: { afterBytes: 'number' },
  drop: {},
  delay: { byMs: 'number' },
  duplicate: { id: 'string' },
};

export function isFault(value: unknown): value is Fault {
  const fault = (value ?? {}) as Record<string, unknown>;
  const needed = Object.hasOwn(NEEDED, String(fault.kind)) ? NEEDED[fault.kind as Fault['kind']] : undefined;
  return needed !== undefined && Object.entries(needed).every(([name, type]) => typeof fault[name] === type);
}

const OK: Fault = { kind: 'ok' };

export function createFaultRules(): FaultRules & { find(call: ServedCall, caller: string): Fault } {
  const rules: Rule[] = [];

  const add = (rule: Rule, faults: readonly Fault[]) => {
    const kinds = OWN_KINDS[rule.method] ?? CALL_KINDS;
    const foreign = faults.find(({ kind }) => !kinds.includes(kind));
    if (foreign) throw new Error(`${rule.method} meets no fault of the kind ${foreign.kind}`);
    rules.push(rule);
  };
  const remove = (rule: Rule) => {
    const index = rules.indexOf(rule);
    if (index >= 0) rules.splice(index, 1);
  };
  const of = (method: string, call: ServedCall, caller: string): Fault | undefined => {
    for (const rule of rules.filter((one) => one.method === method && isFor(one.scope, call, caller))) {
      const fault = rule.take();
      if (fault) return fault;
    }
    return undefined;
  };

  return {
    script(method, faults, scope = {}) {
      const queue = [...faults];
      const rule: Rule = {
        ...{ method, scope, unmet: () => [...queue] },
        take() {
          const fault = queue.shift();
          if (queue.length === 0) remove(rule);
          return fault;
        },
      };
      add(rule, faults);
    },
    whenever(method, fault, { rate = 1, seed = 1, ...scope } = {}) {
      const chance = chances(seed);
      let isMet = false;
      const rule: Rule = {
        ...{ method, scope, unmet: () => (isMet ? [] : [fault]) },
        take() {
          if (rate < 1 && chance() >= rate) return undefined;
          isMet = true;
          return fault;
        },
      };
      add(rule, [fault]);
      return () => remove(rule);
    },
    find(call, caller) {
      if (rules.length === 0) return OK;
      const own = of(call.method, call, caller);
      return own ?? (OWN_KINDS[call.method] ? undefined : of('*', call, caller)) ?? OK;
    },
    remaining() {
      const left: Record<string, Fault[]> = {};
      for (const { method, unmet } of rules) {
        const faults = unmet();
        if (faults.length > 0) left[method] = [...(left[method] ?? []), ...faults];
      }
      return left;
    },
    clear: () => void rules.splice(0),
  };
}

/** An instance has the function's name, and its own behind a point. */
function isFor({ caller: wanted, run }: FaultScope, { target = '', about }: ServedCall, caller: string) {
  const [name] = caller.split('.');
  if (wanted === undefined ? caller === VERTEX_CALLER : wanted !== caller && wanted !== name) return false;
  const names = typeof run === 'string' ? [run] : run;
  return names?.some((name) => target.includes(name) || about?.().includes(name)) ?? true;
}

/** Numbers from 0 to 1, the same ones for the same seed: mulberry32. */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
