import type { ErrorKind } from '../errors/errors.ts';
import { findProjectCause, PROJECT_CAUSES, projectInCommand } from '../errors/project-causes.ts';
import {
  deniedAccount,
  grantInProject,
  grantOnBucket,
  jobAccount,
  type RemedyFacts,
  rolesFor,
  serviceAgent,
} from './grants.ts';
import { warmUpCommand } from './warm-up.ts';

/**
 * Why Vertex AI did not do what was asked: the one table of its answers to calls and of the words of failed tasks.
 * Sources: the guide's troubleshooting section; googleapis/python-aiplatform #1073, #1880, #2398, #2785, #5132;
 * GoogleCloudPlatform/vertex-ai-mlops #60; GoogleCloudPlatform/generative-ai #151, #765;
 * GoogleCloudPlatform/vertex-ai-samples #213, #476, #3479; googleapis/langchain-google-alloydb-pg-python #306;
 * openreview/openreview-expertise #401; FIRST-Tech-Challenge/fmltc #318; hashicorp/terraform-provider-google #15415;
 * google/agents-cli #83; stefda/action-cloud-run #6; Vertex AI quotas.
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
  whileWaiting?: ((facts: RemedyFacts) => string) | undefined;
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

const AGAIN_ALONE = 'upload the manifest again.';
const AGAIN = `then ${AGAIN_ALONE}`;
/** Whoever deployed tunedrop knows it; the run does not. */
export const SUBMIT_ACCOUNT = 'SUBMIT_FUNCTION_ACCOUNT';
const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';
/** What the document says while a run waits by itself. */
export const BY_ITSELF = 'Nothing to do: the run tries again by itself.';
const waitsByItself = () => BY_ITSELF;

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
    whileWaiting: () =>
      'Nothing to do: the permission takes some minutes to spread, and the run tries again by itself.',
    afterFailure: 'newAttempt',
  },
  ...PROJECT_CAUSES.map(
    ({ reason, sentence, remedy }): Cause => ({
      reason,
      kind: 'environment',
      fits: ({ message }) => findProjectCause(message)?.reason === reason,
      sentence,
      remedy: (facts) => lines(remedy(facts, 'aiplatform.googleapis.com'), `After that ${AGAIN_ALONE}`),
    }),
  ),
  {
    reason: 'KeyDenied',
    kind: 'environment',
    fits: says(
      /cloudkms\.cryptoKeyVersions\.|Permission denied on Cloud KMS key|(?:KMS|CMEK|encryption) key\b.{0,250}?permission denied|permission (?:to use|on|for) (?:the )?(?:Cloud )?(?:KMS|CMEK|encryption) key/i,
    ),
    sentence: 'The customer-managed key may not be used by the service that encrypts with it.',
    remedy: (facts) =>
      lines(
        `Grant the use of the key, ${AGAIN}`,
        `gcloud kms keys add-iam-policy-binding ${keyOf(facts)} --member serviceAccount:${keyUser(facts)} --role roles/cloudkms.cryptoKeyEncrypterDecrypter`,
      ),
  },
  {
    reason: 'KeyDisabled',
    kind: 'environment',
    fits: says(
      /is not enabled, current state is: (?:DISABLED|DESTROY\w+)|KEY_(?:DISABLED|DESTROYED)|\b(?:KMS key|CryptoKey|encryption key)[^;]{0,250}? (?:is|was|has been) (?:disabled|destroyed|not enabled|scheduled for destruction)/i,
    ),
    sentence: 'The customer-managed key is disabled or destroyed.',
    remedy: (facts) =>
      lines(
        `Enable a version of the key, or name another encryption_spec_key_name, ${AGAIN}`,
        `gcloud kms keys versions list --key ${keyOf(facts)}`,
      ),
  },
  {
    reason: 'KeyRequired',
    kind: 'permanent',
    fits: says(/restrictNonCmekServices|without specifying a KMS CryptoKey/),
    sentence: 'A policy of the organisation asks for a customer-managed key.',
    remedy: () => `Name the key as encryption_spec_key_name in the manifest, ${AGAIN}`,
  },
  {
    reason: 'MetadataStoreDenied',
    kind: 'environment',
    fits: says(/aiplatform\.(?:metadata\w+|contexts|executions|artifacts)\.\w+/),
    sentence: 'The service account of the job may not use Vertex AI in this project.',
    remedy: (facts) =>
      lines(
        `Enable the Compute Engine API and grant these roles, ${AGAIN}`,
        `gcloud services enable compute.googleapis.com --project ${projectInCommand(facts)}`,
        ...grantInProject(facts, facts.named.serviceAccount ?? jobAccount(facts), [
          'roles/aiplatform.admin',
          'roles/storage.objectAdmin',
        ]),
        'These are the roles of Google’s guide; its newer pages call roles/aiplatform.user enough for the first.',
      ),
  },
  {
    reason: 'MetadataStoreMissing',
    kind: 'environment',
    fits: says(
      /metadata ?stores?\b.{0,200}?(?:not (?:be )?found|not exist|not in (?:the )?ACTIVE state|not (?:ready|active)|being (?:created|deleted))/i,
    ),
    sentence: 'The metadata store of Vertex AI in the region of training is missing, or not ready.',
    remedy: (facts) =>
      lines(
        `Wait some minutes, since Vertex AI makes the store with a project’s first pipeline, ${AGAIN} Where it stays away, create it, with the region of training for REGION:`,
        `curl -X POST -H "Authorization: Bearer $(gcloud auth print-access-token)" -H "Content-Type: application/json" -d "{}" "https://REGION-aiplatform.googleapis.com/v1/projects/${projectInCommand(facts)}/locations/REGION/metadataStores?metadata_store_id=default"`,
      ),
  },
  {
    reason: 'LocationDenied',
    kind: 'environment',
    fits: says(
      /gcp\.resourceLocations|resource location (?:constraint|restriction)|LOCATION_ORG_POLICY_VIOLATED/i,
    ),
    sentence: 'A policy of the organisation does not allow this region.',
    remedy: ({ elsewhere }) =>
      `${elsewhere ? `Upload the manifest again with ${elsewhere}, where the policy allows that` : 'Name a region that the policy allows as pipeline_job_region'}, or ask whoever manages the organisation’s policies to allow the region in constraints/gcp.resourceLocations.`,
  },
  {
    reason: 'PolicyDenied',
    kind: 'environment',
    fits: says(/\bconstraints\/[a-zA-Z]+(?:\.[a-zA-Z]+)+|organi[sz]ation policy constraint/),
    sentence: 'A policy of the organisation does not allow what was asked.',
    remedy: () =>
      `Ask whoever manages the organisation’s policies for an exception from the constraint that Google names, ${AGAIN}`,
  },
  {
    reason: 'ServiceAccountDenied',
    kind: 'environment',
    fits: says(
      /permission to act as service[_ ]account|iam[._]serviceaccounts[._]\w+|\bactAs\b|iam\.serviceAccountUser role|not have access to service account/i,
    ),
    sentence: 'The submit function may not let a job run as this service account.',
    remedy: (facts) =>
      lines(
        `Grant the service account of the submit function the use of the job’s, ${AGAIN}`,
        ...(rolesFor(facts.named.permissions)[0] === TOKEN_CREATOR
          ? [useAccount(facts, serviceAgent(facts, 'gcp-sa-aiplatform'), TOKEN_CREATOR)]
          : [useAccount(facts, facts.caller ?? SUBMIT_ACCOUNT, 'roles/iam.serviceAccountUser')]),
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
        ...grantOnBucket(facts, facts.named.serviceAccount ?? jobAccount(facts), storageRoles(facts)),
      ),
  },
  {
    reason: 'AcceleratorDenied',
    kind: 'environment',
    fits: says(
      /Accelerators? (?:types? )?(?:\S+ )?(?:is|are) not (?:supported|allowed|available|enabled|permitted) (?:for|in|to) (?:this |the |your )?project|project .{0,60}not allowed to use .{0,40}(?:accelerator|GPU|TPU|NVIDIA)|exceeds the allowed maximum of 0\b|(?:GPU|TPU|accelerator|NVIDIA)[^.]{0,80}exceeded\.? {0,3}Limit: 0(?:\.0)?\b|not allowed to use (?:\w+ )?(?:accelerators?|GPUs?|TPUs?)|(?:accelerators|GPUs|TPUs) are not (?:allowed|permitted|available)|cannot use (?:accelerators|GPUs|TPUs)|quota_limit_value: \W?0\b/i,
    ),
    sentence: 'This project may not use accelerators, or not these.',
    remedy: ({ elsewhere }) =>
      `Deploy in a project that may use accelerators (one of a training lab or of a free trial may not), or ask Google for quota of them in the region of training. ${orElsewhere(elsewhere)}After that ${AGAIN_ALONE}`,
  },
  {
    reason: 'MachineNotSupported',
    kind: 'permanent',
    fits: says(/Accelerator "?\w+"? is not supported for machine type/i),
    sentence: 'This machine_type does not have these accelerators.',
    remedy: () => `Name a machine_type and an accelerator_type that go together, or neither, ${AGAIN}`,
  },
  {
    reason: 'CapacityShort',
    kind: 'throttled',
    fits: says(
      /Resources are insufficient in region|not enough resources (?:available )?in (?:the )?(?:region|zone)|stockout|does not have enough resources available|ZONE_RESOURCE_POOL_EXHAUSTED|insufficient (?:resources|capacity) in (?:the )?(?:region|zone)/i,
    ),
    sentence: 'Google has no free machines of this kind in the region; your quota is not the reason.',
    remedy: ({ elsewhere }) =>
      `Upload the manifest again at another hour${elsewhere ? `, or with ${elsewhere}` : ''}. More quota does not help.`,
    whileWaiting: ({ elsewhere }) =>
      `Nothing to do: the run waits for machines and tries again; more quota does not help.${elsewhere ? ` If it waits for hours, cancel it and upload the manifest with ${elsewhere}.` : ''}`,
    afterFailure: 'slowAttempts',
  },
  {
    reason: 'QuotaExceeded',
    kind: 'throttled',
    fits: (said) => speaksOfQuota(said) && !ranOutOfMemory(said),
    sentence: 'The quota of the project is used up.',
    remedy: (facts) =>
      `Wait until other jobs have ended, or ask Google for more quota of ${quotaOf(facts)}, then upload the manifest again. The quota of a new project is one job at a time.`,
    whileWaiting: (facts) =>
      `Nothing to do: the run waits and tries again. If it waits for hours, ask for more quota of ${quotaOf(facts)}.`,
    afterFailure: 'slowAttempts',
  },
  {
    reason: 'ModelNotInRegion',
    kind: 'permanent',
    fits: says(
      /(?:tuning|model)\b.{0,120}? (?:is|was) not (?:supported|available|found).{0,40}? in (?:the )?(?:this )?(?:region|location)|(?:location|region) \W?[\w-]{3,40}\W? is not supported|unsupported (?:region|location)/i,
    ),
    sentence: 'This base model is not tuned in this region.',
    remedy: ({ elsewhere }) =>
      `Upload the manifest again with ${elsewhere ?? 'another pipeline_job_region'}; docs/models.md has the regions of each model. Or name another base_model.`,
  },
  {
    reason: 'BucketMissing',
    kind: 'permanent',
    fits: says(/\bbucket\b[^;]{0,240}? (?:does not exist|(?:was |is )?not found)|NoSuchBucket/i),
    sentence: 'A bucket that the job reads or writes is not there.',
    remedy: ({ named }) =>
      `Look whether ${named.bucket ? `gs://${named.bucket}` : 'the bucket'} is spelt as it is called, and make it where it is missing (gcloud storage buckets create), ${AGAIN}`,
  },
  {
    reason: 'ServiceAccountMissing',
    kind: 'environment',
    fits: says(/unknown service account|service account\b[^;]{0,160}? (?:does not exist|not found)/i),
    sentence: 'The service account that the job is to run as is not there.',
    remedy: (facts) =>
      `Look whether ${facts.named.serviceAccount ?? jobAccount(facts)} is there (gcloud iam service-accounts list --project ${projectInCommand(facts)}), and make it or name another, ${AGAIN}`,
  },
  {
    reason: 'InvalidModelId',
    kind: 'permanent',
    fits: says(
      /Invalid model id|(?:base )?model \S{3,80} (?:is not supported|is no longer available)|model\b[^.]{0,80}(?:deprecated|retired|discontinued)|Publisher Model \S+ (?:was|is) not found|not allowed to use Publisher Model/i,
    ),
    sentence: 'Vertex AI does not tune this base model, or no longer.',
    remedy: () => `Name another base_model, ${AGAIN}`,
  },
  {
    reason: 'InternalError',
    kind: 'ambiguous',
    fits: anyOf(isStatus(500), isCode('INTERNAL'), says(/Internal error encountered/i)),
    sentence: 'Vertex AI had an internal error.',
    remedy: ({ project = 'PROJECT', trainingRegion = 'europe-west4' }) =>
      `In a project that never tuned a model, Google’s guide has this command, which makes an empty Vertex AI dataset in the region of training; a deployment with WARM_UP_PROJECT=on does the same by itself:\n${warmUpCommand(project, trainingRegion)}\nWait five minutes, ${AGAIN} In any other project upload the manifest again, later.`,
    whileWaiting: waitsByItself,
    afterFailure: 'warmUp',
  },
  {
    reason: 'VertexUnavailable',
    kind: 'ambiguous',
    fits: anyOf(isStatus(408, 499, 502, 503, 504), isCode('UNAVAILABLE', 'DEADLINE_EXCEEDED')),
    sentence: 'Vertex AI could not be reached or did not answer in time.',
    remedy: () => 'Upload the manifest again.',
    whileWaiting: waitsByItself,
  },
  {
    reason: 'PermissionDenied',
    kind: 'environment',
    fits: anyOf(isStatus(401, 403), isCode('PERMISSION_DENIED', 'UNAUTHENTICATED')),
    sentence: 'A permission is missing.',
    remedy: grantWhatIsNamed,
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

/** What the document says while the run waits by a reason of this table; undefined for any other reason. */
export function remedyWhileWaiting(reason: string, facts: RemedyFacts): string | undefined {
  return CAUSES.find((cause) => cause.reason === reason)?.whileWaiting?.(facts);
}

const EXCEPTION = /code=([A-Z_]+), message=([\s\S]*?), cause=/;

/** Takes code and message out of `…AiPlatformException: code=…, message=…, cause=null; …`; other words stay as they are. */
export function saidByTask(text: string): Said {
  const [, code, message] = EXCEPTION.exec(text) ?? [];
  return code === undefined || message === undefined ? { message: text } : { code, message };
}

const lines = (...all: string[]) => all.join('\n');

/** What the permission of a call is, on what, and the role that has it, as far as Google names them. */
function grantWhatIsNamed(facts: RemedyFacts): string {
  const { permissions, resource } = facts.named;
  const account = deniedAccount(facts);
  if (permissions.length === 0) return `Grant ${account} the permission that Vertex AI names, ${AGAIN}`;
  const on = resource ? ` on ${resource}` : '';
  return lines(
    `Grant ${account} ${permissions.join(' and ')}${on}, ${AGAIN}`,
    ...grantInProject(facts, account, rolesFor(permissions)),
  );
}

function storageRoles({ named }: RemedyFacts): string[] {
  const roles = rolesFor(named.permissions.filter((one) => one.startsWith('storage.')));
  return roles.length > 0 ? roles : ['roles/storage.objectAdmin'];
}

function useAccount(facts: RemedyFacts, user: string, role: string): string {
  const used = facts.named.serviceAccount ?? jobAccount(facts);
  return `gcloud iam service-accounts add-iam-policy-binding ${used} --project ${projectInCommand(facts)} --member serviceAccount:${user} --role ${role}`;
}

const keyOf = ({ named, encryptionKey }: RemedyFacts) => named.key ?? encryptionKey ?? 'KEY_RESOURCE_NAME';

/** Google, "Customer-managed encryption keys": Vertex AI's service agent encrypts with the key of a job. */
const keyUser = (facts: RemedyFacts) =>
  facts.named.serviceAccount ?? serviceAgent(facts, 'gcp-sa-aiplatform');

const quotaOf = ({ named: { quotas } }: RemedyFacts) =>
  quotas.length > 0 ? quotas.join(' and ') : 'the accelerator in the region of training';

const orElsewhere = (elsewhere: string | undefined) =>
  elsewhere ? `Another way is the manifest with ${elsewhere}. ` : '';
