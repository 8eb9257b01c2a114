import type { TuneError } from '../../shared/core/errors/errors.ts';
import type { JobRequest } from '../../shared/core/tuning/pipeline-job-request.ts';
import type { TuningBackend } from '../../shared/ports.ts';
import { observed, type SomeJob } from './some-jobs.ts';

export interface FakeBackend extends TuningBackend {
  /** Jobs by resource name. */
  readonly jobs: Map<string, SomeJob>;
  /** What the coming calls of `create` meet; `lost` creates the job and loses the answer. */
  readonly createFaults: (TuneError | { lost: TuneError })[];
  readonly cancelled: string[];
  /** How often each method was called. */
  readonly calls: Record<'create' | 'find' | 'observe' | 'cancel', number>;
  /** Changes a job as Vertex AI would. */
  set(jobName: string, change: Partial<SomeJob>): void;
}

/** Vertex AI as a map. Without `createIsIdempotent` the id is not ours, so creating twice makes two jobs. */
export function createFakeBackend({ createIsIdempotent = true } = {}): FakeBackend {
  const jobs = new Map<string, SomeJob>();
  const calls = { create: 0, find: 0, observe: 0, cancel: 0 };
  const cancelled: string[] = [];
  const createFaults: FakeBackend['createFaults'] = [];
  const nameOf = ({ region, pipelineJobId }: JobRequest, suffix = '') =>
    `projects/123/locations/${region}/pipelineJobs/${pipelineJobId}${suffix}`;
  const found = (request: JobRequest) =>
    createIsIdempotent
      ? jobs.get(nameOf(request))
      : [...jobs.values()].find(
          ({ labels }) => labels['tunedrop-run'] === request.body.labels['tunedrop-run'],
        );

  const make = (request: JobRequest): SomeJob => {
    const name = createIsIdempotent ? nameOf(request) : nameOf(request, `-${calls.create}`);
    const job = { name, state: 'PIPELINE_STATE_PENDING', labels: request.body.labels, tasks: [] };
    jobs.set(name, job);
    return job;
  };

  return {
    kind: createIsIdempotent ? 'pipelineJobs' : 'tuningJobs',
    createIsIdempotent,
    ...{ jobs, createFaults, cancelled, calls },
    set(jobName, change) {
      const job = jobs.get(jobName);
      if (job) jobs.set(jobName, { ...job, ...change });
    },
    async create(request) {
      calls.create += 1;
      const fault = createFaults.shift();
      if (fault instanceof Error) throw fault;
      const there = createIsIdempotent ? found(request) : undefined;
      const job = there ?? make(request);
      if (fault) throw fault.lost;
      return { outcome: there ? 'adopted' : 'created', job: observed(job) };
    },
    async find(request) {
      calls.find += 1;
      const job = found(request);
      return job && observed(job);
    },
    async observe(names) {
      calls.observe += 1;
      return new Map(
        names.flatMap((name) => {
          const job = jobs.get(name);
          return job ? [[name, observed(job)]] : [];
        }),
      );
    },
    async cancel(name) {
      calls.cancel += 1;
      cancelled.push(name);
    },
  };
}
