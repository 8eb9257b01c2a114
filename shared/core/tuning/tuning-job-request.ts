import { vertexHost } from '../models/regions.ts';
import { labelsOf, withFingerprint } from './job-labels.ts';
import type { TuningPlan } from './plan.ts';

/** What is tuned on, and how: the same fields for supervised and for preference tuning. */
interface TuningSpec {
  trainingDatasetUri: string;
  validationDatasetUri?: string | undefined;
  hyperParameters: TuningPlan['hyperParameters'];
  tuningMode?: string | undefined;
  exportLastCheckpointOnly?: boolean | undefined;
}

/** The body of `tuningJobs.create`, in the spelling of Google's SDKs. */
export interface TuningJobBody {
  baseModel?: string | undefined;
  preTunedModel?: TuningPlan['preTunedModel'];
  supervisedTuningSpec?: TuningSpec | undefined;
  preferenceOptimizationSpec?: TuningSpec | undefined;
  tunedModelDisplayName?: string | undefined;
  description?: string | undefined;
  customBaseModel?: string | undefined;
  outputUri?: string | undefined;
  encryptionSpec?: { kmsKeyName: string } | undefined;
  serviceAccount?: string | undefined;
  labels: Record<string, string>;
}

/** One call of `tuningJobs.create`, ready to be sent. The service makes the id, so sending twice would create two jobs. */
export interface CreateTuningJobRequest {
  backend: 'tuningJobs';
  method: 'POST';
  url: string;
  region: string;
  query: Record<never, never>;
  body: TuningJobBody;
}

const SPEC_OF_METHOD = {
  supervised: 'supervisedTuningSpec',
  preference: 'preferenceOptimizationSpec',
} as const satisfies Record<TuningPlan['method'], keyof TuningJobBody>;

/** Builds the request of a plan: the same plan gives the same request, byte for byte. */
export function buildTuningJobRequest(plan: TuningPlan): CreateTuningJobRequest {
  const { apiVersion, project, region } = plan;
  return withFingerprint({
    backend: 'tuningJobs',
    method: 'POST',
    url: `https://${vertexHost(region)}/${apiVersion}/projects/${project}/locations/${region}/tuningJobs`,
    region,
    query: {},
    body: bodyOf(plan),
  });
}

function bodyOf(plan: TuningPlan): TuningJobBody {
  const { encryptionKey, hyperParameters, preTunedModel, serviceAccount } = plan;
  return {
    // A job goes on from a tuned model or starts from a base model: Vertex AI takes one of the two.
    baseModel: preTunedModel === undefined ? plan.baseModel : undefined,
    preTunedModel,
    [SPEC_OF_METHOD[plan.method]]: {
      trainingDatasetUri: plan.trainingDatasetUri,
      validationDatasetUri: plan.validationDatasetUri,
      hyperParameters: { ...hyperParameters },
      tuningMode: plan.tuningMode,
      exportLastCheckpointOnly: plan.exportLastCheckpointOnly,
    },
    tunedModelDisplayName: plan.modelDisplayName,
    description: plan.description,
    customBaseModel: plan.customBaseModel,
    outputUri: plan.outputDirectory,
    encryptionSpec: encryptionKey === undefined ? undefined : { kmsKeyName: encryptionKey },
    serviceAccount,
    labels: labelsOf(plan),
  };
}
