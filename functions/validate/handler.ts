import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { findIgnored, ignoredUpload, ignoredUploadId } from '../../shared/core/objects/ignored.ts';
import { roleOfObject } from '../../shared/core/objects/roles.ts';
import type { ClaimResult } from '../../shared/core/run/claim.ts';
import { isRefused } from '../../shared/core/run/continue.ts';
import { runOfManifest } from '../../shared/core/run/new-run.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { noteIgnored } from '../../shared/flows/note-ignored.ts';
import type { ObjectInfo } from '../../shared/ports.ts';
import {
  decodeFinalized,
  decodeRunMessage,
  type FinalizedObject,
  type IncomingEvent,
  MESSAGE_PUBLISHED,
  STORAGE_FINALIZED,
} from '../../shared/runtime/events.ts';
import { checkRun } from './check-run.ts';
import { continueRejected } from './continue-run.ts';
import { CLAIM_MS, type ValidateDeps } from './deps.ts';
import { lookUpUpload, notOfInbox } from './look-up.ts';

/** Checks what is uploaded: a manifest, a data set that a manifest waits for, or a run that is to be looked at again. */
export function createValidateHandler(deps: ValidateDeps): (event: IncomingEvent) => Promise<void> {
  const handlers: Record<string, (event: IncomingEvent) => Promise<void>> = {
    [STORAGE_FINALIZED]: (event) => onUpload(deps, decodeFinalized(event), event.id),
    [MESSAGE_PUBLISHED]: (event) => onRequest(deps, decodeRunMessage(event), event.id),
  };
  return async (event) => {
    const handle = handlers[event.type];
    if (!handle) return deps.logger.warn('an event of an unexpected type was ignored', { type: event.type });
    await handle(event);
  };
}

/** The trigger fires for every object of the bucket; most are left alone for their name, before anything is read. */
async function onUpload(deps: ValidateDeps, object: FinalizedObject, eventId: string): Promise<void> {
  const role = roleOfObject(object.name);
  if (object.bucket !== deps.config.inboxBucket) return notOfInbox(deps.logger, object);
  if (role === 'manifest') return onManifest(deps, object, eventId);
  const waiting = role === 'dataset' ? await deps.runs.listWaitingFor(gsUri(object)) : [];
  for (const { runId } of waiting.filter((run) => !isRefused(run))) await onRequest(deps, runId, eventId);
  for (const run of newestOfEach(waiting.filter(isRefused))) await continueRejected(deps, run);
  if (waiting.length === 0) await noteByName(deps, object);
}

/** Of the refused runs of a manifest only the last can be the one whose manifest is live. */
function newestOfEach(refused: readonly Run[]): Iterable<Run> {
  const inOrder = refused.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
  return new Map(inOrder.map((run) => [run.spec.source.uri, run])).values();
}

const timeOf = ({ spec, status }: Run) => `${spec.source.timeCreated} ${status.createTime}`;

/** Nothing comes of this upload, and its name says that something was to come of it. */
async function noteByName(deps: ValidateDeps, object: FinalizedObject): Promise<void> {
  const found = findIgnored(object.name) && (await lookUpUpload(deps, object));
  const upload = found && ignoredUpload(found.version, deps.clock.now().toISOString());
  if (upload !== undefined) await noteIgnored(deps, ignoredUploadId(object), upload);
}

async function onManifest(deps: ValidateDeps, object: FinalizedObject, eventId: string): Promise<void> {
  const { resultsBucket } = deps.config;
  const found = await lookUpUpload(deps, object);
  if (found === undefined) return;
  const { version, live } = found;
  const run = runOfManifest(version, { resultsBucket, knownBy: 'event' }, deps.clock.now().toISOString());
  const claim = await deps.runs.open(run, claimFor(deps, eventId));
  await checkClaimed(deps, claim, live);
}

/** Whoever refused the upload may have died before it looked for data that came meanwhile. */
async function checkClaimed(deps: ValidateDeps, claim: ClaimResult, live?: ObjectInfo): Promise<void> {
  if (claim.outcome === 'claimed') await checkRun(deps, claim, live);
  else if (isRefused(claim.run)) await continueRejected(deps, claim.run);
}

async function onRequest(deps: ValidateDeps, runId: string, eventId: string): Promise<void> {
  const claim = await deps.runs.claim(runId, claimFor(deps, eventId));
  if (claim) await checkClaimed(deps, claim);
  else deps.logger.warn('a message names a run that does not exist', { runId });
}

function claimFor({ clock, config: { version } }: ValidateDeps, eventId: string) {
  const now = clock.now().toISOString();
  return { owner: eventId, leaseMs: CLAIM_MS, action: 'validate', now, version } as const;
}
