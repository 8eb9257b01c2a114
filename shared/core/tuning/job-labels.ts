import { digest } from '../objects/digest.ts';
import type { JobObservation } from './job.ts';
import type { Plan } from './plan.ts';

/** Marks every job of this product. */
export const MANAGED_BY = { label: 'managed-by', value: 'tunedrop' } as const;
/** The run that a job belongs to. */
export const RUN_LABEL = 'tunedrop-run';
/** What was asked, in short: an id that is taken is ours when this label says the same. */
export const FINGERPRINT_LABEL = 'tunedrop-fingerprint';

/** The deployment that made a job, where its plan says it: two in one project leave each other's jobs alone. */
const DEPLOYMENT_LABEL = 'tunedrop-deployment';

/** The labels of a run's job: the user's, and the product's over them. */
export function labelsOf({
  labels,
  runId,
  deployment,
}: Pick<Plan, 'labels' | 'runId' | 'deployment'>): Record<string, string> {
  const own = { ...labels, [MANAGED_BY.label]: MANAGED_BY.value, [RUN_LABEL]: runId };
  return deployment === undefined ? own : { ...own, [DEPLOYMENT_LABEL]: deployment };
}

/** A deployment as a label names it: by its results bucket, which no other has. Dots and long names do not fit into a label. */
export function deploymentLabel(resultsBucket: string): string {
  return /^[a-z0-9_-]{1,63}$/.test(resultsBucket) ? resultsBucket : digest(resultsBucket);
}

/** Whose a job is. */
export interface JobOwner {
  runId: string;
  /** Whether label or data say that this deployment made it, and not another in the project. */
  isOfDeployment: boolean;
  /** Whether its labels say it. Anybody in the project may train on data that was staged for a run. */
  isLabelled: boolean;
}

/**
 * The run that a job belongs to, by its label, or by the data that was staged for the run where somebody took the label away.
 * Undefined for a job of others: of no product of ours, or of another deployment, whose label or staged data says so.
 */
export function ownerOfJob(
  { labels, trainingDataUri }: Pick<JobObservation, 'labels' | 'trainingDataUri'>,
  resultsBucket: string,
): JobOwner | undefined {
  const staging = `gs://${resultsBucket}/staging/`;
  const deployment = labels[DEPLOYMENT_LABEL];
  if (deployment !== undefined && deployment !== deploymentLabel(resultsBucket)) return undefined;
  const isOurData = trainingDataUri?.startsWith(staging) ?? false;
  if (trainingDataUri !== undefined && !isOurData && deployment === undefined) return undefined;
  const isOfDeployment = deployment !== undefined || isOurData;
  const labelled = labels[MANAGED_BY.label] === MANAGED_BY.value ? labels[RUN_LABEL] : undefined;
  if (labelled !== undefined && RUN_ID.test(labelled)) {
    return { runId: labelled, isOfDeployment, isLabelled: true };
  }
  const [runId = ''] = (trainingDataUri ?? '').slice(staging.length).split('/');
  return isOurData && RUN_ID.test(runId) ? { runId, isOfDeployment, isLabelled: false } : undefined;
}

const RUN_ID = /^r[a-z2-7]{40}$/;

interface LabelledRequest {
  url: string;
  body: { labels: Record<string, string> };
}

/** The request with a label that says what it asks for. */
export function withFingerprint<Request extends LabelledRequest>(request: Request): Request {
  const labels = { ...request.body.labels, [FINGERPRINT_LABEL]: fingerprintOfRequest(request) };
  return { ...request, body: { ...request.body, labels } };
}

/** What a request asks for, wherever its keys stand: equal for every attempt of a plan. Fits into a label. */
export function fingerprintOfRequest({ url, body }: LabelledRequest): string {
  const labels = Object.entries(body.labels).filter(([name]) => name !== FINGERPRINT_LABEL);
  return digest(stableJson({ url, body: { ...body, labels: Object.fromEntries(labels) } }));
}

/** JSON with the keys of every object in order, so that equal content is equal text. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
