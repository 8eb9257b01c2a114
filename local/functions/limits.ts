import type { FunctionLimits } from '../topology.ts';

/**
 * What a function process needs beside its heap: 54 MiB when it is idle, 111 at most while 60 drops came at once, measured as
 * resident memory less heap. The young generation, which the limit of the heap leaves out, is another 48 at most.
 */
const BESIDE_HEAP_MIB = 150;

/** The limit of the old generation in MiB, so that the process keeps to the memory that it is deployed with. */
export function heapMib({ memory }: FunctionLimits): number {
  return memoryMib(memory) - BESIDE_HEAP_MIB;
}

const MIB_OF_UNIT: Record<string, number> = { Mi: 1, Gi: 1024 };

/** `512Mi` and `1Gi`, as Cloud Run has it. */
export function memoryMib(memory: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([MG]i)$/.exec(memory) ?? [];
  const mib = MIB_OF_UNIT[unit];
  if (mib === undefined) throw new Error(`memory must be like 512Mi or 1Gi, not ${memory}`);
  return Number(amount) * mib;
}

/** One process stands for all instances, so it takes what all of them would take at once. */
export function requestsAtOnce({ concurrency, maxInstances }: FunctionLimits): number {
  return concurrency * maxInstances;
}
