/** The data sets that a job names, and in which form their rows are to be. */
import type { JsonObject } from '../http/json.ts';
import type { ObjectReader } from '../storage/objects.ts';
import { tokensFor } from '../training/tokens.ts';
import type { RowSource } from './dataset.ts';
import { specOf } from './model-rules.ts';
import type { RowFormat } from './rows.ts';

export interface JobDatasets {
  training: RowSource;
  validation?: RowSource | undefined;
}

export interface DatasetJob {
  baseModel: string;
  kind: 'gemini' | 'open';
  method: 'supervised' | 'preference';
  echo: JsonObject;
}

export function datasetsOf(job: DatasetJob, readObject: ObjectReader): JobDatasets {
  const { spec } = specOf(job.echo);
  const source = (uri: unknown): RowSource => ({
    ...{ uri: String(uri), readObject, format: formatOf(job), unsupported: unsupportedBy(job) },
    tokensIn: tokensFor(job.baseModel),
  });
  const { trainingDatasetUri, validationDatasetUri } = spec;
  return {
    training: source(trainingDatasetUri),
    validation: validationDatasetUri ? source(validationDatasetUri) : undefined,
  };
}

function formatOf({ kind, method }: DatasetJob): RowFormat {
  if (kind === 'open') return 'open';
  return method === 'preference' ? 'preference' : 'gemini';
}

/** Reported of 2.5; of the later models nothing of the kind is known. */
const unsupportedBy = ({ baseModel }: DatasetJob) =>
  baseModel.startsWith('gemini-2.5-') ? ['function call', 'function response'] : [];
