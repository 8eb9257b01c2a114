import { later } from '../errors/backoff.ts';
import type { NextAction, Run } from './run.ts';

export interface ClaimRequest {
  /** The id of the event that asks. */
  owner: string;
  leaseMs: number;
  action: NextAction;
  /** RFC 3339 UTC. */
  now: string;
}

/** `claimed`: ours until the lease ends. `busy`: somebody else is at it. `done`: nothing of this kind is left to do. */
export interface ClaimResult {
  outcome: 'claimed' | 'busy' | 'done';
  run: Run;
  /** As it was before the claim, read together with it. */
  before: Run;
}

/**
 * Who may do the next action of a run. A lease saves double work and no more: what makes late writers harmless is the
 * epoch, which every claim raises and every later write has to name. An event that comes again, because the function died
 * over it, takes its own lease back at once.
 */
export function decideClaim(run: Run, { owner, leaseMs, action, now }: ClaimRequest): ClaimResult {
  const { work } = run;
  if (work.nextAction !== action) return { outcome: 'done', run, before: run };
  const isHeld = work.leaseUntil !== null && work.leaseUntil > now;
  if (isHeld && work.owner !== owner) return { outcome: 'busy', run, before: run };
  const leaseUntil = later(now, leaseMs);
  return {
    outcome: 'claimed',
    before: run,
    run: {
      ...run,
      work: {
        ...work,
        owner,
        leaseUntil,
        nextActionAt: leaseUntil,
        epoch: work.epoch + 1,
        revision: work.revision + 1,
      },
    },
  };
}
