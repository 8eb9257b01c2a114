import { manifestName } from '../../shared/core/objects/roles.ts';
import { DATA_ENDINGS } from '../../shared/core/objects/unnamed.ts';
import type { UploadedVersion } from '../../shared/core/objects/version.ts';
import { runFolder, statusFileName } from '../../shared/core/run/files.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import { type AuditTimes, shouldHaveRun } from '../../shared/core/run/inbox-audit.ts';
import { runOfManifest } from '../../shared/core/run/new-run.ts';
import { ownerOfJob } from '../../shared/core/tuning/job-labels.ts';
import type { Wake } from '../../shared/flows/wake.ts';
import type {
  Clock,
  DeploymentNotes,
  Logger,
  ObjectStore,
  RunStore,
  TuningBackend,
} from '../../shared/ports.ts';
import { createUnnamedDataLook, type UnnamedDataDeps } from './unnamed-data.ts';

export interface InboxAuditDeps extends UnnamedDataDeps {
  runs: RunStore;
  objects: ObjectStore;
  deployment: DeploymentNotes;
  backend: TuningBackend;
  wake: Wake;
  clock: Clock;
  logger: Logger;
  /** Multiplies every wait; 1 in production. */
  retryScale: number;
  inboxBucket: string;
  resultsBucket: string;
}

/** From the beginning of one audit to that of the next. */
const AUDIT_MS = 3_600_000;
/** Uploads that are opened at the same time. */
const PARALLEL = 10;

/**
 * Looks through the inbox, at an instance's first tick and every hour from then on, for manifests without a run: nobody heard of their
 * upload; and for data that no manifest names. A tick looks at one page. Where the next one begins is known to this instance alone, since another begins anew anyway.
 */
export function createInboxAudit(deps: InboxAuditDeps): (isOver: () => boolean) => Promise<void> {
  let nextAt = 0;
  let pageToken: string | undefined;
  const unnamed = createUnnamedDataLook(deps);
  return async (isOver) => {
    const now = deps.clock.now();
    if (pageToken === undefined && now.getTime() < nextAt) return;
    try {
      const since = await deps.deployment.takesUploadsSince(now.toISOString());
      const page = await deps.objects.list({
        ...{ bucket: deps.inboxBucket, fileName: manifestName, pageToken },
        endings: deps.unnamedDataMs > 0 ? DATA_ENDINGS : [],
      });
      const times = { now: now.toISOString(), since };
      const lost = await lostOf(deps, page.objects, { ...times, scale: deps.retryScale });
      if (!(await openAll(deps, lost, isOver)) || !(await unnamed.see(page.objects, times, isOver))) return;
      if (pageToken === undefined) nextAt = now.getTime() + AUDIT_MS * deps.retryScale;
      pageToken = page.nextPageToken;
      if (pageToken === undefined) await unnamed.tell();
    } catch (thrown) {
      // From the beginning: the token may be what is wrong.
      pageToken = undefined;
      nextAt = 0;
      unnamed.forget();
      deps.logger.thrown('part of this tick failed; the next one does it', thrown, { part: 'inbox audit' });
    }
  };
}

/** The uploads that have neither a run nor a job; who would start a second job asks first. */
async function lostOf(
  { runs, backend, logger, resultsBucket }: InboxAuditDeps,
  listed: UploadedVersion[],
  times: AuditTimes,
): Promise<UploadedVersion[]> {
  const lost = await runs.withoutRun(listed.filter((upload) => shouldHaveRun(upload, times)));
  if (lost.length === 0) return [];
  const jobs = await backend.unfinished((thrown) =>
    logger.thrown('the jobs of a region could not be looked through', thrown),
  );
  const withJob = new Set(jobs.map((job) => ownerOfJob(job, resultsBucket)?.runId));
  return lost.filter((upload) => !withJob.has(runIdOf(upload)));
}

/** False where the time of the tick was over first: the same page is looked at again, and has fewer of them by then. */
async function openAll(
  deps: InboxAuditDeps,
  lost: UploadedVersion[],
  isOver: () => boolean,
): Promise<boolean> {
  for (let at = 0; at < lost.length; at += PARALLEL) {
    if (isOver()) return false;
    await Promise.all(lost.slice(at, at + PARALLEL).map((upload) => openUnlessHadRun(deps, upload)));
  }
  return true;
}

/** What one upload meets keeps no other from being opened; the next audit finds it again. */
async function openUnlessHadRun(deps: InboxAuditDeps, upload: UploadedVersion): Promise<void> {
  const { runs, wake, clock, logger, resultsBucket } = deps;
  const runId = runIdOf(upload);
  try {
    if (await leftStatusFile(deps, upload, runId)) return;
    const now = clock.now().toISOString();
    const run = runOfManifest(upload, { resultsBucket, knownBy: 'look' }, now);
    if (!(await runs.add(run))) return;
    logger.warn('an upload was found whose event did not arrive', { runId, uri: run.spec.source.uri });
    await wake('validate', run);
  } catch (thrown) {
    logger.thrown('an upload without a run could not be opened', thrown, { runId });
  }
}

/** The documents of a run may have been deleted, or be older than the run in a database that was restored; its files tell of it. */
async function leftStatusFile(
  { objects, resultsBucket }: InboxAuditDeps,
  upload: UploadedVersion,
  runId: string,
): Promise<boolean> {
  const name = `${runFolder(runId, upload)}${statusFileName}`;
  return (await objects.stat({ bucket: resultsBucket, name })) !== undefined;
}
