import { isActive } from '../../shared/core/run/concurrency.ts';
import { cancelFoundJob, cancelVerified } from '../../shared/core/run/job-events.ts';
import { PUBLISH, type Run } from '../../shared/core/run/run.ts';
import { isTerminal } from '../../shared/core/run/states.ts';
import { isJobOver } from '../../shared/core/tuning/job.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import type { RunStore } from '../../shared/ports.ts';
import { alone } from './alone.ts';
import { type AskAgainDeps, askAgain, withinLimit } from './ask-again.ts';
import { type FollowDeps, followJobs } from './follow-jobs.ts';

export interface PollDeps extends AskAgainDeps, FollowDeps {
  runs: RunStore;
  outbox: Outbox;
  /** Jobs that may be active at once in this deployment; 0: as many as Vertex AI takes. */
  maxActiveJobs: number;
}

/** One tick over every run that is due: asks again for what was not done, follows every job, and touches nothing where nothing is due. */
export function createPollHandler(deps: PollDeps): () => Promise<void> {
  return async () => {
    const listed = await deps.runs.listDue(deps.clock.now().toISOString());
    const due = await Promise.all(listed.map(deps.outbox.publishAndNote));
    if (due.length === 0) return;
    const observed = due.filter((run) => run.work.nextAction === 'observe');
    const asked = withinLimit(
      due.filter(({ work }) => work.nextAction !== 'observe' && work.nextAction !== PUBLISH),
      deps.maxActiveJobs > 0 ? deps.maxActiveJobs - due.filter(isActive).length : Number.POSITIVE_INFINITY,
    );
    await Promise.all([
      ...asked.map((run) => alone(deps, run, () => askAgain(deps, run))),
      ...observed
        .filter((run) => isTerminal(run.status.state))
        .map((run) => alone(deps, run, () => verifyCancelled(deps, run))),
      followJobs(
        deps,
        observed.filter((run) => run.status.job && !isTerminal(run.status.state)),
      ),
    ]);
  };
}

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
