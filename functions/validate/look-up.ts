import { asTuneError } from '../../shared/core/errors/errors.ts';
import type { UploadedVersion } from '../../shared/core/objects/version.ts';
import type { ObjectInfo } from '../../shared/ports.ts';
import type { FinalizedObject } from '../../shared/runtime/events.ts';
import type { ValidateDeps } from './deps.ts';

/** An upload that an event tells of: what of it is known, and how the object was found where it could be looked at. */
export interface LookedUp {
  version: UploadedVersion;
  live?: ObjectInfo | undefined;
}

/**
 * The upload as Cloud Storage has it. An event says what anybody can say who may call the function, so it only tells where to look:
 * of one that names no live version of the inbox there is a line in the log and nothing else. Where Cloud Storage does not say, the
 * run is opened all the same, since its document tells people what is amiss; its check looks again.
 */
export async function lookUpUpload(
  { objects, clock, logger }: Pick<ValidateDeps, 'objects' | 'clock' | 'logger'>,
  { bucket, name, generation }: FinalizedObject,
): Promise<LookedUp | undefined> {
  const version = { bucket, name, generation };
  try {
    const live = await objects.stat({ bucket, name });
    if (live?.generation !== generation) return notOfInbox(logger, version);
    return { version: { ...version, timeCreated: live.timeCreated }, live };
  } catch (thrown) {
    logger.thrown('an upload could not be looked at when its event came', asTuneError(thrown), version);
    return { version: { ...version, timeCreated: clock.now().toISOString() } };
  }
}

/** Counted by a metric of this message. */
export function notOfInbox(logger: ValidateDeps['logger'], version: FinalizedObject): undefined {
  logger.warn('an event names no upload of the inbox', { ...version });
}
