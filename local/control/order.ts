import { type Fault, type FaultShare, isFault } from '../fault-rules.ts';

/** What somebody asked for: faults that are met once each, or one that stands. */
export interface FaultOrder {
  service: string;
  method: string;
  list: Fault[];
  share: FaultShare;
  isStanding: boolean;
}

/** Reads an order; what is wrong with it is told in words. */
export function readOrder(body: unknown, services: readonly string[]): FaultOrder {
  const { service, method, faults, whenever, ...share } = (body ?? {}) as Record<string, unknown>;
  if (typeof service !== 'string' || !services.includes(service)) {
    throw new Error(`service must be one of ${services.join(', ')}`);
  }
  if (typeof method !== 'string') throw new Error('method must be the name of a method, or *');
  const isStanding = whenever !== undefined;
  const list = isStanding ? [whenever] : faults;
  if (!Array.isArray(list) || !list.every(isFault)) {
    throw new Error(
      'faults must be a list of faults, or whenever one fault, each with a kind and its numbers',
    );
  }
  checkShare(share);
  return { service, method, list, share, isStanding };
}

const SHARE_TYPES: Record<string, string> = {
  caller: 'string',
  run: 'string',
  rate: 'number',
  seed: 'number',
};

function checkShare(share: Record<string, unknown>): asserts share is FaultShare & Record<string, unknown> {
  for (const [name, value] of Object.entries(share)) {
    const type = SHARE_TYPES[name];
    if (type === undefined) throw new Error(`${name} is not known here`);
    if (typeof value !== type) throw new Error(`${name} must be a ${type}`);
  }
}
