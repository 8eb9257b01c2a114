import type { Backend } from '../../core/models/models.ts';
import type { TuningBackend } from '../../ports.ts';
import type { VertexClient } from './client.ts';
import { createPipelineJobsBackend } from './pipeline-jobs.ts';
import { createTuningJobsBackend } from './tuning-jobs.ts';

/** Both services of Vertex AI that tune: a plan names its own, and so does the resource name of a job. */
export function createVertexBackend(vertex: VertexClient, project: string): TuningBackend {
  const services: Record<Backend, TuningBackend> = {
    pipelineJobs: createPipelineJobsBackend(vertex, project),
    tuningJobs: createTuningJobsBackend(vertex, project),
  };
  return {
    createIsIdempotent: (plan) => services[plan.backend].createIsIdempotent(plan),
    create: (plan, attempt) => services[plan.backend].create(plan, attempt),
    find: (plan, attempt) => services[plan.backend].find(plan, attempt),
    findAll: (plan, options) => services[plan.backend].findAll(plan, options),
    unfinished: async (onUnread) =>
      (await Promise.all(Object.values(services).map((one) => one.unfinished(onUnread)))).flat(),
    cancel: (jobName) => services[serviceOf(jobName)].cancel(jobName),
    async observe(jobNames) {
      const namesOf = (service: Backend) => jobNames.filter((name) => serviceOf(name) === service);
      const [pipelineJobs, tuningJobs] = await Promise.all([
        services.pipelineJobs.observe(namesOf('pipelineJobs')),
        services.tuningJobs.observe(namesOf('tuningJobs')),
      ]);
      const looks = { pipelineJobs, tuningJobs };
      return (name) => looks[serviceOf(name)](name);
    },
  };
}

/** `projects/P/locations/REGION/SERVICE/ID` */
function serviceOf(jobName: string): Backend {
  return jobName.split('/')[4] === 'tuningJobs' ? 'tuningJobs' : 'pipelineJobs';
}
