import { type ErrorKind, TuneError } from './errors.ts';

/** An answer of Vertex AI that is no success: `{"error": {"code", "message", "status"}}`, or no answer at all. */
export interface GoogleError {
  /** HTTP status; undefined when the connection broke before an answer. */
  httpStatus: number | undefined;
  message: string;
  /** The canonical code, such as `RESOURCE_EXHAUSTED`. */
  status?: string;
}

interface ErrorRule {
  kind: ErrorKind;
  reason: string;
  httpStatus?: readonly number[];
  message?: RegExp;
  remedy: string;
}

/**
 * Google's answers and what they mean for a run; the first rule that fits wins.
 * Sources: the guide's troubleshooting section; python-aiplatform #1073, #2785; vertex-ai-mlops #60; Vertex AI quotas.
 */
const RULES: readonly ErrorRule[] = [
  {
    kind: 'propagation',
    reason: 'ArtifactRegistryNotReady',
    message: /does not have permission to access Artifact Registry repository/,
    remedy: 'Nothing to do: the permission takes some minutes to spread, and the run tries again by itself.',
  },
  {
    kind: 'environment',
    reason: 'MetadataStoreDenied',
    message: /aiplatform\.metadataStores\.get/,
    remedy:
      'Enable the Compute Engine API and grant roles/aiplatform.user and storage access to the service account of the job, then upload the manifest again.',
  },
  {
    kind: 'environment',
    reason: 'ServiceAccountDenied',
    message: /permission to act as service_account/,
    remedy:
      'Grant roles/iam.serviceAccountUser on the service account of the job to the submit function, then upload the manifest again.',
  },
  {
    kind: 'environment',
    reason: 'StorageDenied',
    message: /storage\.objects\.(get|create)/,
    remedy:
      'Grant the service account of the job roles/storage.objectAdmin on the results bucket, then upload the manifest again.',
  },
  {
    kind: 'throttled',
    reason: 'QuotaExceeded',
    httpStatus: [429],
    remedy: 'Nothing to do: the run waits and tries again. If it waits for hours, ask for more quota.',
  },
  {
    kind: 'throttled',
    reason: 'QuotaExceeded',
    message: /RESOURCE_EXHAUSTED/,
    remedy: 'Nothing to do: the run waits and tries again. If it waits for hours, ask for more quota.',
  },
  {
    kind: 'ambiguous',
    reason: 'VertexUnavailable',
    httpStatus: [408, 499, 500, 502, 503, 504],
    remedy: 'Nothing to do: the run tries again by itself.',
  },
  {
    kind: 'environment',
    reason: 'PermissionDenied',
    httpStatus: [401, 403],
    remedy: 'Grant the permission that Vertex AI names, then upload the manifest again.',
  },
  {
    kind: 'permanent',
    reason: 'RequestRefused',
    httpStatus: [400, 404, 409, 412, 422],
    remedy: 'Mend what Vertex AI names, then upload the manifest again.',
  },
];

/** The TuneError that an answer of Vertex AI stands for. No answer at all is ambiguous: it may have taken effect. */
export function classifyGoogleError(error: GoogleError, doing: string): TuneError {
  const rule = RULES.find(
    ({ httpStatus, message }) =>
      (httpStatus === undefined ||
        (error.httpStatus !== undefined && httpStatus.includes(error.httpStatus))) &&
      (message === undefined || message.test(error.message)),
  );
  const said = `Vertex AI answered ${doing} with${error.httpStatus ? ` ${error.httpStatus}` : ' no answer'}: ${error.message.slice(0, 2_000)}`;
  if (!rule) {
    const kind = error.httpStatus === undefined || error.httpStatus >= 500 ? 'ambiguous' : 'permanent';
    return new TuneError(kind, said, { reason: 'VertexUnavailable', ...status(error) });
  }
  return new TuneError(rule.kind, said, { reason: rule.reason, remedy: rule.remedy, ...status(error) });
}

function status({ httpStatus }: GoogleError): { httpStatus?: number } {
  return httpStatus === undefined ? {} : { httpStatus };
}
