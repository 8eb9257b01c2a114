import type { UploadedVersion } from '../../shared/core/objects/version.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import {
  isStatusFileOf,
  type LostRun,
  type Remains,
  restoredRun,
} from '../../shared/core/run/restored-run.ts';
import type { Clock, Logger, ObjectStore, RunStore } from '../../shared/ports.ts';

export interface RestoreDeps {
  runs: RunStore;
  objects: ObjectStore;
  clock: Clock;
  logger: Logger;
  inboxBucket: string;
  resultsBucket: string;
}

const STATUS_FILE = 'status.json';
const MANIFEST_FILE = 'tune.json';
/** A document has at most 1 MiB, and its file is indented. */
const MAX_STATUS_FILE_BYTES = 4 * 1024 * 1024;

/** Makes the document of a run anew, since a job of its lives that somebody pays for: of its files, its manifest, or the job alone. */
export async function restoreRun(deps: RestoreDeps, lost: LostRun): Promise<void> {
  const { runs, clock, logger, inboxBucket, resultsBucket } = deps;
  const context = { inboxBucket, resultsBucket, now: clock.now().toISOString() };
  const run = restoredRun(lost, await remainsOf(deps, lost.runId), context);
  if (!(await runs.add(run, { isDeletedToo: true }))) return;
  logger.warn('the document of a run was gone while a job of it lives, and was made anew', {
    runId: lost.runId,
    job: lost.job.name,
    uri: run.spec.source.uri,
  });
}

async function remainsOf(deps: RestoreDeps, runId: string): Promise<Remains> {
  const { objects, inboxBucket, resultsBucket } = deps;
  const isFile = ({ name }: UploadedVersion) => isStatusFileOf(runId, name, inboxBucket);
  const file = await findFile(deps, { bucket: resultsBucket, fileName: STATUS_FILE }, isFile);
  if (!file) {
    const isManifest = (upload: UploadedVersion) => runIdOf(upload) === runId;
    return { manifest: await findFile(deps, { bucket: inboxBucket, fileName: MANIFEST_FILE }, isManifest) };
  }
  const bytes = await objects.read(file, MAX_STATUS_FILE_BYTES);
  const info = await objects.stat(file);
  const revision = Number(info?.metadata.revision ?? Number.NaN);
  return { statusFile: jsonOf(bytes), revision: Number.isNaN(revision) ? undefined : revision };
}

/** No name says where the files of a run are, so that all of them are looked through: a thousand names a call. */
async function findFile(
  { objects }: RestoreDeps,
  query: { bucket: string; fileName: string },
  isIt: (file: UploadedVersion) => boolean,
): Promise<UploadedVersion | undefined> {
  let page = await objects.list(query);
  for (;;) {
    const found = page.objects.find(isIt);
    if (found || page.nextPageToken === undefined) return found;
    page = await objects.list({ ...query, pageToken: page.nextPageToken });
  }
}

/** Undefined where it is not JSON: then it says nothing. */
function jsonOf(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
