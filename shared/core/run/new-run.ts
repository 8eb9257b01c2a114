import { gsUri } from '../objects/gs-uri.ts';
import type { UploadedVersion } from '../objects/version.ts';
import { runFolder } from './files.ts';
import { runIdOf } from './ids.ts';
import { type Run, type RunSpec, SCHEMA_VERSION } from './run.ts';

/** How an upload came to be known. */
const WORDS = {
  event: { reason: 'ManifestReceived', message: 'The manifest arrived and is being checked.' },
  look: {
    reason: 'ManifestFound',
    message:
      'The manifest was found in a look through the bucket, since no event told of it, and is being checked.',
  },
} as const;

interface Beginning {
  source: RunSpec['source'];
  runId: string;
  /** That of the run in the results bucket, a `gs://` URI. */
  folder: string;
  knownBy?: keyof typeof WORDS;
}

/** The run of an uploaded manifest, as it is when the upload has just come to be known. */
export function runOfManifest(
  { bucket, name, generation, timeCreated }: UploadedVersion,
  { resultsBucket, knownBy }: { resultsBucket: string; knownBy: keyof typeof WORDS },
  now: string,
): Run {
  const version = { bucket, name, generation };
  const runId = runIdOf(version);
  const folder = gsUri({ bucket: resultsBucket, name: runFolder(runId, version) });
  return newRun({ source: { ...version, uri: gsUri(version), timeCreated }, runId, folder, knownBy }, now);
}

/** A run as it is when its manifest has just arrived. */
export function newRun({ source, runId, folder, knownBy = 'event' }: Beginning, now: string): Run {
  const words = WORDS[knownBy];
  return {
    schemaVersion: SCHEMA_VERSION,
    runId,
    spec: { source },
    status: {
      state: 'RECEIVED',
      ...words,
      createTime: now,
      updateTime: now,
      folder,
      links: {},
      history: [{ time: now, to: 'RECEIVED', ...words }],
    },
    work: {
      nextAction: 'validate',
      nextActionAt: now,
      epoch: 0,
      owner: null,
      leaseUntil: null,
      attempts: 0,
      requests: 0,
      waitingSince: null,
      revision: 0,
      waitingFor: [],
      published: 0,
    },
  };
}
