import { describe, expect, test } from 'vitest';
import { statusText } from '../../cli/run/status.ts';
import { compareRuns } from '../../shared/core/comparison/compare-runs.ts';
import { renderReport } from '../../shared/core/report/report.ts';
import { observePipelineJob, PipelineJobSchema } from '../../shared/core/tuning/pipeline-job.ts';
import { resultOf } from '../../shared/core/tuning/results.ts';
import { aSucceededRun } from './report-samples.ts';

const MODEL = 'projects/1/locations/us-central1/models/2';

/** A job that has succeeded, with these outputs of its evaluator, where Google's notebook on tuning embeddings reads them. */
const jobWith = (outputs: unknown) =>
  observePipelineJob(
    PipelineJobSchema.parse({
      name: 'projects/1/locations/us-central1/pipelineJobs/embed',
      state: 'PIPELINE_STATE_SUCCEEDED',
      jobDetail: {
        taskDetails: [
          { taskId: '1', taskName: 'text-embedding-trainer', state: 'SUCCEEDED' },
          { taskId: '2', taskName: 'text-embedding-evaluator', state: 'SUCCEEDED', outputs },
          {
            ...{ taskId: '3', taskName: 'text-embedding-model-uploader', state: 'SUCCEEDED' },
            execution: { metadata: { 'output:model_resource_name': MODEL } },
          },
        ],
      },
    }),
  );

const withMetadata = (metadata: unknown) => ({
  metrics: {
    artifacts: [{ name: 'projects/1/locations/us-central1/metadataStores/default/artifacts/9', metadata }],
  },
});

describe('what the job of an embedding model has measured', () => {
  test('stands in its result, under the names that the job gives', () => {
    const job = jobWith(withMetadata({ 'NDCG@10': 0.71428, 'NDCG@5': 0.68 }));
    expect(resultOf(job, undefined)).toMatchObject({
      model: MODEL,
      measured: [
        { name: 'NDCG@10', value: 0.71428 },
        { name: 'NDCG@5', value: 0.68 },
      ],
    });
  });

  test.each<[string, unknown]>([
    ['there are no outputs', undefined],
    ['they are of another shape', { metrics: 'gs://b/metrics.json' }],
    ['there is no artifact', { metrics: { artifacts: [] } }],
    ['nothing of it is a number', withMetadata({ 'NDCG@10': '0.7', of: { more: 1 } })],
    ['a name is a text', withMetadata({ ['x'.repeat(61)]: 1 })],
  ])('is nothing where %s, and the job is known all the same', (_name, outputs) => {
    const job = jobWith(outputs);
    expect(job).toMatchObject({ phase: 'succeeded', outputs: { model: MODEL } });
    expect(job.outputs.measured).toBeUndefined();
  });

  test('is no more than a document has room for', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`m${index}`, index]));
    expect(jobWith(withMetadata(many)).outputs.measured).toHaveLength(20);
  });
});

describe('a run that says it', () => {
  const runWith = (value: number) => {
    const run = aSucceededRun();
    const result = { ...run.status.result, measured: [{ name: 'NDCG@10', value }] };
    return { ...run, status: { ...run.status, result } };
  };

  test('has it in its report and its status', () => {
    const page = renderReport({ run: runWith(0.71428), series: [] }).replace(/<[^>]*>/g, ' ');
    expect(page.replace(/\s+/g, ' ')).toContain('Measured by the job, on the test labels NDCG@10 0.7143');
    expect(statusText(runWith(0.71428), { isLocal: false, columns: 100 })).toContain(
      'Measured   NDCG@10 0.7143, on the test labels, as the job says\n',
    );
    expect(statusText(aSucceededRun(), { isLocal: false, columns: 100 })).not.toContain('Measured');
  });

  test('is compared with another by it', () => {
    const { measures } = compareRuns(runWith(0.6), runWith(0.7));
    expect(measures).toContainEqual({ name: 'NDCG@10 of the job', before: 0.6, after: 0.7, isShare: false });
    expect(compareRuns(aSucceededRun(), runWith(0.7)).measures).toContainEqual(
      expect.objectContaining({ name: 'NDCG@10 of the job', before: undefined, after: 0.7 }),
    );
  });
});
