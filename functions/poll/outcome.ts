import { asTuneError } from '../../shared/core/errors/errors.ts';
import type { Outcome } from '../../shared/core/run/job-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { howToCall } from '../../shared/core/tuning/how-to-call.ts';
import { eventOfJobState, type JobObservation, outputOf } from '../../shared/core/tuning/job-state.ts';
import {
  type ModelDocument,
  modelDocument,
  type RegisteredModel,
  resultOf,
} from '../../shared/core/tuning/results.ts';
import type { Logger, ModelRegistry } from '../../shared/ports.ts';
import type { Curves } from './curves.ts';

export interface OutcomeDeps {
  models: ModelRegistry;
  logger: Logger;
  /** In place of Google's hosts: the embedded cloud. */
  vertexEndpoint?: string | undefined;
}

/** What the document says of a job that has ended, and the document of the model that it made. */
export async function outcomeOf(
  deps: OutcomeDeps,
  run: Run,
  { job, curves }: { job: JobObservation; curves: Curves | undefined },
): Promise<{ outcome: Outcome; model?: ModelDocument }> {
  const metrics = curves?.metrics ? { metrics: curves.metrics } : {};
  const { plan } = run.spec;
  const event = eventOfJobState(job.state);
  if (!plan || (event !== 'JobSucceeded' && event !== 'JobPartial')) return { outcome: metrics };
  const registered = await readRegistry(deps, run, job);
  const { evaluations = [], metrics: { step: lastStep } = {} } = curves ?? {};
  const result = resultOf(job, plan, { registered, evaluations, lastStep });
  if (!result) return { outcome: metrics };
  const call = howToCall(result, { ...plan, origin: deps.vertexEndpoint });
  return {
    outcome: { ...metrics, result, ...(call ? { howToCall: call } : {}) },
    model: modelDocument(result, { plan, job, registered }),
  };
}

/** The registry knows more than the job, and nothing that a run would have to wait for. */
async function readRegistry(
  { models, logger }: OutcomeDeps,
  run: Run,
  job: JobObservation,
): Promise<RegisteredModel | undefined> {
  const name = outputOf(job.tasks, 'model_resource_name');
  if (!name) return undefined;
  try {
    return await models.read(name);
  } catch (thrown) {
    const { reason, message } = asTuneError(thrown);
    logger.warn('the model could not be read from the registry', {
      runId: run.runId,
      reason,
      error: message,
    });
    return undefined;
  }
}
