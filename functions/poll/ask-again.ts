import { later } from '../../shared/core/errors/backoff.ts';
import { asTuneError } from '../../shared/core/errors/errors.ts';
import { isPoison } from '../../shared/core/run/claim.ts';
import { askedAgain, deadLettered, functionDied } from '../../shared/core/run/events.ts';
import { submitted } from '../../shared/core/run/job-events.ts';
import { TOPIC_OF_ACTION } from '../../shared/core/run/messages.ts';
import { waitEndsAt } from '../../shared/core/run/queue-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { Postpone } from '../../shared/flows/postpone.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Clock, Publisher, TuningBackend } from '../../shared/ports.ts';

export interface AskAgainDeps {
  record: RecordEvent;
  postpone: Postpone;
  publisher: Publisher;
  backend: TuningBackend;
  clock: Clock;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  /** How long a run may wait, from its upload on, for a function that is away. */
  maximumWaitMs: number;
}

/** How long a request is given before it is sent once more; twice as long each time, since a bad deployment may last for days. */
const FIRST_PAUSE_MS = 120_000;
const LAST_PAUSE_MS = 900_000;

/** How long an answer is waited for after so many requests without one. */
export function askAgainPauseMs(requests: number): number {
  return Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(requests, 10));
}

/** The run document is the outbox: a message that was lost, or never sent, is sent again from here. */
export async function askAgain(deps: AskAgainDeps, run: Run): Promise<void> {
  const { record, clock, retryScale, maximumWaitMs } = deps;
  const { nextAction, requests, revision } = run.work;
  if (nextAction !== 'validate' && nextAction !== 'submit') return;
  const now = clock.now().toISOString();
  if (requests > 0 && now >= waitEndsAt(run, { maximumWaitMs })) return giveUp(deps, run);
  // A run is due no sooner than the lease of its last claim ends: nobody is at it.
  if (isPoison(run, retryScale)) {
    await record(run, functionDied(run), { revision });
    return;
  }
  const again = later(now, askAgainPauseMs(requests) * retryScale);
  const { outcome, run: after } = await record(run, askedAgain(run, again), { revision });
  if (outcome === 'changed') await ask(deps, after, nextAction);
}

/** That nobody may ask is written over what was read, and over nothing that an earlier message has set going meanwhile. */
async function ask(
  { publisher, postpone }: AskAgainDeps,
  run: Run,
  action: 'validate' | 'submit',
): Promise<void> {
  try {
    await publisher.publish(TOPIC_OF_ACTION[action], { runId: run.runId });
  } catch (thrown) {
    if (asTuneError(thrown).retry === 'soon') throw thrown;
    await postpone(run, thrown, { revision: run.work.revision });
  }
}

/** Nobody answers for this run. A job that was made and never noted is followed, so that none is left alone. */
async function giveUp({ record, backend, clock }: AskAgainDeps, run: Run): Promise<void> {
  const { revision, nextAction } = run.work;
  const { plan } = run.spec;
  const made = plan && nextAction === 'submit' ? await backend.find(plan, 1) : undefined;
  const event = made ? submitted(made, 1, clock.now().toISOString()) : deadLettered(run);
  await record(run, event, { revision });
}
