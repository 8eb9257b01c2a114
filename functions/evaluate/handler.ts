import { later, nextTryAt } from '../../shared/core/errors/backoff.ts';
import { asTuneError, type TuneError } from '../../shared/core/errors/errors.ts';
import {
  type EvaluationProgress,
  evaluating,
  evaluationDeferred,
  evaluationFailed,
  evaluationGoesOn,
  isFurther,
  progressIn,
} from '../../shared/core/run/evaluation-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import type { CatchUp } from '../../shared/flows/catch-up.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import { type SettleDeps, settling } from '../../shared/flows/settle.ts';
import type { Wake } from '../../shared/flows/wake.ts';
import type { RunStore } from '../../shared/ports.ts';
import { type AskDeps, answerNext } from './answers.ts';
import { type CompareDeps, concludeEvaluation } from './compare.ts';
import { type OpenEvaluation, openEvaluation, openVerdicts } from './evaluation.ts';
import { judgeNext } from './verdicts.ts';

export interface EvaluateDeps extends AskDeps, CompareDeps, SettleDeps {
  runs: RunStore;
  record: RecordEvent;
  catchUp: CatchUp;
  outbox: Outbox;
  wake: Wake;
  /** What is deployed of this function now. */
  version: string;
  /** Multiplies every back-off; 1 in production. */
  retryScale: number;
}

/** Longer than any call lives, so that a claim never ends under a working function. */
const LEASE_MS = 600_000;
/** After so long no other piece is begun: one takes 150 seconds where no model answers, and the function has 540. */
const WORK_MS = 360_000;

/**
 * Asks the tuned model of a run that has succeeded, and its base, the examples of the evaluation file. Each piece of the answers is a file
 * that is written once, so that what is delivered twice, late or after a crash asks nothing again but the piece that was under way.
 * `eventId` names the event that asks; it comes again with the same id when the function died over it.
 */
export function createEvaluateHandler(deps: EvaluateDeps): (runId: string, eventId: string) => Promise<void> {
  return async (runId, eventId) => {
    const found = await deps.runs.get(runId);
    if (!found) return deps.logger.warn('a message names a run that does not exist', { runId });
    const now = deps.clock.now().toISOString();
    if (found.work.nextAction !== 'evaluate' || isTooSoon(found, now)) return;
    const run = await deps.outbox.publishAndNote(found);
    const { isCurrent } = await deps.catchUp(run);
    const ours = isCurrent ? await takeOver(deps, run, { eventId, now }) : undefined;
    if (ours) await evaluate(deps, ours);
  };
}

/** A message that comes while a quota is given its time. */
function isTooSoon({ status: { evaluation }, work }: Run, now: string): boolean {
  return work.requests === 0 && evaluation?.nextTime !== undefined && evaluation.nextTime > now;
}

async function takeOver(
  { runs, record, version }: EvaluateDeps,
  { runId }: Run,
  { eventId, now }: { eventId: string; now: string },
): Promise<Run | undefined> {
  const claim = await runs.claim(runId, {
    ...{ owner: eventId, leaseMs: LEASE_MS, action: 'evaluate', now, version },
  });
  if (claim?.outcome !== 'claimed') return undefined;
  const { epoch, leaseUntil } = claim.run.work;
  const noted = await record(claim.run, evaluating(claim.run, { now, leaseUntil: leaseUntil ?? now }), {
    epoch,
  });
  return noted.outcome === 'fenced' ? undefined : noted.run;
}

/** Piece after piece, as far as the time of this call goes; then what they say. */
async function evaluate(deps: EvaluateDeps, run: Run): Promise<void> {
  const { clock, record, wake } = deps;
  const { epoch } = run.work;
  const endsAt = later(clock.now().toISOString(), WORK_MS);
  let evaluation: OpenEvaluation | undefined;
  try {
    evaluation = await openEvaluation(deps, run);
    for (let ask = nextPiece(deps, run, evaluation); ask; ask = nextPiece(deps, run, evaluation)) {
      const now = clock.now().toISOString();
      if (now >= endsAt) {
        const event = evaluationGoesOn(run, { ...progressOf(evaluation), at: now });
        await record(run, event, { epoch, wakeNext: (after) => wake('evaluate', after) });
        return;
      }
      await ask();
    }
    const event = await concludeEvaluation(deps, run, { evaluation });
    await record(run, await settling(deps, run, event), { epoch });
  } catch (thrown) {
    const error = asTuneError(thrown);
    deps.logger.thrown('an evaluation was interrupted', error, { runId: run.runId });
    const event = await afterFailure(deps, run, { error, evaluation });
    await record(run, await settling(deps, run, event), { epoch });
  }
}

/** What is asked next: the models, then the judge of what they have answered; undefined once all is there. */
function nextPiece(
  deps: EvaluateDeps,
  run: Run,
  evaluation: OpenEvaluation,
): (() => Promise<void>) | undefined {
  if (evaluation.answered.length < evaluation.questions.length)
    return () => answerNext(deps, run, evaluation);
  const judging = openVerdicts(evaluation);
  return judging && (() => judgeNext(deps, run, { ...evaluation, judging }));
}

const progressOf = ({ answered, judging }: OpenEvaluation): EvaluationProgress => ({
  answered: answered.length,
  judged: judging?.judged.length ?? 0,
});

/**
 * The run waits in its document, where people see why and until when. What no further try can help ends the evaluation: without its
 * verdicts where the answers are there.
 */
async function afterFailure(
  deps: EvaluateDeps,
  run: Run,
  { error, evaluation }: { error: TuneError; evaluation: OpenEvaluation | undefined },
): Promise<RunEvent> {
  const { clock, logger, retryScale: scale } = deps;
  const now = clock.now().toISOString();
  const progress = evaluation ? progressOf(evaluation) : progressIn(run);
  const { attempts, waitingSince } = run.work;
  const tried = isFurther(run, progress)
    ? { attempts: 0, since: now }
    : { attempts, since: waitingSince ?? now };
  const endsAt = later(run.status.endTime ?? now, GIVE_UP_MS);
  const isNever = error.httpStatus === NOT_IMPLEMENTED;
  const at = isNever ? undefined : nextTryAt(error.kind, { ...tried, now, scale, endsAt });
  if (at) return evaluationDeferred(run, error, { ...progress, at });
  const { reason, message } = error;
  const remedy = isNever ? undefined : error.remedy;
  logger.error('an evaluation has failed', { runId: run.runId, reason });
  if (evaluation && openVerdicts(evaluation))
    return concludeEvaluation(deps, run, { evaluation, failure: error });
  return evaluationFailed(run, { reason, message, remedy }, now);
}

/** A service that cannot do it will not learn it: the stand-in that has trained nothing says so. */
const NOT_IMPLEMENTED = 501;

/** A service that is away is waited for so long after the end of the run. */
const GIVE_UP_MS = 86_400_000;
