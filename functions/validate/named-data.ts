import { later } from '../../shared/core/errors/backoff.ts';
import { parseGsUri } from '../../shared/core/objects/gs-uri.ts';
import { isOfUnnamedFolder, namedAfterAll, unnamedId } from '../../shared/core/objects/unnamed.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { ValidateDeps } from './deps.ts';
import type { StagedFile } from './stage.ts';

/** Corrects what was said of data that had no manifest for a while and is named now. Data that just came costs no look. */
export async function noteNamedData(
  { ignoredUploads, clock, config }: Pick<ValidateDeps, 'ignoredUploads' | 'clock' | 'config'>,
  run: Run,
  staged: readonly StagedFile[],
): Promise<void> {
  const now = clock.now().toISOString();
  const { unnamedDataMs, inboxBucket } = config;
  if (unnamedDataMs === 0) return;
  for (const { file, timeCreated } of staged) {
    const object = parseGsUri(file.uri);
    if (!object.ok || object.bucket !== inboxBucket || timeCreated > later(now, -unnamedDataMs)) continue;
    const said = await ignoredUploads.get(unnamedId(object));
    if (said === undefined || !isOfUnnamedFolder(said, object)) continue;
    const named = namedAfterAll(said, { manifestUri: run.spec.source.uri, now });
    await ignoredUploads.note(unnamedId(object), named);
  }
}
