import { later } from '../../shared/core/errors/backoff.ts';
import { TuneError } from '../../shared/core/errors/errors.ts';
import type { ParsedManifest } from '../../shared/core/manifest/manifest.ts';
import { cancelAsked, cancelledBeforeJob, cancelRequested } from '../../shared/core/run/events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import { CLAIM_MS, type ValidateDeps } from './deps.ts';

/** Asks every unfinished run of this manifest's path to end, and starts none. */
export async function cancelRuns(deps: ValidateDeps, run: Run, { draft }: ParsedManifest): Promise<void> {
  const asked: Run[] = [];
  // The runs of a sweep may be opened after the look that finds its manifest's run: once that is asked to end, none comes any more.
  for (
    let found = await activeOf(deps, run, asked);
    found.length > 0;
    found = await activeOf(deps, run, asked)
  ) {
    for (const other of found) await cancelRun(deps, other, run.spec.source.generation);
    asked.push(...found);
  }
  const event = cancelAsked(
    asked.map(({ runId }) => runId),
    { manifest: draft },
  );
  await deps.record(run, event, { epoch: run.work.epoch });
}

/** The runs of the path that have not ended, but for those that were asked already, and for those that were uploaded after the cancel. */
async function activeOf({ runs }: ValidateDeps, { runId, spec }: Run, asked: readonly Run[]): Promise<Run[]> {
  const known = new Set([runId, ...asked.map((one) => one.runId)]);
  const active = await runs.listActiveOf(spec.source);
  // A slow function may ask only now, when the next upload has its run.
  const isBefore = ({ timeCreated }: Run['spec']['source']) => timeCreated <= spec.source.timeCreated;
  return active.filter(
    (one) => one.status.state !== 'CANCELLED' && !known.has(one.runId) && isBefore(one.spec.source),
  );
}

/** How often a run that somebody else changes meanwhile is read again. */
const TRIES = 5;

/** One of a backup is asked to stop as what it is. Before a submit was asked for there is nothing to stop; afterwards the function that owns the next step does it. */
async function cancelRun(deps: ValidateDeps, listed: Run, by: string): Promise<void> {
  let run: Run | undefined = (await deps.catchUp(listed)).run;
  if (isTerminal(run.status.state)) return;
  for (let tries = 0; run && tries < TRIES; tries++) {
    const now = deps.clock.now().toISOString();
    const event = cancelEvent(run, by, now);
    const { outcome, run: after } = await deps.record(run, event, { revision: run.work.revision });
    if (outcome !== 'fenced') return askToStop(deps, after);
    run = await deps.runs.get(run.runId);
  }
  if (run) throw new TuneError('contended', 'the run to cancel changes all the time', { reason: 'RunBusy' });
}

/**
 * Nothing was asked for while a run was checked. Of one in a queue a slow function may have asked before, so that it is looked at once
 * more. Whoever has the next step of any other run stops it.
 */
function cancelEvent(run: Run, by: string, now: string): RunEvent {
  const asked = { time: now, by };
  if (run.work.nextAction === 'validate') return cancelledBeforeJob({ verifyAt: null, asked });
  if (run.work.nextAction === 'admit') {
    const isSure = run.status.state !== 'SUBMITTING';
    return cancelledBeforeJob({ verifyAt: later(now, CLAIM_MS), isSure, asked });
  }
  return cancelRequested(run, by, now);
}

async function askToStop({ wake }: ValidateDeps, run: Run): Promise<void> {
  if (run.status.cancelRequested && run.work.nextAction === 'submit') await wake('submit', run);
}
