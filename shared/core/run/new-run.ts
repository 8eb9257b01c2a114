import { defined } from '../json/defined.ts';
import type { SweepSettings } from '../manifest/sweep.ts';
import { gsUri } from '../objects/gs-uri.ts';
import type { ObjectVersion, UploadedVersion } from '../objects/version.ts';
import { folderOfRun, runFolder } from './files.ts';
import { runIdOf, runIdOfSwept, runIdWithData } from './ids.ts';
import { type Run, type RunSpec, SCHEMA_VERSION } from './run.ts';

/** How an upload came to be known. */
const WORDS = {
  event: { reason: 'ManifestReceived', message: 'The manifest arrived and is being checked.' },
  look: {
    reason: 'ManifestFound',
    message:
      'The manifest was found in a look through the bucket, since no event told of it, and is being checked.',
  },
  newData: {
    reason: 'NewData',
    message: 'New data came for a manifest whose run was refused; both are being checked.',
  },
  sweep: {
    reason: 'SweepOpened',
    message: 'One of the runs of a sweep: its manifest and its data were checked for all of them.',
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
  { resultsBucket, knownBy }: { resultsBucket: string; knownBy: 'event' | 'look' },
  now: string,
): Run {
  const version = { bucket, name, generation };
  const runId = runIdOf(version);
  const folder = gsUri({ bucket: resultsBucket, name: runFolder(runId, version) });
  return newRun({ source: { ...version, uri: gsUri(version), timeCreated }, runId, folder, knownBy }, now);
}

/** The run of a manifest whose run was refused, with the data as it is now. Its folder is found by its id: the other is its predecessor's. */
export function runAfterRejected(
  { runId: before, spec: { source } }: Run,
  { data, resultsBucket }: { data: readonly ObjectVersion[]; resultsBucket: string },
  now: string,
): Run {
  const runId = runIdWithData(source, data);
  const run = newRun({ source, runId, folder: '', knownBy: 'newData' }, now);
  const next = { ...run, status: { ...run.status, continues: `runs/${before}` } };
  const folder = gsUri({ bucket: resultsBucket, name: folderOfRun(next) });
  return { ...next, status: { ...next.status, folder } };
}

/** One of the runs that a manifest with lists of settings asks for, as it is when it is opened. */
export function runOfSweep(
  { runId: parentId, spec: { source } }: Run,
  { index, settings, resultsBucket }: { index: number; settings: SweepSettings; resultsBucket: string },
  now: string,
): Run {
  const bare = newRun({ source, runId: runIdOfSwept(parentId, index), folder: '', knownBy: 'sweep' }, now);
  const sweepOf = { parent: `runs/${parentId}`, index, settings: defined(settings) };
  const run = { ...bare, spec: { ...bare.spec, sweepOf } };
  const folder = gsUri({ bucket: resultsBucket, name: folderOfRun(run) });
  return { ...run, status: { ...run.status, folder } };
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
