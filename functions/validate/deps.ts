import type { CatchUp } from '../../shared/flows/catch-up.ts';
import type { TokenCounterSource } from '../../shared/flows/check-data.ts';
import type { ExpectedDurationDeps } from '../../shared/flows/expected-duration.ts';
import type { Outbox } from '../../shared/flows/outbox.ts';
import type { Postpone } from '../../shared/flows/postpone.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import type { Wake } from '../../shared/flows/wake.ts';
import type { Clock, IgnoredUploads, JobQueues, Logger, ObjectStore, RunStore } from '../../shared/ports.ts';
import type { Config } from '../../shared/runtime/config.ts';

/** What checking an upload needs of the world. */
export interface ValidateDeps extends ExpectedDurationDeps {
  config: Pick<
    Config,
    | 'inboxBucket'
    | 'resultsBucket'
    | 'version'
    | 'datasetWaitMs'
    | 'unnamedDataMs'
    | 'onSameBytes'
    | 'retryScale'
    | 'limits'
    | 'maxActiveJobs'
    | 'maxFolderUsdAMonth'
    | 'maxFolderRunsADay'
    | 'maximumWaitMs'
  >;
  queues: JobQueues;
  runs: RunStore;
  objects: ObjectStore;
  ignoredUploads: IgnoredUploads;
  wake: Wake;
  postpone: Postpone;
  record: RecordEvent;
  catchUp: CatchUp;
  outbox: Outbox;
  clock: Clock;
  logger: Logger;
  /** Counts tokens; read when first used. Without it no cost is known. */
  tokenCounter?: TokenCounterSource | undefined;
}

/** Longer than the function may run, so that a claim never ends under a working function. */
export const CLAIM_MS = 600_000;
