import { asTuneError, TuneError } from './errors.ts';
import { codeOfGrpc, codeOfHttpStatus, GOOGLE_CODES, type GoogleCode } from './google-codes.ts';
import { namedIn } from './named.ts';
import { findProjectCause } from './project-causes.ts';

/** What of the deployment is asked: its database or one of its topics. */
export interface ServiceTarget {
  service: keyof typeof SERVICES;
  project: string;
  /** The name of the database or the topic. */
  resource: string;
  /** Who asks: the service account of the function. */
  account: string;
}

interface Service {
  name: string;
  api: string;
  /** Commands that can be pasted. Sources: cloud.google.com/firestore/docs/security/iam, cloud.google.com/pubsub/docs/access-control. */
  grant: (target: ServiceTarget) => string;
  create: (target: ServiceTarget) => string;
}

const SERVICES = {
  firestore: {
    name: 'Firestore',
    api: 'firestore.googleapis.com',
    grant: ({ project, account }) =>
      `gcloud projects add-iam-policy-binding ${project} --member serviceAccount:${account} --role roles/datastore.user`,
    create: ({ project, resource }) =>
      `gcloud firestore databases create --database='${resource}' --location=LOCATION --type=firestore-native --project ${project}`,
  },
  pubsub: {
    name: 'Pub/Sub',
    api: 'pubsub.googleapis.com',
    grant: ({ project, resource, account }) =>
      `gcloud pubsub topics add-iam-policy-binding ${resource} --project ${project} --member serviceAccount:${account} --role roles/pubsub.publisher`,
    create: ({ project, resource }) => `gcloud pubsub topics create ${resource} --project ${project}`,
  },
} as const satisfies Record<string, Service>;

/** What to do about each code that says that the deployment lacks something. The first word of `reason` is the service's. */
const REMEDIES: Partial<Record<GoogleCode, { reason: string; remedy: (target: ServiceTarget) => string }>> = {
  PERMISSION_DENIED: {
    reason: 'Denied',
    remedy: (target) => `Grant the function's service account its role:\n${serviceOf(target).grant(target)}`,
  },
  UNAUTHENTICATED: {
    reason: 'Unauthenticated',
    remedy: ({ account }) => `Deploy the function with a service account that there is: ${account}.`,
  },
  NOT_FOUND: {
    reason: 'Missing',
    remedy: (target) =>
      `Create ${target.resource}, or name another one in the function's environment:\n${serviceOf(target).create(target)}`,
  },
  FAILED_PRECONDITION: {
    reason: 'Refused',
    remedy: () => 'Create what the message names, such as an index.',
  },
  INVALID_ARGUMENT: {
    reason: 'Refused',
    remedy: ({ project, resource }) =>
      `Check the function's environment: it asked for ${resource} in the project ${project}.`,
  },
};

/** The error of a call to the deployment's own database or topic, which the client rejected with `thrown`. */
export function serviceError(thrown: unknown, target: ServiceTarget, doing: string): TuneError {
  if (thrown instanceof TuneError) return thrown;
  const code = codeOf(thrown);
  if (!code) return asTuneError(thrown);
  const { name } = serviceOf(target);
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `${name} answered ${doing} with ${code}: ${words.slice(0, 1_000)}`;
  const row = REMEDIES[code];
  return new TuneError(GOOGLE_CODES[code].ofService, message, {
    reason: `${name.replace('/', '')}${row?.reason ?? 'Unavailable'}`,
    remedy: remedyOfProject(words, target) ?? row?.remedy(target),
    httpStatus: GOOGLE_CODES[code].http,
    cause: thrown,
  });
}

/** What a client rejects with: over gRPC an error with the number of its status, over HTTP one with the answer. */
interface Rejection {
  code?: unknown;
  response?: { status?: unknown; data?: { error?: { status?: unknown } } };
}

function codeOf(thrown: unknown): GoogleCode | undefined {
  const { code, response } = (thrown ?? {}) as Rejection;
  if (!response) return typeof code === 'number' ? codeOfGrpc(code) : undefined;
  const name = response.data?.error?.status;
  return isGoogleCode(name) ? name : codeOfHttpStatus(Number(response.status));
}

function isGoogleCode(name: unknown): name is GoogleCode {
  return typeof name === 'string' && Object.hasOwn(GOOGLE_CODES, name);
}

function serviceOf({ service }: ServiceTarget): Service {
  return SERVICES[service];
}

function remedyOfProject(words: string, target: ServiceTarget): string | undefined {
  const facts = { project: target.project, named: namedIn(words) };
  return findProjectCause(words)?.remedy(facts, serviceOf(target).api);
}
