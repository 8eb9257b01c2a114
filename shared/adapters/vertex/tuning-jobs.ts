import * as z from 'zod';
import { TuneError } from '../../core/errors/errors.ts';
import { LOCATIONS_OF_TUNING } from '../../core/models/tuning-models.ts';
import { isJobOver, type JobObservation, LIVE_STATES } from '../../core/tuning/job.ts';
import { RUN_LABEL } from '../../core/tuning/job-labels.ts';
import type { Plan, TuningPlan } from '../../core/tuning/plan.ts';
import { observeTuningJob, TuningJobSchema } from '../../core/tuning/tuning-job.ts';
import { buildTuningJobRequest } from '../../core/tuning/tuning-job-request.ts';
import type { TuningBackend } from '../../ports.ts';
import { askVertex } from './answer.ts';
import { resourceUrl, type VertexClient } from './client.ts';
import { pagesOf, readEach } from './pages.ts';

/** Each job is read by itself, so that one that is not understood hides no other. */
const TuningJobListSchema = z.looseObject({
  tuningJobs: z.array(z.unknown()).default([]),
  nextPageToken: z.string().optional(),
});

const PAGE_SIZE = '100';
const LIVE = LIVE_STATES.map((state) => `state="JOB_STATE_${state}"`).join(' OR ');

/**
 * Jobs as Vertex AI tuning jobs. The service makes their ids, so creating one twice gives two: they are found again by the label
 * of their run. They are read through v1beta1, which alone says what a running job is at and how far.
 */
export function createTuningJobsBackend(vertex: VertexClient, project: string): TuningBackend {
  const get = async (name: string): Promise<JobObservation | undefined> => {
    try {
      const url = resourceUrl(name, 'v1beta1');
      const call = { method: 'GET', url, doing: 'reading the job' } as const;
      return observeTuningJob(await askVertex(vertex, TuningJobSchema, call));
    } catch (error) {
      if (error instanceof TuneError && error.httpStatus === 404) return undefined;
      throw error;
    }
  };

  return {
    createIsIdempotent: () => false,

    async create(plan) {
      const { url, body } = buildTuningJobRequest(ownPlan(plan));
      const call = { method: 'POST', url, body, doing: 'creating the job' } as const;
      return { outcome: 'created', job: observeTuningJob(await askVertex(vertex, TuningJobSchema, call)) };
    },

    find: async (plan) => (await jobsOfRun(vertex, ownPlan(plan), { isThorough: true }))[0],
    findAll: async (plan, options) => jobsOfRun(vertex, ownPlan(plan), options),

    async unfinished(onUnread) {
      const inRegion = (region: string) =>
        listed(vertex, resourceUrl(`projects/${project}/locations/${region}/tuningJobs`), LIVE);
      const jobs = await readEach(LOCATIONS_OF_TUNING, inRegion, onUnread);
      return jobs.filter((job) => !isJobOver(job));
    },

    // One call a job: a list cannot be asked for names.
    observe: async () => get,

    async cancel(jobName) {
      const url = `${resourceUrl(jobName)}:cancel`;
      await vertex({ method: 'POST', url, body: {}, doing: 'cancelling the job' });
    },
  };
}

/**
 * The jobs of a plan's run, oldest first. That a list of tuning jobs can be filtered by labels is not documented: the filter is
 * sent, and labels are checked here in any case. Where it finds nothing, or is refused, and somebody has to know for certain,
 * all jobs of the region are read: a job whose label was taken away still trains on the data that was staged for its run.
 */
async function jobsOfRun(vertex: VertexClient, plan: TuningPlan, { isThorough }: { isThorough: boolean }) {
  const { url } = buildTuningJobRequest(plan);
  const isOfRun = ({ labels, trainingDataUri }: JobObservation) =>
    labels[RUN_LABEL] === plan.runId || (isThorough && trainingDataUri === plan.trainingDatasetUri);
  const labelled = (await listed(vertex, url, `labels.${RUN_LABEL}="${plan.runId}"`)).filter(isOfRun);
  const jobs = labelled.length > 0 || !isThorough ? labelled : (await listed(vertex, url)).filter(isOfRun);
  return jobs.sort((a, b) => (a.createTime ?? '').localeCompare(b.createTime ?? ''));
}

/** The jobs of a region. Where the filter is refused all of them. */
async function listed(vertex: VertexClient, url: string, filter?: string): Promise<JobObservation[]> {
  const query = filter ? { filter, pageSize: PAGE_SIZE } : { pageSize: PAGE_SIZE };
  const jobs: JobObservation[] = [];
  try {
    for await (const page of pagesOf(vertex, TuningJobListSchema, {
      url,
      query,
      doing: 'listing the jobs',
    })) {
      for (const one of page.tuningJobs) {
        const job = TuningJobSchema.safeParse(one);
        if (job.success) jobs.push(observeTuningJob(job.data));
      }
    }
    return jobs;
  } catch (error) {
    if (filter && error instanceof TuneError && error.httpStatus === 400) return listed(vertex, url);
    throw error;
  }
}

/** A plan finds its backend by itself; one of another service here is a mistake in our own code. */
function ownPlan(plan: Plan): TuningPlan {
  if (plan.backend === 'tuningJobs') return plan;
  throw new RangeError('a plan of pipelineJobs came to the backend of tuningJobs');
}
