/** What a project is asked about its settings, answered as Google's administration answers; nothing is administered here. */

import type { IncomingMessage } from 'node:http';
import { FaultMet, type FaultScript } from '../faults.ts';
import { type HttpHandler, readBody, sendJson } from '../http.ts';
import { LOCAL_PROJECT } from '../project.ts';
import { type ProjectState, REGION } from './project-state.ts';

interface Asked {
  state: ProjectState;
  query: URLSearchParams;
  /** What the groups of the pattern matched. */
  parts: string[];
}

interface Route {
  /** Google's name of the method, by which faults know it. */
  method: string;
  pattern: RegExp;
  /** Undefined where there is no such thing. */
  answer(asked: Asked): object | undefined;
}

const { projectId, projectNumber } = LOCAL_PROJECT;
const P = `projects/${projectId}`;

const policy = (method: string, kind: string, pattern: RegExp): Route => ({
  method,
  pattern,
  answer: ({ state, parts: [name = ''] }) => state.policy(kind, name),
});

/** By `HTTP method, host, path`. */
const ROUTES: readonly Route[] = [
  {
    method: 'services.batchGet',
    pattern: new RegExp(`^GET /serviceusage.googleapis.com/v1/${P}/services:batchGet$`),
    answer: ({ state, query }) => ({
      services: query.getAll('names').map((name) => ({
        name: name.replace(projectId, projectNumber),
        state: state.isEnabled(name.split('/').at(-1) ?? '') ? 'ENABLED' : 'DISABLED',
      })),
    }),
  },
  {
    method: 'projects.get',
    pattern: new RegExp(`^GET /cloudresourcemanager.googleapis.com/v3/${P}$`),
    answer: () => ({ name: `projects/${projectNumber}`, projectId, state: 'ACTIVE' }),
  },
  {
    method: 'projects.getAncestry',
    pattern: new RegExp(`^POST /cloudresourcemanager.googleapis.com/v1/${P}:getAncestry$`),
    answer: () => ({ ancestor: [{ resourceId: { type: 'project', id: projectId } }] }),
  },
  policy(
    'projects.getIamPolicy',
    'project',
    /^POST \/cloudresourcemanager\.googleapis\.com\/v1\/projects\/([^/]+):getIamPolicy$/,
  ),
  {
    method: 'buckets.get',
    pattern: new RegExp(`^GET /storage.googleapis.com/storage/v1/b/${projectId}-(inbox|results)$`),
    answer: ({ parts: [name] }) => ({ name: `${projectId}-${name}`, location: REGION.toUpperCase() }),
  },
  policy('buckets.getIamPolicy', 'bucket', /^GET \/storage\.googleapis\.com\/storage\/v1\/b\/([^/]+)\/iam$/),
  {
    method: 'functions.list',
    pattern: new RegExp(`^GET /cloudfunctions.googleapis.com/v2/${P}/locations/-/functions$`),
    answer: ({ state }) => ({ functions: state.functions() }),
  },
  {
    method: 'jobs.get',
    pattern: new RegExp(`^GET /cloudscheduler.googleapis.com/v1/${P}/locations/${REGION}/jobs/(\\w+)$`),
    answer: ({ state, parts: [name = ''] }) =>
      state.scheduled().includes(name) ? { state: 'ENABLED' } : undefined,
  },
  policy(
    'topics.getIamPolicy',
    'topic',
    /^GET \/pubsub\.googleapis\.com\/v1\/projects\/[^/]+\/topics\/([^/]+):getIamPolicy$/,
  ),
  policy(
    'subscriptions.getIamPolicy',
    'subscription',
    /^GET \/pubsub\.googleapis\.com\/v1\/projects\/[^/]+\/subscriptions\/([^/]+):getIamPolicy$/,
  ),
  policy(
    'serviceAccounts.getIamPolicy',
    'account',
    /^POST \/iam\.googleapis\.com\/v1\/projects\/[^/]+\/serviceAccounts\/([^/]+):getIamPolicy$/,
  ),
  policy(
    'services.getIamPolicy',
    'service',
    /^GET \/run\.googleapis\.com\/v2\/projects\/[^/]+\/locations\/[^/]+\/services\/([^/]+):getIamPolicy$/,
  ),
  policy(
    'repositories.getIamPolicy',
    'repository',
    /^GET \/artifactregistry\.googleapis\.com\/v1\/projects\/[^/]+\/locations\/[^/]+\/repositories\/([^/]+):getIamPolicy$/,
  ),
  {
    method: 'roles.get',
    pattern: new RegExp(`^GET /iam.googleapis.com/v1/${P}/roles/([\\w.]+)$`),
    answer({ state, parts: [id = ''] }) {
      const includedPermissions = state.permissions(id);
      return includedPermissions && { name: `${P}/roles/${id}`, includedPermissions };
    },
  },
  {
    method: 'databases.get',
    pattern: new RegExp(`^GET /firestore.googleapis.com/v1/${P}/databases/\\(default\\)$`),
    answer: () => ({ name: `${P}/databases/(default)`, locationId: REGION, type: 'FIRESTORE_NATIVE' }),
  },
  {
    method: 'indexes.list',
    pattern: new RegExp(
      `^GET /firestore.googleapis.com/v1/${P}/databases/\\(default\\)/collectionGroups/(\\w+)/indexes$`,
    ),
    answer: ({ state, parts: [collection = ''] }) => ({ indexes: state.indexes(collection) }),
  },
  {
    method: 'quotaInfos.list',
    pattern: new RegExp(
      `^GET /cloudquotas.googleapis.com/v1/${P}/locations/global/services/aiplatform.googleapis.com/quotaInfos$`,
    ),
    // Machines of this one are as many as there are jobs.
    answer: () => ({ quotaInfos: QUOTAS.map(quotaInfo) }),
  },
];

