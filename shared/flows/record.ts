import { asTuneError } from '../core/errors.ts';
import { type ConsoleOptions, linksOf } from '../core/links.ts';
import { isTerminal, type Run } from '../core/run.ts';
import { type RunEvent, transition } from '../core/run-state.ts';
import type { ApplyOptions, ApplyResult, Clock, Logger, ObjectStore, RunStore } from '../ports.ts';
import { writeStatusFile } from './status-file.ts';

export interface RecordDeps {
  runs: RunStore;
  objects: ObjectStore;
  clock: Clock;
  logger: Logger;
  resultsBucket: string;
  console: ConsoleOptions;
}

/** Records what happened to a run, in the document and in status.json. */
export type RecordEvent = (run: Run, event: RunEvent, options?: ApplyOptions) => Promise<ApplyResult>;

/**
 * The order is what makes a crash harmless. A run that goes on is written to Firestore first: its next change mends the
 * file. A run that ends has no next change, so its file comes first, and the document that points to it last.
 */
export function createRecord({
  runs,
  objects,
  clock,
  logger,
  resultsBucket,
  console,
}: RecordDeps): RecordEvent {
  return async (run, bareEvent, options = {}) => {
    const event = withLinks(run, bareEvent, console);
    const now = clock.now().toISOString();
    const preview = transition(run, event, now);
    if (preview.outcome === 'changed' && isTerminal(preview.run.status.state)) {
      await writeStatusFile(objects, resultsBucket, preview.run).catch(unlessRetryable(logger));
    }
    const result = await runs.apply(run.runId, event, now, options);
    if (result.outcome === 'changed') {
      await writeStatusFile(objects, resultsBucket, result.run).catch(warn(logger));
      logger.info('run changed', {
        runId: run.runId,
        state: result.run.status.state,
        reason: result.run.status.reason,
      });
    } else if (result.outcome !== 'unchanged') {
      logger.info('a change came too late', { runId: run.runId, event: event.type, outcome: result.outcome });
    }
    return result;
  };
}

function withLinks(run: Run, event: RunEvent, console: ConsoleOptions): RunEvent {
  const links = linksOf({ status: { ...run.status, ...event.status } }, console);
  return Object.keys(links).length === 0 ? event : { ...event, status: { ...event.status, links } };
}

/** A file that can never be written must not keep a run from ending; one that can be later is worth another try. */
function unlessRetryable(logger: Logger) {
  return (thrown: unknown) => {
    if (asTuneError(thrown).retryable) throw thrown;
    warn(logger)(thrown);
  };
}

function warn(logger: Logger) {
  return (thrown: unknown) =>
    logger.warn('status.json was not written', { error: asTuneError(thrown).message });
}
