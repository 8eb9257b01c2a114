import { attemptToVerify, cancelFoundJob, cancelVerified } from '../../shared/core/run/job-events.ts';
import { followsJob, PUBLISH, type Run } from '../../shared/core/run/run.ts';
import { isJobOver } from '../../shared/core/tuning/job.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import { writeRecordedFile } from '../../shared/flows/run-files.ts';
import { settling } from '../../shared/flows/settle.ts';
import { stopOtherJobs } from '../../shared/flows/stop-other-jobs.ts';
import type { RunStore } from '../../shared/ports.ts';
import { type AdmitDeps, admitRuns, endWait } from './admit.ts';
import { type AloneDeps, createAlone } from './alone.ts';
import { type AskAgainDeps, askAgain } from './ask-again.ts';
import { askForEvaluation } from './ask-evaluation.ts';
import { type CatchUpDueDeps, createCatchUpDue } from './catch-up-due.ts';
import { type FollowDeps, followingOf } from './follow-jobs.ts';
import { createInboxAudit, type InboxAuditDeps } from './inbox-audit.ts';
import { createModelEndingsLook, type ModelEndingsDeps } from './model-endings.ts';
import { createOtherJobsLook, type OtherJobsDeps } from './other-jobs.ts';
import { createRounds } from './rounds.ts';
import { settleEnded } from './spending.ts';
import { beginTick, type StageDeps } from './stages.ts';
import { followSweep, type SweepDeps } from './sweeps.ts';
import { createUnanswered, type UnansweredDeps } from './unanswered.ts';

export interface PollDeps
  extends AskAgainDeps,
    FollowDeps,
    AdmitDeps,
    Omit<SweepDeps, 'runs'>,
    OtherJobsDeps,
    Omit<AloneDeps, 'unanswered'>,
    UnansweredDeps,
    CatchUpDueDeps,
    StageDeps,
    InboxAuditDeps,
    ModelEndingsDeps {
  runs: RunStore;
  outbox: Outbox;
}

/**
 * One tick over every run that is due: asks again for what was not done, follows every job, and then lets runs out of the queues, since
 * a job that has just ended makes room. It writes nothing where nothing is due, and ends in time whoever gives no answer.
 */
export function createPollHandler(deps: PollDeps): () => Promise<void> {
  const lookForOtherJobs = createOtherJobsLook(deps);
  const auditInbox = createInboxAudit(deps);
  const lookAtModelEndings = createModelEndingsLook(deps);
  const unanswered = createUnanswered(deps);
  const alone = createAlone({ ...deps, unanswered });
  const isCurrent = createCatchUpDue(deps);
  const goThrough = createRounds();
  return async () => {
    const doStage = beginTick(deps);
    let due: Run[] = [];
    await doStage('runs', async (isOver) => {
      const now = deps.clock.now().toISOString();
      [due] = await Promise.all([deps.runs.listDue(now), unanswered.begin()]);
      const workFor = workOf(deps, due);
      const work = async (run: Run) => {
        if (!(await isCurrent(run))) return;
        // Whoever ended the run has died since, and whoever came too late may have put another end in the place of its file.
        if (run.work.nextAction === PUBLISH) await writeRecordedFile(deps, run);
        await workFor(await deps.outbox.publishAndNote(run));
      };
      await goThrough(due, { isOver, work: (run) => alone(run, () => work(run)) });
    });
    await doStage('queues', async () => {
      await Promise.all([admitRuns(deps, due.filter(isObserved)), unanswered.note(due)]);
    });
    await doStage('otherJobs', lookForOtherJobs);
    await doStage('inbox', auditInbox);
    await doStage('models', lookAtModelEndings);
  };
}

const isObserved = ({ work }: Run) => work.nextAction === 'observe';

/** What is done for a run, by its next action. */
function workOf(deps: PollDeps, due: readonly Run[]): (run: Run) => Promise<void> {
  const follow = followingOf(deps, due.filter(followsJob));
  const works: Readonly<Record<string, (run: Run) => Promise<void>>> = {
    validate: (run) => askAgain(deps, run),
    submit: (run) => askAgain(deps, run),
    admit: (run) => endWait(deps, run),
    sweep: (run) => followSweep(deps, run),
    observe: (run) => (followsJob(run) ? follow(run) : verifyCancelled(deps, run)),
    evaluate: (run) => askForEvaluation(deps, run),
    [PUBLISH]: (run) => settleEnded(deps, run),
  };
  return async (run) => works[run.work.nextAction ?? '']?.(run);
}

/** After a cancel without a job: a function that was slow may have made one since; then it is stopped, and followed. */
async function verifyCancelled(deps: PollDeps, run: Run): Promise<void> {
  const { record, backend } = deps;
  const { revision } = run.work;
  const attempt = attemptToVerify(run);
  const made = run.spec.plan && (await backend.find(run.spec.plan, attempt));
  if (!made || isJobOver(made)) {
    await record(run, await settling(deps, run, cancelVerified(run, made)), { revision });
    return;
  }
  if (attempt > 1) {
    await stopOtherJobs(deps, run, [made]);
    return;
  }
  await record(run, cancelFoundJob(run, made), { revision });
  if (made.phase !== 'cancelling') await backend.cancel(made.name);
}
