import { digest } from '../objects/digest.ts';
import type { JobObservation } from './job.ts';
import type { Plan } from './plan.ts';

/** Marks every job of this product. */
export const MANAGED_BY = { label: 'managed-by', value: 'tunedrop' } as const;
/** The run that a job belongs to. */
export const RUN_LABEL = 'tunedrop-run';
/** What was asked, in short: an id that is taken is ours when this label says the same. */
export const FINGERPRINT_LABEL = 'tunedrop-fingerprint';

/** The labels of a run's job: the user's, and the product's over them. */
export function labelsOf({ labels, runId }: Pick<Plan, 'labels' | 'runId'>): Record<string, string> {
  return { ...labels, [MANAGED_BY.label]: MANAGED_BY.value, [RUN_LABEL]: runId };
}

/**
 * The run of this deployment that a job belongs to, by its label, or by the data that was staged for the run where somebody took the
 * label away. Undefined for a job of others: of no product of ours, or of another deployment, whose data lies in a bucket of its own.
 */
export function runOfJob(
  { labels, trainingDataUri }: Pick<JobObservation, 'labels' | 'trainingDataUri'>,
  resultsBucket: string,
): string | undefined {
  const staging = `gs://${resultsBucket}/staging/`;
  if (trainingDataUri !== undefined && !trainingDataUri.startsWith(staging)) return undefined;
  if (labels[MANAGED_BY.label] === MANAGED_BY.value && labels[RUN_LABEL]) return labels[RUN_LABEL];
  const [runId = ''] = (trainingDataUri ?? '').slice(staging.length).split('/');
  return RUN_ID.test(runId) ? runId : undefined;
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
