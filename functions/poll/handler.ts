import { cancelFoundJob, cancelVerified } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { isJobOver } from '../../shared/core/tuning/job.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import type { RunStore } from '../../shared/ports.ts';
import { type AdmitDeps, admitRuns, endWait } from './admit.ts';
import { alone } from './alone.ts';
import { type AskAgainDeps, askAgain } from './ask-again.ts';
import { type FollowDeps, followJobs } from './follow-jobs.ts';
import { createOtherJobsLook, type OtherJobsDeps } from './other-jobs.ts';

export interface PollDeps extends AskAgainDeps, FollowDeps, AdmitDeps, OtherJobsDeps {
  runs: RunStore;
  outbox: Outbox;
}

/**
 * One tick over every run that is due: asks again for what was not done, follows every job, and then lets runs out of the queues, since
 * a job that has just ended makes room. It writes nothing where nothing is due.
 */
export function createPollHandler(deps: PollDeps): () => Promise<void> {
  const lookForOtherJobs = createOtherJobsLook(deps);
  return async () => {
    const listed = await deps.runs.listDue(deps.clock.now().toISOString());
    const due = await Promise.all(listed.map(deps.outbox.publishAndNote));
    const observed = due.filter((run) => run.work.nextAction === 'observe');
    await Promise.all([
      ...due.flatMap((run) => {
        const work = WORK_OF_ACTION[run.work.nextAction ?? ''];
        return work ? [alone(deps, run, () => work(deps, run))] : [];
      }),
      ...observed
        .filter((run) => isTerminal(run.status.state))
        .map((run) => alone(deps, run, () => verifyCancelled(deps, run))),
      followJobs(
        deps,
        observed.filter((run) => run.status.job && !isTerminal(run.status.state)),
      ),
    ]);
    await admitRuns(deps, observed);
    await lookForOtherJobs();
  };
}

/** What is done for a run by itself. */
const WORK_OF_ACTION: Readonly<Record<string, (deps: PollDeps, run: Run) => Promise<void>>> = {
  validate: askAgain,
  submit: askAgain,
  admit: endWait,
};

/** After a cancel without a job: a function that was slow may have made one since; then it is stopped, and followed. */
async function verifyCancelled({ record, backend }: PollDeps, run: Run): Promise<void> {
  const made = run.spec.plan && (await backend.find(run.spec.plan, 1));
  if (!made || isJobOver(made)) {
    await record(run, cancelVerified(made));
    return;
  }
  await record(run, cancelFoundJob(run, made));
  if (made.phase !== 'cancelling') await backend.cancel(made.name);
}
