import { later } from '../../shared/core/errors/backoff.ts';
import { isPoison } from '../../shared/core/run/claim.ts';
import {
  evaluationAsked,
  evaluationGivenUp,
  evaluatorDied,
} from '../../shared/core/run/evaluation-events.ts';
import { TOPIC_OF_ACTION } from '../../shared/core/run/messages.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import { type SettleDeps, settling } from '../../shared/flows/settle.ts';
import { type AskAgainDeps, askAgainPauseMs } from './ask-again.ts';

type AskForEvaluationDeps = SettleDeps &
  Pick<AskAgainDeps, 'record' | 'publisher' | 'retryScale' | 'maximumWaitMs'>;

/** The evaluation of a run is due: nobody has begun it, its time has come again, or whoever asked has died over it. */
export async function askForEvaluation(deps: AskForEvaluationDeps, run: Run): Promise<void> {
  const { record, publisher, clock } = deps;
  const now = clock.now().toISOString();
  const event = await settling(deps, run, eventFor(deps, run, now));
  const { outcome, run: after } = await record(run, event, { revision: run.work.revision });
  if (outcome !== 'changed' || after.work.nextAction !== 'evaluate') return;
  await publisher.publish(TOPIC_OF_ACTION.evaluate, { runId: run.runId });
}

/** A run is due no sooner than the lease of its last claim ends: nobody is at it. */
function eventFor({ retryScale, maximumWaitMs }: AskForEvaluationDeps, run: Run, now: string): RunEvent {
  const { requests } = run.work;
  const endsAt = later(run.status.endTime ?? run.status.updateTime, maximumWaitMs);
  if (requests > 0 && now >= endsAt) return evaluationGivenUp(run, now);
  if (isPoison(run, retryScale)) return evaluatorDied(run, now);
  return evaluationAsked(run, later(now, askAgainPauseMs(requests) * retryScale));
}
