import { packedAs } from '../../shared/core/objects/content-encoding.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { hasNewData, type LiveData } from '../../shared/core/run/continue.ts';
import { runAfterRejected } from '../../shared/core/run/new-run.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { writeStatusFile } from '../../shared/flows/run-files.ts';
import type { ValidateDeps } from './deps.ts';

/**
 * Opens another run for a refused one where its data is other data now, once, and only while its manifest is live. The document of the
 * refused one says whether that was done, and is written together with the new one.
 */
export async function continueRejected(deps: ValidateDeps, rejected: Run): Promise<void> {
  const { objects, runs, clock, logger, wake, config } = deps;
  const data = await liveData(deps, rejected.work.waitingFor);
  if (!hasNewData(rejected, data)) return;
  const { source } = rejected.spec;
  if ((await objects.stat(source))?.generation !== source.generation) return;
  const now = clock.now().toISOString();
  const next = runAfterRejected(rejected, { data, resultsBucket: config.resultsBucket }, now);
  if (!(await runs.continueAs(rejected.runId, next, now))) return;
  logger.info('new data opened another run', { runId: next.runId, continues: rejected.runId });
  await wake('validate', next);
  const run = await runs.get(rejected.runId);
  const { resultsBucket } = config;
  if (run) await writeStatusFile({ objects, runs, resultsBucket }, { run, standing: 'recorded' });
}

/** The files that are there and would be read, as they are now. */
async function liveData({ objects }: ValidateDeps, uris: readonly string[]): Promise<LiveData[]> {
  const found = await Promise.all(
    uris.map(async (uri) => {
      const object = parseGsUri(uri);
      const live = object.ok ? await objects.stat(object) : undefined;
      return live && packedAs(live.contentEncoding) === undefined ? [{ ...live, uri }] : [];
    }),
  );
  return found.flat();
}
