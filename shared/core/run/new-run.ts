import { type Run, type RunSpec, SCHEMA_VERSION } from './run.ts';

/** A run as it is when its manifest has just arrived. `folder` is that of the run in the results bucket, a `gs://` URI. */
export function newRun(
  { source, runId, folder }: Pick<RunSpec, 'source'> & { runId: string; folder: string },
  now: string,
): Run {
  const words = { reason: 'ManifestReceived', message: 'The manifest arrived and is being checked.' };
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
