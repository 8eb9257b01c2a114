import type { TuneError } from '../../shared/core/errors/errors.ts';
import { isJobOver } from '../../shared/core/tuning/job.ts';
import { buildJobRequest } from '../../shared/core/tuning/job-request.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
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
  const nameOf = (plan: Plan, attempt: number) => {
    const { backend, region, query } = buildJobRequest(plan, attempt);
    const id = Object.values(query)[0] ?? plan.runId;
    return `projects/123/locations/${region}/${backend}/${id}`;
  };
  const dataOf = (plan: Plan) => (plan.backend === 'tuningJobs' ? plan.trainingDatasetUri : undefined);
  const made = (plan: Plan, { isThorough }: { isThorough: boolean }) =>
    [...jobs.values()].filter(
      ({ labels, trainingDataUri }) =>
        labels['tunedrop-run'] === plan.runId ||
        (isThorough && trainingDataUri !== undefined && trainingDataUri === dataOf(plan)),
    );
  const found = (plan: Plan, attempt: number) =>
    createIsIdempotent ? jobs.get(nameOf(plan, attempt)) : made(plan, { isThorough: true })[0];

  const make = (plan: Plan, attempt: number): SomeJob => {
    const name = `${nameOf(plan, attempt)}${createIsIdempotent ? '' : `-${calls.create}`}`;
    const { labels } = buildJobRequest(plan, attempt).body;
    const trainingDataUri = dataOf(plan);
    const job = { name, state: 'PIPELINE_STATE_PENDING', labels, tasks: [], trainingDataUri };
    jobs.set(name, job);
    return job;
  };

  return {
    createIsIdempotent: () => createIsIdempotent,
    ...{ jobs, createFaults, cancelled, calls },
    set(jobName, change) {
      const job = jobs.get(jobName);
      if (job) jobs.set(jobName, { ...job, ...change });
    },
    async create(plan, attempt) {
      calls.create += 1;
      const fault = createFaults.shift();
      if (fault instanceof Error) throw fault;
      const there = createIsIdempotent ? found(plan, attempt) : undefined;
      const job = there ?? make(plan, attempt);
      if (fault) throw fault.lost;
      return { outcome: there ? 'adopted' : 'created', job: observed(job) };
    },
    async find(plan, attempt) {
      calls.find += 1;
      const job = found(plan, attempt);
      return job && observed(job);
    },
    unfinished: async () => [...jobs.values()].map(observed).filter((job) => !isJobOver(job)),
    async findAll(plan, options) {
      calls.find += 1;
      if (createIsIdempotent) return [found(plan, 1)].flatMap((job) => (job ? [observed(job)] : []));
      return made(plan, options).map(observed);
    },
    observe: async () => async (name) => {
      calls.observe += 1;
      const job = jobs.get(name);
      return job && observed(job);
    },
    async cancel(name) {
      calls.cancel += 1;
      cancelled.push(name);
    },
  };
}
