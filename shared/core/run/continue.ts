import type { ObjectVersion } from '../objects/version.ts';
import type { Run } from './run.ts';

/** A file that a manifest names, as it is now. */
export interface LiveData extends ObjectVersion {
  uri: string;
  sizeBytes: number;
  crc32c: string;
}

/** Whether new data opens another run for this one. */
export function isRefused({ status }: Run): boolean {
  return status.state === 'REJECTED' && status.continuedAs === undefined;
}

/** Whether a refused run would see other data now than it was refused for. The same bytes, uploaded again, are the same data. */
export function hasNewData({ spec: { datasets = {} } }: Run, live: readonly LiveData[]): boolean {
  const checked = Object.values(datasets);
  return live.some(
    ({ uri, sizeBytes, crc32c }) =>
      !checked.some((file) => file?.uri === uri && file.sizeBytes === sizeBytes && file.crc32c === crc32c),
  );
}

/**
 * What is noted of a refused run that another goes on from; undefined where none may: it was not refused, or another does already. Its
 * state, its reason and its issues stay.
 */
export function decideContinued(run: Run | undefined, { runId }: Run, now: string): Run | undefined {
  if (!run || !isRefused(run)) return undefined;
  return {
    ...run,
    status: { ...run.status, continuedAs: `runs/${runId}`, updateTime: now },
    work: { ...run.work, waitingFor: [], revision: run.work.revision + 1 },
  };
}
