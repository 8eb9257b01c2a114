import { setTimeout as wait } from 'node:timers/promises';
import { isWhollyOver } from '../../shared/core/run/evaluation-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { type MetricSeries, MetricSeriesSchema } from '../../shared/core/tuning/metrics.ts';
import { type RunProgress, RunProgressSchema } from '../../shared/core/tuning/run-progress.ts';
import { CallFailed } from '../deployment/call.ts';
import type { OpenDeployment } from '../deployment/open.ts';
import type { HowFar } from '../run/screen.ts';

export interface FollowingOptions {
  /** Hears of the run as it is, and whenever its document has changed. */
  onRun: (run: Run) => Promise<void> | void;
  /** Hears how far its job is, whenever that has changed. */
  onFar?: (run: Run, far: HowFar) => void;
  /** Hears once, after some looks, that there is no document; another comes all the same. */
  onMissing?: () => void;
  /** Hears once each time that looks begin to fail by what passes. */
  onTrouble?: (message: string) => void;
  signal: AbortSignal;
}

/** A look is two reads of Firestore, which a deployment pays for; the embedded cloud costs nothing. */
const EVERY_MS = { local: 250, deployment: 5_000 };
/** So many looks without a document are told. */
const MISSING_LOOKS = 12;

/** Looks at a run until it has ended and its model was evaluated, and on at the run that goes on in its place. Rejects when it is aborted. */
export async function followRun(
  { deployment, documents, runs }: Pick<OpenDeployment, 'deployment' | 'documents' | 'runs'>,
  runId: string,
  options: FollowingOptions,
): Promise<Run> {
  const { onRun, onFar, signal } = options;
  const everyMs = deployment.local ? EVERY_MS.local : EVERY_MS.deployment;
  const troubles = troublesOf(options);
  let seen: string | undefined;
  let far: string | undefined;
  let missing = 0;
  for (;;) {
    const looked = await troubles(async () => ({ run: await runs.get(runId) }));
    const run = looked?.run;
    if (run && versionOf(run) !== seen) {
      seen = versionOf(run);
      await onRun(run);
    }
    if (run && isWhollyOver(run)) {
      const next = successorOf(run);
      return next === undefined ? run : followRun({ deployment, documents, runs }, next, options);
    }
    // A database that does not answer says nothing about the document.
    if (looked && run === undefined && ++missing === MISSING_LOOKS) options.onMissing?.();
    if (run?.status.state === 'RUNNING' && onFar) {
      const progress = await troubles(() => progressOf(documents, runId));
      if (progress && progress.updateTime !== far) {
        far = progress.updateTime;
        onFar(run, { progress, series: (await troubles(() => seriesOf(documents, runId))) ?? [] });
      }
    }
    await wait(everyMs, undefined, { signal });
  }
}

const versionOf = ({ status, work }: Run) => `${work.revision} ${status.updateTime}`;

/** The run that a repetition repeats, or that new data has opened. */
function successorOf({ status }: Run): string | undefined {
  return (status.continuedAs ?? status.sameAs)?.replace('runs/', '');
}

/** What passes, such as a network that is away, is told once and looked over; what does not is thrown. */
function troublesOf({ onTrouble }: FollowingOptions) {
  let isTroubled = false;
  return async <Value>(look: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      const value = await look();
      isTroubled = false;
      return value;
    } catch (error) {
      if (!(error instanceof CallFailed) || (error.httpStatus ?? 500) < 500) throw error;
      if (!isTroubled) onTrouble?.(error.message);
      isTroubled = true;
      return undefined;
    }
  };
}

async function progressOf(
  documents: OpenDeployment['documents'],
  runId: string,
): Promise<RunProgress | undefined> {
  const [latest] = await documents.get([`runs/${runId}/progress/latest`]);
  return RunProgressSchema.safeParse(latest?.data).data;
}

async function seriesOf(documents: OpenDeployment['documents'], runId: string): Promise<MetricSeries[]> {
  const found = await documents.query(`runs/${runId}/metrics`, {});
  return found.flatMap(({ data }) => MetricSeriesSchema.safeParse(data).data ?? []);
}
