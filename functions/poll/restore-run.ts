import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { MANIFEST_FILE } from '../../shared/core/models/limits.ts';
import { manifestName } from '../../shared/core/objects/roles.ts';
import type { UploadedVersion } from '../../shared/core/objects/version.ts';
import { statusFileName } from '../../shared/core/run/files.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import {
  isReadable,
  type LostRun,
  type Remains,
  restoredRun,
  runIdOfStatusFile,
  withCancel,
} from '../../shared/core/run/restored-run.ts';
import type { Run, RunStatus } from '../../shared/core/run/run.ts';
import { readStatusContent, writeStatusFile } from '../../shared/flows/run-files.ts';
import type { Clock, Logger, ObjectStore, RunStore } from '../../shared/ports.ts';

export interface RestoreDeps {
  runs: RunStore;
  objects: ObjectStore;
  clock: Clock;
  logger: Logger;
  inboxBucket: string;
  resultsBucket: string;
}

/** A `status.json` of a later version, or one that somebody broke. */
const UNREAD_FILE = 'status.unread.json';

/**
 * Makes the documents of runs anew, since a job of each lives that somebody pays for: of its files, its manifest, or the job alone.
 * No name says where the files of a run are, so that all names are looked through, a thousand a call and once for all of these runs.
 */
export async function restoreRuns(
  deps: RestoreDeps,
  lost: readonly LostRun[],
  isOver: () => boolean,
): Promise<void> {
  const { inboxBucket, resultsBucket, logger } = deps;
  const ids = new Set(lost.map(({ runId }) => runId));
  const files = await findFiles(deps, {
    query: { bucket: resultsBucket, fileName: statusFileName },
    runIdOfFile: ({ name }) => runIdOfStatusFile(name, inboxBucket),
    ...{ ids, isOver },
  });
  const manifests = await findFiles(deps, {
    query: { bucket: inboxBucket, fileName: manifestName },
    runIdOfFile: runIdOf,
    ...{ ids, isOver },
  });
  if (isOver()) return;
  // Of several jobs of a run the oldest is its own.
  for (const one of lost.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)))) {
    const found = { file: files.get(one.runId), manifest: manifests.get(one.runId) };
    await restoreRun(deps, one, found).catch((thrown) =>
      logger.thrown('part of this tick failed; the next one does it', thrown, { runId: one.runId }),
    );
  }
}

const timeOf = ({ job }: LostRun) => job.createTime ?? '';

interface FoundFiles {
  file: UploadedVersion | undefined;
  manifest: UploadedVersion | undefined;
}

async function restoreRun(deps: RestoreDeps, lost: LostRun, { file, manifest }: FoundFiles): Promise<void> {
  const { runs, clock, logger, inboxBucket, resultsBucket } = deps;
  const context = { inboxBucket, resultsBucket, now: clock.now().toISOString() };
  const restored = restoredRun(lost, { manifest, ...(await contentOf(deps, file)) }, context);
  const run = withCancel(restored, await cancelOf(deps, restored));
  if (!(await runs.add(run, { isDeletedToo: true }))) return;
  logger.warn('the document of a run was gone while a job of it lives, and was made anew', {
    runId: lost.runId,
    job: lost.job.name,
    uri: run.spec.source.uri,
  });
  await writeStatusFile(deps, { run, standing: 'recorded' });
}

/**
 * What this version cannot read is kept, since the file of the restored run takes its place. An end that no document ever said, since
 * there was none any more, is not believed: its job lives.
 */
async function contentOf({ objects }: RestoreDeps, file: UploadedVersion | undefined): Promise<Remains> {
  if (!file) return {};
  const statusFile = await readStatusContent(objects, file);
  const { revision = Number.NaN, standing } = (await objects.stat(file))?.metadata ?? {};
  if (!isReadable(statusFile)) {
    await objects.copy(file, { ...file, name: file.name.replace(statusFileName, UNREAD_FILE) });
  }
  const remains = { revision: Number.isNaN(Number(revision)) ? undefined : Number(revision) };
  return standing === 'ahead' ? remains : { ...remains, statusFile };
}

/** While there was no document a cancel found nothing to end: it stands in the inbox still. */
async function cancelOf(
  { objects }: RestoreDeps,
  { spec: { source } }: Run,
): Promise<RunStatus['cancelRequested']> {
  if (source.name === '') return undefined;
  const live = await objects.stat(source);
  if (!live || live.generation === source.generation) return undefined;
  const bytes = await objects.read(live, MANIFEST_FILE.maxBytes + 1);
  const isCancel = bytes !== undefined && parseManifest(bytes, { uri: source.uri }).isCancel;
  return isCancel ? { time: live.timeCreated, by: live.generation } : undefined;
}

interface Search {
  query: { bucket: string; fileName: string };
  runIdOfFile: (file: UploadedVersion) => string | undefined;
  ids: ReadonlySet<string>;
  isOver: () => boolean;
}

/** The files of these runs, by run. */
async function findFiles({ objects }: RestoreDeps, search: Search): Promise<Map<string, UploadedVersion>> {
  const { query, runIdOfFile, ids, isOver } = search;
  const found = new Map<string, UploadedVersion>();
  let pageToken: string | undefined;
  do {
    const page = await objects.list({ ...query, pageToken });
    for (const file of page.objects) {
      const runId = runIdOfFile(file);
      if (runId !== undefined && ids.has(runId)) found.set(runId, file);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && found.size < ids.size && !isOver());
  return found;
}
