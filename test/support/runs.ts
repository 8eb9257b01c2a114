import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import { newRun } from '../../shared/core/run/new-run.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import type { PipelinePlan } from '../../shared/core/tuning/plan.ts';
import type { RunProgress } from '../../shared/core/tuning/run-progress.ts';

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
    status: { ...run.status, state: options.state ?? run.status.state, ...options.status },
    work: { ...run.work, ...options.work },
  };
}

/** The plan of a text model, as the run document has it. */
export function aPlan(over: Partial<PipelinePlan> = {}): PipelinePlan {
  return {
    backend: 'pipelineJobs',
    runId: `r${'a'.repeat(40)}`,
    project: 'my-project',
    baseModel: 'text-bison@002',
    modelDisplayName: 'reviews',
    templateUri: 'https://us-kfp.pkg.dev/ml-pipeline/large-language-model-pipelines/tune-large-model/v2.0.0',
    pipelineName: 'tune-large-model',
    regions: { pipelineJob: 'us-central1', modelUpload: 'us-central1', training: 'us-central1' },
    accelerator: '8 NVIDIA A100 80 GB GPUs in us-central1',
    training: { steps: 300, batchSize: 8 },
    parameters: {},
    templateDefaults: {},
    outputDirectory: 'gs://results/output/a',
    labels: {},
    isDryRun: false,
    notes: [],
    ...over,
  };
}

/** How far the job A_JOB is. */
export function aProgress(over: Partial<RunProgress> = {}): RunProgress {
  return { job: A_JOB.name, updateTime: NOW, ...over };
}

export const A_JOB = {
  name: 'projects/123/locations/us-central1/pipelineJobs/tune-large-model-x',
  state: 'PIPELINE_STATE_PENDING',
  region: 'us-central1',
  attempt: 1,
} as const;
