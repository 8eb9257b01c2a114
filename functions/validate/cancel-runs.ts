import type { ParsedManifest } from '../../shared/core/manifest.ts';
import { TOPIC_OF_ACTION } from '../../shared/core/messages.ts';
import type { Run } from '../../shared/core/run.ts';
import { cancelAsked, cancelledBeforeJob, cancelRequested } from '../../shared/core/run-events.ts';
import type { ValidateDeps } from './deps.ts';

/** Asks every unfinished run of this manifest's path to end, and starts none. */
export async function cancelRuns(deps: ValidateDeps, run: Run, { draft }: ParsedManifest): Promise<void> {
  const others = (await deps.runs.listActiveOf(run.spec.source)).filter(({ runId }) => runId !== run.runId);
  const asked = others.filter(({ status }) => status.state !== 'CANCELLED');
  for (const other of asked) await cancelRun(deps, other, run.spec.source.generation);
  const event = cancelAsked(
    asked.map(({ runId }) => runId),
    { manifest: draft },
  );
  await deps.record(run, event, { epoch: run.work.epoch });
}

/** Before a submit was asked for there is nothing to stop; afterwards the function that owns the next step does it. */
async function cancelRun(deps: ValidateDeps, run: Run, by: string): Promise<void> {
  const now = deps.clock.now().toISOString();
  if (run.work.nextAction === 'validate') {
    const { outcome } = await deps.record(run, cancelledBeforeJob(null));
    if (outcome === 'changed') return;
  }
  const { outcome, run: asked } = await deps.record(run, cancelRequested(run, by, now));
  if (outcome === 'changed' && asked.work.nextAction === 'submit') {
    await deps.publisher.publish(TOPIC_OF_ACTION.submit, { runId: run.runId });
  }
}
