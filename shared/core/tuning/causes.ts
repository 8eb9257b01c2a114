import type { ErrorKind } from '../errors/errors.ts';

/**
 * Why Vertex AI did not do what was asked: the one table of its answers to calls and of the words of failed tasks.
 * Sources: the guide's troubleshooting section; googleapis/python-aiplatform #1073, #2398, #2785;
 * GoogleCloudPlatform/vertex-ai-mlops #60; GoogleCloudPlatform/generative-ai #151; GoogleCloudPlatform/vertex-ai-samples #476;
 * googleapis/langchain-google-alloydb-pg-python #306; Vertex AI quotas.
 */
export interface Cause {
  /** CamelCase, as it stands in `status.reason`. */
  reason: string;
  kind: ErrorKind;
  fits: (said: Said) => boolean;
  /** What it means, in a sentence. */
  sentence: string;
  /** What a person has to do once the run has ended by it. */
  remedy: (facts: RemedyFacts) => string;
  /** What the document says while the run waits and tries again by itself. */
  whileWaiting?: string | undefined;
  /** What a job that failed by it is worth: other attempts, soon or slowly, or one after the project was warmed up. */
  afterFailure?: 'newAttempt' | 'slowAttempts' | 'warmUp' | undefined;
}

/** What Vertex AI said, to a call or in a failed task. */
export interface Said {
  httpStatus?: number | undefined;
  /** Canonical code, such as `RESOURCE_EXHAUSTED`. */
  code?: string | undefined;
  message: string;
}

/** What a remedy needs, to be a command that can be pasted. */
export interface RemedyFacts {
  project?: string | undefined;
  /** Digits. */
  projectNumber?: string | undefined;
  /** Who the job runs as; without one it is the Compute Engine default service account. */
  serviceAccount?: string | undefined;
  /** `gs://` URI that the job writes to. */
  outputDirectory?: string | undefined;
}

const AGAIN = 'then upload the manifest again.';
/** What the document says while a run waits by itself. */
export const BY_ITSELF = 'Nothing to do: the run tries again by itself.';

const says = (pattern: RegExp) => (said: Said) => pattern.test(said.message);
const isStatus =
  (...statuses: number[]) =>
  ({ httpStatus }: Said) =>
    httpStatus !== undefined && statuses.includes(httpStatus);
const isCode =
  (...codes: string[]) =>
  ({ code }: Said) =>
    code !== undefined && codes.includes(code);
const anyOf =
  (...conditions: Cause['fits'][]) =>
  (said: Said) =>
    conditions.some((fits) => fits(said));

const speaksOfQuota = anyOf(
  isStatus(429),
  isCode('RESOURCE_EXHAUSTED'),
  says(/RESOURCE_EXHAUSTED|exceed quota limits/),
);
/** A trainer on an accelerator that is too small has the same word for it. */
const ranOutOfMemory = says(/\bOOM\b|out of memory/i);

