import { gsUri, runIdOf } from '../../shared/core/ids.ts';
import { newRun, type Run, type RunState } from '../../shared/core/run.ts';

/** Builders: a test states only what it is about. */

export const NOW = '2026-03-01T12:00:00.000Z';

/** So many seconds after NOW. */
export function at(seconds: number): string {
  return new Date(Date.parse(NOW) + seconds * 1000).toISOString();
}

export interface RunOptions {
  folder?: string;
  generation?: string;
  state?: RunState;
  timeCreated?: string;
  work?: Partial<Run['work']>;
  status?: Partial<Run['status']>;
  spec?: Partial<Run['spec']>;
}

export function aRun(options: RunOptions = {}): Run {
  const { folder = 'reviews', generation = '1700000000000001', timeCreated = NOW } = options;
  const version = { bucket: 'inbox', name: `${folder}/tune.json`, generation };
  const run = newRun(
    {
      source: { ...version, uri: gsUri(version), timeCreated },
      runId: runIdOf(version),
      folder: `gs://results/runs/${folder}/${generation}/`,
    },
    NOW,
  );
  return {
    ...run,
    spec: { ...run.spec, ...options.spec },
    status: { ...run.status, ...(options.state ? { state: options.state } : {}), ...options.status },
    work: { ...run.work, ...options.work },
  };
}

export const A_JOB = {
  name: 'projects/123/locations/us-central1/pipelineJobs/tune-large-model-x',
  state: 'PIPELINE_STATE_PENDING',
  region: 'us-central1',
  attempt: 1,
} as const;
