import { TuneError } from '../../shared/core/errors/errors.ts';

/** A process of a function: once it is killed, nothing that it had begun goes on. */
export interface Instance {
  name: string;
  isDead: boolean;
}

/** What may happen to a call: it fails, its answer is lost, its caller dies, or sleeps for long. */
export const MISHAPS = {
  refused: { error: 'ambiguous' },
  lost: { error: 'ambiguous', isDone: true },
  dies: { dies: true },
  diesAfter: { dies: true, isDone: true },
  sleeps: { sleeps: true },
  sleepsAfter: { sleeps: true, isDone: true },
  denied: { error: 'misconfiguration' },
  throttled: { error: 'throttled' },
  invalid: { error: 'permanent' },
} as const satisfies Record<string, MishapRow>;

interface MishapRow {
  error?: 'ambiguous' | 'misconfiguration' | 'throttled' | 'permanent';
  dies?: boolean;
  sleeps?: boolean;
  /** The call takes effect first. */
  isDone?: boolean;
}

export type Mishap = keyof typeof MISHAPS;

/** A mishap that waits for its call: the first of this name, or of any, after so many were left alone. */
export interface Planted {
  mishap: Mishap;
  call: string;
  skip: number;
}

interface Sleeper {
  instance: Instance;
  wake: () => void;
}

export interface Gate {
  planted: Planted[];
  sleepers: Sleeper[];
  /** A call of an instance on its way to a service. */
  pass<T>(instance: Instance, call: string, effect: () => Promise<T>): Promise<T>;
}

/** The reason by which a run ends whose job is refused for good. */
const REFUSED_FOR_GOOD = 'InvalidRequest';

const NEVER = new Promise<never>(() => {});

const errorOf = (kind: NonNullable<MishapRow['error']>, call: string) =>
  new TuneError(kind, `${call} met what was planted`, {
    reason: kind === 'permanent' ? REFUSED_FOR_GOOD : 'Planted',
  });

/** What goes through here may be lost, killed or asleep; `onMishap` hears of what was. */
export function createGate(onMishap: (mishap: Mishap, call: string) => void): Gate {
  const gate: Gate = {
    planted: [],
    sleepers: [],
    async pass(instance, call, effect) {
      if (instance.isDead) return NEVER;
      const mishap = next(gate.planted, call);
      if (!mishap) {
        const answer = await effect();
        return instance.isDead ? NEVER : answer;
      }
      onMishap(mishap, call);
      return suffer(gate, { instance, call, effect, row: MISHAPS[mishap] });
    },
  };
  return gate;
}

interface Suffered<T> {
  instance: Instance;
  call: string;
  effect: () => Promise<T>;
  row: MishapRow;
}

async function suffer<T>(gate: Gate, { instance, call, effect, row }: Suffered<T>): Promise<T> {
  const answer = row.isDone ? { value: await effect() } : undefined;
  if (row.sleeps) await new Promise<void>((wake) => gate.sleepers.push({ instance, wake }));
  if (row.dies) instance.isDead = true;
  if (instance.isDead) return NEVER;
  if (row.error) throw errorOf(row.error, call);
  return answer ? answer.value : effect();
}

/** The mishap of this call, if it is its turn. */
function next(planted: Planted[], call: string): Mishap | undefined {
  if (planted.length === 0) return undefined;
  const index = planted.findIndex((one) => one.call === 'any' || call.startsWith(one.call));
  const found = planted[index];
  if (!found) return undefined;
  if (found.skip > 0) {
    planted[index] = { ...found, skip: found.skip - 1 };
    return undefined;
  }
  planted.splice(index, 1);
  return found.mishap;
}

type Method = (...args: never[]) => unknown;

/** The same port, each call of which goes through the gate. What answers at once stays as it is. */
export function gated<Port extends object>(port: Port, wrap: (call: string, method: Method) => Method): Port {
  const copy = { ...port };
  for (const [name, member] of Object.entries(port)) {
    if (typeof member === 'function') Object.assign(copy, { [name]: wrap(name, member as Method) });
  }
  return copy;
}
