import { FAILING_MS, later } from '../errors/backoff.ts';
import type { NextAction } from './next-actions.ts';
import type { Run, RunClaims } from './run.ts';

export interface ClaimRequest {
  /** The id of the event that asks. */
  owner: string;
  leaseMs: number;
  action: NextAction;
  /** RFC 3339 UTC. */
  now: string;
  /** What is deployed of the function that asks, where its claims without an answer are counted. */
  version?: string | undefined;
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
export function decideClaim(run: Run, { owner, leaseMs, action, now, version }: ClaimRequest): ClaimResult {
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
        claims: version === undefined ? work.claims : nextClaims(work.claims, version, now),
      },
    },
  };
}

function nextClaims(before: RunClaims | undefined, version: string, now: string): RunClaims {
  if (before?.version !== version) return { version, tries: 1, since: now, last: now };
  return { ...before, tries: before.tries + 1, last: now };
}

/** So often Pub/Sub delivers a message before it is a dead letter, too (functions/functions.json). */
const MOST_CLAIMS = 10;

/**
 * Whether a function ends over this run again and again: one version took it up for a whole day, as long as a fault is borne with, and
 * never said what came of it. A function that is away takes nothing up, so that absence is no poison. Asked once the last claim is over.
 */
export function isPoison({ work: { claims } }: Run, scale: number): boolean {
  if (claims === undefined || claims.tries < MOST_CLAIMS) return false;
  return claims.last >= later(claims.since, FAILING_MS * scale);
}