/** The first that fits wins. */
export const CAUSES: readonly Cause[] = [
  {
    reason: 'ArtifactRegistryNotReady',
    kind: 'propagation',
    fits: says(/does not have permission to access Artifact Registry repository/),
    sentence: 'The permission of Vertex AI’s service agent to read its own images has not spread yet.',
    remedy: () =>
      `Wait half an hour, ${AGAIN} If it stays, Google has to fix it: the repository is not in your project.`,
    whileWaiting:
      'Nothing to do: the permission takes some minutes to spread, and the run tries again by itself.',
    afterFailure: 'newAttempt',
  },
  {
    reason: 'MetadataStoreDenied',
    kind: 'environment',
    fits: says(/aiplatform\.metadataStores\.get/),
    sentence: 'The service account of the job may not use Vertex AI in this project.',
    remedy: (facts) =>
      lines(
        `Enable the Compute Engine API and grant these roles, ${AGAIN}`,
        `gcloud services enable compute.googleapis.com --project ${projectOf(facts)}`,
        grant(facts, 'roles/aiplatform.admin'),
        grant(facts, 'roles/storage.objectAdmin'),
        'These are the roles of Google’s guide; its newer pages call roles/aiplatform.user enough for the first.',
      ),
  },
  {
    reason: 'ServiceAccountDenied',
    kind: 'environment',
    fits: says(/permission to act as service_account/),
    sentence: 'The submit function may not let a job run as this service account.',
    remedy: (facts) =>
      lines(
        `Grant the service account of the submit function the use of the job’s, ${AGAIN}`,
        `gcloud iam service-accounts add-iam-policy-binding ${accountOf(facts)} --project ${projectOf(facts)} --member serviceAccount:SUBMIT_FUNCTION_ACCOUNT --role roles/iam.serviceAccountUser`,
      ),
  },
  {
    reason: 'StorageDenied',
    kind: 'environment',
    fits: says(/storage\.objects\.(?:get|create|list|delete|update)|storage\.buckets\.get/),
    sentence: 'The service account of the job may not read or write the bucket.',
    remedy: (facts) =>
      lines(
        `Grant it access to the bucket, ${AGAIN}`,
        `gcloud storage buckets add-iam-policy-binding ${bucketOf(facts)} --member serviceAccount:${accountOf(facts)} --role roles/storage.objectAdmin`,
      ),
  },
  {
    reason: 'QuotaExceeded',
    kind: 'throttled',
    fits: (said) => speaksOfQuota(said) && !ranOutOfMemory(said),
    sentence: 'The quota of the project is used up.',
    remedy: () =>
      'Wait until other jobs have ended, or ask Google for more quota of the accelerator in the region of training, then upload the manifest again. The quota of a new project is one job at a time.',
    whileWaiting: 'Nothing to do: the run waits and tries again. If it waits for hours, ask for more quota.',
    afterFailure: 'slowAttempts',
  },
  {
    reason: 'InvalidModelId',
    kind: 'permanent',
    fits: says(
      /Invalid model id|Publisher Model \S+ (?:was|is) not found|not allowed to use Publisher Model/i,
    ),
    sentence: 'Vertex AI does not tune this base model, or no longer.',
    remedy: () => `Name another base_model, ${AGAIN}`,
  },
  {
    reason: 'InternalError',
    kind: 'ambiguous',
    fits: anyOf(isStatus(500), isCode('INTERNAL'), says(/Internal error encountered/i)),
    sentence: 'Vertex AI had an internal error.',
    remedy: () =>
      'Upload the manifest again. In a project that never tuned a model, the guide’s way out is to create an empty Vertex AI dataset in the region of training first; WARM_UP_PROJECT=on does that.',
    whileWaiting: BY_ITSELF,
    afterFailure: 'warmUp',
  },
  {
    reason: 'VertexUnavailable',
    kind: 'ambiguous',
    fits: anyOf(isStatus(408, 499, 502, 503, 504), isCode('UNAVAILABLE', 'DEADLINE_EXCEEDED')),
    sentence: 'Vertex AI could not be reached or did not answer in time.',
    remedy: () => 'Upload the manifest again.',
    whileWaiting: BY_ITSELF,
  },
  {
    reason: 'ApiDisabled',
    kind: 'environment',
    fits: says(/API has not been used in project \S+ before or it is disabled/),
    sentence: 'An API of Google Cloud is not enabled in this project.',
    remedy: (facts) =>
      lines(
        `Enable it, wait a few minutes, ${AGAIN}`,
        `gcloud services enable aiplatform.googleapis.com --project ${projectOf(facts)}`,
      ),
  },
  {
    reason: 'PermissionDenied',
    kind: 'environment',
    fits: anyOf(isStatus(401, 403), isCode('PERMISSION_DENIED', 'UNAUTHENTICATED')),
    sentence: 'A permission is missing.',
    remedy: () => `Grant the permission that Vertex AI names, ${AGAIN}`,
  },
  {
    reason: 'RequestRefused',
    kind: 'permanent',
    fits: isStatus(400, 404, 409, 412, 422),
    sentence: 'Vertex AI refused the request.',
    remedy: () => `Fix what Vertex AI names, ${AGAIN}`,
  },
];

/** The row that fits; undefined where nobody has met these words yet. */
export function findCause(said: Said): Cause | undefined {
  return CAUSES.find(({ fits }) => fits(said));
}

/** What to do about a reason of this table; undefined for any other reason. */
export function remedyOf(reason: string, facts: RemedyFacts): string | undefined {
  return CAUSES.find((cause) => cause.reason === reason)?.remedy(facts);
}

const EXCEPTION = /code=([A-Z_]+), message=([\s\S]*?), cause=/;

/** Takes code and message out of `…AiPlatformException: code=…, message=…, cause=null; …`; other words stay as they are. */
export function saidByTask(text: string): Said {
  const [, code, message] = EXCEPTION.exec(text) ?? [];
  return code === undefined || message === undefined ? { message: text } : { code, message };
}

const PROJECT_NUMBER = /(?:service-|projects\/|roject number: ?|\b)(\d{6,})(?=-compute@|@gcp-sa-|\/|,|$)/;

/** The project's number, where Vertex AI's words have it. */
export function projectNumberIn(text: string): string | undefined {
  return PROJECT_NUMBER.exec(text)?.[1];
}

const lines = (...all: string[]) => all.join('\n');

const projectOf = ({ project }: RemedyFacts) => project ?? 'PROJECT_ID';

function accountOf({ serviceAccount, projectNumber, project }: RemedyFacts): string {
  if (serviceAccount) return serviceAccount;
  const number =
    projectNumber ?? `$(gcloud projects describe ${projectOf({ project })} --format='value(projectNumber)')`;
  return `${number}-compute@developer.gserviceaccount.com`;
}

function grant(facts: RemedyFacts, role: string): string {
  return `gcloud projects add-iam-policy-binding ${projectOf(facts)} --member serviceAccount:${accountOf(facts)} --role ${role}`;
}

function bucketOf({ outputDirectory }: RemedyFacts): string {
  return outputDirectory?.split('/').slice(0, 3).join('/') ?? 'gs://RESULTS_BUCKET';
}