/** By id: what Google calls it, and where it holds. */
const QUOTAS = [
  { quotaId: 'GlobalConcurrentTuningJobs', metricDisplayName: 'Global concurrent tuning jobs' },
  {
    quotaId: 'RestrictedImageTrainingA100',
    metricDisplayName: 'Restricted image training Nvidia A100 80GB GPUs',
    region: 'us-central1',
  },
  {
    quotaId: 'RestrictedImageTrainingTpuV3Pod',
    metricDisplayName: 'Restricted image training TPU V3 pod cores',
    region: 'europe-west4',
  },
];

const quotaInfo = ({ region, ...quota }: (typeof QUOTAS)[number]) => ({
  ...quota,
  dimensionsInfos: [{ dimensions: region && { region }, details: { value: '-1' } }],
});

/** Answers what lies below `/HOST/`. */
export function createAdministrationHandler(state: ProjectState, faults: FaultScript): HttpHandler {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { status, body } = await outcome(request, url, { state, faults });
    response.setHeader('x-stand-in', 'says what Terraform would have made; nothing is administered here');
    sendJson(response, status, body);
  };
}

async function outcome(
  request: IncomingMessage,
  url: URL,
  { state, faults }: { state: ProjectState; faults: FaultScript },
): Promise<{ status: number; body: object }> {
  await readBody(request);
  const asked = `${request.method} ${decodeURIComponent(url.pathname)}`;
  const route = ROUTES.find(({ pattern }) => pattern.test(asked));
  const [, host = ''] = url.pathname.split('/');
  if (route === undefined)
    return refusal(404, `${asked} is nothing that the stand-in for Google’s administration knows.`);
  if (route.method !== 'services.batchGet' && !state.isEnabled(host) && !ALWAYS_ON.includes(host))
    return refusal(403, `${host} has not been used in project ${projectNumber} before or it is disabled.`);
  const [, ...parts] = route.pattern.exec(asked) ?? [];
  try {
    const { searchParams: query } = url;
    const answer = () => route.answer({ state, query, parts });
    const body = await faults.attend({ method: route.method, target: url.pathname }, answer);
    return body ? { status: 200, body } : refusal(404, `${parts[0] ?? projectId} was not found.`);
  } catch (error) {
    if (!(error instanceof FaultMet)) throw error;
    const status = error.refusal.kind === 'error' ? error.refusal.status : 503;
    return refusal(status, 'An error that the fault script ordered.');
  }
}

/** Asked for whatever the project has enabled. */
const ALWAYS_ON = ['serviceusage.googleapis.com'];

const STATUSES: Record<number, string> = { 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 503: 'UNAVAILABLE' };

const refusal = (code: number, message: string) => ({
  status: code,
  body: { error: { code, message, status: STATUSES[code] ?? 'UNKNOWN' } },
});
