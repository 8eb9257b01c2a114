import { later } from '../errors/backoff.ts';
import { roleOfObject } from '../objects/roles.ts';
import { isDataByName } from '../objects/unnamed.ts';
import type { UploadedVersion } from '../objects/version.ts';

/** Older uploads are nobody's intention any more: who still waits for one has uploaded it again. */
const LOOKED_BACK_MS = 7 * 86_400_000;
/** The longest pause between two deliveries of an event: until then the event may be on its way. */
const EVENT_ON_ITS_WAY_MS = 600_000;

/** What an audit of the inbox asks of an upload. Times are RFC 3339 UTC. */
export interface AuditTimes {
  now: string;
  /** Since when uploads are this deployment's affair. */
  since: string;
  /** Multiplies the wait for an event; 1 in production. */
  scale: number;
}

/** Whether this is a manifest that has a run by now, unless its event was lost. */
export function shouldHaveRun(
  { name, timeCreated }: UploadedVersion,
  { now, since, scale }: AuditTimes,
): boolean {
  if (roleOfObject(name) !== 'manifest') return false;
  const oldest = later(now, -LOOKED_BACK_MS);
  const newest = later(now, -EVENT_ON_ITS_WAY_MS * scale);
  return timeCreated >= since && timeCreated >= oldest && timeCreated <= newest;
}

/** Whether this is a data file that a manifest names by now, if one ever will. `waitMs`: how long it is given. */
export function shouldBeNamed(
  { name, timeCreated }: UploadedVersion,
  { now, since, waitMs }: Omit<AuditTimes, 'scale'> & { waitMs: number },
): boolean {
  if (!isDataByName(name)) return false;
  const oldest = later(now, -LOOKED_BACK_MS);
  return timeCreated >= since && timeCreated >= oldest && timeCreated <= later(now, -waitMs);
}
