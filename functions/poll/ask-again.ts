import { later } from '../../shared/core/errors/backoff.ts';
import { byAge, isQueued } from '../../shared/core/run/concurrency.ts';
import { askedAgain, deadLettered } from '../../shared/core/run/events.ts';
import { submitted } from '../../shared/core/run/job-events.ts';
import { TOPIC_OF_ACTION } from '../../shared/core/run/messages.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Clock, Publisher, TuningBackend } from '../../shared/ports.ts';

export interface AskAgainDeps {
  record: RecordEvent;
  publisher: Publisher;
  backend: TuningBackend;
  clock: Clock;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
}

/** How long a request is given before it is sent once more. */
const ASK_AGAIN_MS = 120_000;
/** Requests without an answer before a run is given up: those of a day, since a bad deployment may last for hours. */
const MAXIMUM_REQUESTS = 720;

/** Without those that the limit still keeps waiting: they cost nothing until a job ends. */
export function withinLimit(asked: Run[], free: number): Run[] {
  const waiting = asked.filter(isQueued).sort(byAge);
  const left = new Set(waiting.slice(Math.max(0, free)));
  return asked.filter((run) => !left.has(run));
}

/** The run document is the outbox: a message that was lost, or never sent, is sent again from here. */
export async function askAgain(deps: AskAgainDeps, run: Run): Promise<void> {
  const { record, publisher, clock, retryScale } = deps;
  const { nextAction, requests, revision } = run.work;
  if (nextAction !== 'validate' && nextAction !== 'submit') return;
  if (requests >= MAXIMUM_REQUESTS) return giveUp(deps, run);
  const again = later(clock.now().toISOString(), ASK_AGAIN_MS * retryScale);
  const { outcome } = await record(run, askedAgain(run, again), { revision });
  if (outcome === 'changed') await publisher.publish(TOPIC_OF_ACTION[nextAction], { runId: run.runId });
}

/** Nobody answers for this run. A job that was made and never noted is followed, so that none is left alone. */
async function giveUp({ record, backend, clock }: AskAgainDeps, run: Run): Promise<void> {
  const { revision, nextAction } = run.work;
  const { plan } = run.spec;
  const made = plan && nextAction === 'submit' ? await backend.find(plan, 1) : undefined;
  const event = made ? submitted(made, 1, clock.now().toISOString()) : deadLettered(run);
  await record(run, event, { revision });
}
