import * as z from 'zod';
import { TuneError } from '../../core/errors/errors.ts';
import { REGIONS } from '../../core/models/regions.ts';
import { isJobOver, type JobObservation } from '../../core/tuning/job.ts';
import { FINGERPRINT_LABEL, MANAGED_BY } from '../../core/tuning/job-labels.ts';
import { sentUrl } from '../../core/tuning/job-request.ts';
import { observePipelineJob, PipelineJobSchema } from '../../core/tuning/pipeline-job.ts';
import {
  buildPipelineJobRequest,
  type CreatePipelineJobRequest,
} from '../../core/tuning/pipeline-job-request.ts';
import type { PipelinePlan, Plan } from '../../core/tuning/plan.ts';
import type { CreateOutcome, TuningBackend } from '../../ports.ts';
import { askVertex } from './answer.ts';
import { regionOf, resourceUrl, type VertexClient } from './client.ts';
import { pagesOf, readEach } from './pages.ts';

/** Each job is read by itself: one that is not understood is looked at alone, and has an error of its own. */
const PipelineJobListSchema = z.looseObject({
  pipelineJobs: z.array(z.unknown()).default([]),
  nextPageToken: z.string().optional(),
});

/** Up to so many jobs of a region are looked at one by one; more are read from the list, a hundred a call. */
const SINGLES = 3;
const PAGE_SIZE = '100';

const LIVE_STATES = ['QUEUED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'];
const UNFINISHED = `labels.${MANAGED_BY.label}="${MANAGED_BY.value}" AND (${LIVE_STATES.map((state) => `state="PIPELINE_STATE_${state}"`).join(' OR ')})`;

/** Jobs as Vertex AI pipeline jobs, whose id we choose: creating one twice gives one. */
export function createPipelineJobsBackend(vertex: VertexClient, project: string): TuningBackend {
  const get = async (url: string): Promise<JobObservation | undefined> => {
    try {
      const call = { method: 'GET', url, doing: 'reading the job' } as const;
      return observePipelineJob(await askVertex(vertex, PipelineJobSchema, call));
    } catch (error) {
      if (error instanceof TuneError && error.httpStatus === 404) return undefined;
      throw error;
    }
  };
  const findMade = ({ url, pipelineJobId }: CreatePipelineJobRequest) => get(`${url}/${pipelineJobId}`);

  const read = async (name: string) => get(resourceUrl(name));

  /** Where the list fails every job is looked at by itself, and has an error of its own. */
  const listRegion = (region: string) =>
    list(vertex, `projects/${project}/locations/${region}`).catch(() => new Map<string, JobObservation>());

  return {
    createIsIdempotent: () => true,
    find: async (plan, attempt) => findMade(buildPipelineJobRequest(ownPlan(plan), attempt)),

    async unfinished(onUnread) {
      const inRegion = async (region: string) => {
        const listed = await list(vertex, `projects/${project}/locations/${region}`);
        return [...listed.values()];
      };
      const jobs = await readEach(REGIONS, inRegion, onUnread);
      return jobs.filter((job) => !isJobOver(job));
    },

    async findAll(plan) {
      const job = await findMade(buildPipelineJobRequest(ownPlan(plan)));
      return job ? [job] : [];
    },

    async create(plan, attempt) {
      const request = buildPipelineJobRequest(ownPlan(plan), attempt);
      const { method, body } = request;
      try {
        const call = { method, url: sentUrl(request), body };
        const job = await askVertex(vertex, PipelineJobSchema, { ...call, doing: 'creating the job' });
        return { outcome: 'created', job: observePipelineJob(job) };
      } catch (error) {
        if (!(error instanceof TuneError) || error.httpStatus !== 409) throw error;
        return adopted(request, await findMade(request));
      }
    },

    async observe(jobNames) {
      const many = [...byRegion(jobNames)].filter(([, names]) => names.length > SINGLES);
      const lists = new Map(many.map(([region]) => [region, listRegion(region)]));
      return async (name) => {
        const listed = await lists.get(regionOf(name));
        const job = listed?.get(name);
        return job && !isJobOver(job) ? job : read(name);
      };
    },

    async cancel(jobName) {
      const url = `${resourceUrl(jobName)}:cancel`;
      await vertex({ method: 'POST', url, body: {}, doing: 'cancelling the job' });
    },
  };
}

/** A plan finds its backend by itself; one of another service here is a mistake in our own code. */
function ownPlan(plan: Plan): PipelinePlan {
  if (plan.backend === 'pipelineJobs') return plan;
  throw new RangeError('a plan of tuningJobs came to the backend of pipelineJobs');
}

/** An id that is taken is ours when it carries the fingerprint of what we ask for; then an earlier try made it. */
function adopted(request: CreatePipelineJobRequest, job: JobObservation | undefined): CreateOutcome {
  if (job && job.labels[FINGERPRINT_LABEL] === request.body.labels[FINGERPRINT_LABEL]) {
    return { outcome: 'adopted', job };
  }
  throw new TuneError('permanent', `another job already has the id ${request.pipelineJobId}`, {
    reason: 'JobIdTaken',
    remedy: 'Delete or rename nothing: upload the manifest again, which gives the run a new id.',
    httpStatus: 409,
  });
}

/** The unfinished jobs of a region that are ours, by name. */
async function list(vertex: VertexClient, location: string): Promise<Map<string, JobObservation>> {
  const call = {
    url: resourceUrl(`${location}/pipelineJobs`),
    query: { filter: UNFINISHED, pageSize: PAGE_SIZE },
    doing: 'listing the jobs',
  };
  const jobs = new Map<string, JobObservation>();
  for await (const page of pagesOf(vertex, PipelineJobListSchema, call)) {
    for (const listed of page.pipelineJobs) {
      const job = PipelineJobSchema.safeParse(listed);
      if (job.success) jobs.set(job.data.name, observePipelineJob(job.data));
    }
  }
  return jobs;
}

function byRegion(jobNames: string[]): Map<string, string[]> {
  return Map.groupBy(jobNames, regionOf);
}
