import { TuneError } from '../../shared/core/errors/errors.ts';
import { CAUSES } from '../../shared/core/tuning/causes.ts';
import { isJobOver, type JobObservation, phaseOf } from '../../shared/core/tuning/job.ts';
import { buildJobRequest } from '../../shared/core/tuning/job-request.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import type { TuningBackend } from '../../shared/ports.ts';

export interface ModelJob {
  name: string;
  runId: string;
  plan: Plan;
  labels: Record<string, string>;
  trainingDataUri: string | undefined;
  madeMs: number;
  state: string;
  endMs?: number | undefined;
  failure?: JobObservation['failure'];
}

export interface Vertex {
  backend: TuningBackend;
  jobs: Map<string, ModelJob>;
  /** How long a new tuning job is missing in lists. */
  lagMs: number;
  /** How long a job takes from its creation on. */
  tuningMs: number;
  /** Jobs of a kind that are taken at once; undefined: any number. */
  quota: number | undefined;
  onMade: (job: ModelJob) => void;
  onCancel: (name: string) => void;
  /** Jobs begin and end as time passes. */
  advance(): void;
  end(job: ModelJob, state: string, reason?: string): void;
  remove(job: ModelJob): void;
}

const PENDING_MS = 120_000;

/** Both services of Vertex AI: pipeline jobs have the id that the caller wants, tuning jobs one of their own, and are listed late. */
export function createVertex(now: () => number): Vertex {
  const jobs = new Map<string, ModelJob>();
  let serial = 0;

  const nameOf = (plan: Plan, attempt: number) => {
    const { backend, region, query } = buildJobRequest(plan, attempt);
    serial += 1;
    return `projects/123/locations/${region}/${backend}/${Object.values(query)[0] ?? 1_000 + serial}`;
  };
  const make = (plan: Plan, attempt: number): ModelJob => {
    const isTuning = plan.backend === 'tuningJobs';
    const job = {
      ...{ name: nameOf(plan, attempt), runId: plan.runId, plan, madeMs: now() },
      labels: buildJobRequest(plan, attempt).body.labels,
      trainingDataUri: isTuning ? plan.trainingDatasetUri : undefined,
      state: 'JOB_STATE_PENDING',
    };
    jobs.set(job.name, job);
    vertex.onMade(job);
    return job;
  };
  const listed = () => [...jobs.values()].filter((job) => now() - job.madeMs >= vertex.lagMs);
  const isTuningJob = ({ plan }: ModelJob) => plan.backend === 'tuningJobs';
  const ofRun = (plan: Plan, isThorough: boolean) =>
    listed().filter(
      (job) =>
        isTuningJob(job) &&
        (job.labels['tunedrop-run'] === plan.runId ||
          (isThorough && plan.backend === 'tuningJobs' && job.trainingDataUri === plan.trainingDatasetUri)),
    );
  const findAll = async (plan: Plan, { isThorough }: { isThorough: boolean }) => {
    if (plan.backend === 'tuningJobs') return ofRun(plan, isThorough).map(observationOf);
    const job = jobs.get(nameOf(plan, 1));
    return job ? [observationOf(job)] : [];
  };
  const isFull = () =>
    [...jobs.values()].filter((job) => job.endMs === undefined).length >= (vertex.quota ?? 99);

  const backend: TuningBackend = {
    createIsIdempotent: ({ backend: service }) => service === 'pipelineJobs',
    async create(plan, attempt) {
      const there = plan.backend === 'pipelineJobs' ? jobs.get(nameOf(plan, attempt)) : undefined;
      if (there) return { outcome: 'adopted', job: observationOf(there) };
      if (isFull()) throw new TuneError('throttled', 'quota', { reason: 'QuotaExceeded' });
      return { outcome: 'created', job: observationOf(make(plan, attempt)) };
    },
    async find(plan, attempt) {
      if (plan.backend === 'tuningJobs') return (await findAll(plan, { isThorough: true }))[0];
      const job = jobs.get(nameOf(plan, attempt));
      return job && observationOf(job);
    },
    findAll,
    unfinished: async () =>
      listed()
        .map(observationOf)
        .filter((job) => !isJobOver(job)),
    observe: async () => async (name) => {
      const job = jobs.get(name);
      return job && observationOf(job);
    },
    async cancel(name) {
      const job = jobs.get(name);
      if (!job) throw new TuneError('permanent', 'no such job', { reason: 'NotFound', httpStatus: 404 });
      vertex.onCancel(name);
      if (job.endMs === undefined) job.state = 'JOB_STATE_CANCELLING';
    },
  };

  const vertex: Vertex = {
    ...{ backend, jobs, lagMs: 0, tuningMs: 3_600_000, quota: undefined },
    ...{ onMade: () => {}, onCancel: () => {} },
    advance() {
      for (const job of jobs.values()) {
        if (job.endMs !== undefined) continue;
        const age = now() - job.madeMs;
        if (job.state === 'JOB_STATE_CANCELLING') vertex.end(job, 'JOB_STATE_CANCELLED');
        else if (age >= vertex.tuningMs) vertex.end(job, 'JOB_STATE_SUCCEEDED');
        else if (age >= PENDING_MS) job.state = 'JOB_STATE_RUNNING';
      }
    },
    end(job, state, reason) {
      if (job.endMs !== undefined) return;
      job.endMs = now();
      job.state = state;
      if (reason) {
        const cause = CAUSES.find((one) => one.reason === reason);
        job.failure = { words: 'it failed', message: 'it failed', cause };
      }
    },
    remove: ({ name }) => void jobs.delete(name),
  };
  return vertex;
}

function observationOf({
  name,
  state,
  labels,
  trainingDataUri,
  madeMs,
  endMs,
  failure,
}: ModelJob): JobObservation {
  const model = state.endsWith('SUCCEEDED') ? 'projects/123/locations/us-central1/models/7@1' : undefined;
  return {
    ...{ name, state, labels, trainingDataUri, failure, phase: phaseOf(state), outputs: { model } },
    createTime: new Date(madeMs).toISOString(),
    endTime: endMs === undefined ? undefined : new Date(endMs).toISOString(),
  };
}
