import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { currentCaller } from '../callers.ts';
import { FaultMet } from '../faults.ts';
import { serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { accessToken, identityToken } from './tokens.ts';

export interface MetadataOptions extends ServiceOptions {
  projectId: string;
  projectNumber: string;
  /** Of the service account that the functions run as. */
  email: string;
  /** us-central1 if absent. */
  region?: string;
}

interface Answer {
  status: number;
  type: string;
  text: string;
}

const PREFIX = '/computeMetadata/v1/';
const DEFAULT_ACCOUNT = 'instance/service-accounts/default';
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/**
 * The compute metadata server (docs.cloud.google.com/compute/docs/metadata): clients reach it with
 * GCE_METADATA_HOST and METADATA_SERVER_DETECTION=assume-present. Faults by path, such as `project/project-id`.
 */
export function startMetadata(options: MetadataOptions): Promise<LocalService> {
  const answers = metadataAnswers(options);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://metadata.google.internal');
    const path = url.pathname.startsWith(PREFIX)
      ? url.pathname.slice(PREFIX.length).replace(/\/$/, '')
      : undefined;
    const found = () => answer(request, path, () => answers[path ?? '']?.(url.searchParams));
    try {
      const method = path ?? '';
      send(response, method === '' ? found() : await options.faults.attend({ method }, found));
    } catch (error) {
      if (!(error instanceof FaultMet)) throw error;
      const { refusal } = error;
      if (refusal.kind === 'reset') request.socket.destroy();
      else send(response, plain(refusal.message ?? '', refusal.status));
    }
  };
  return serveHttp(options.port, serve, options.log);
}

function answer(request: IncomingMessage, path: string | undefined, find: () => Answer | undefined): Answer {
  if (path === undefined) return plain('computeMetadata/');
  // Google refuses both: a request that a web page could be made to send, and one that a proxy passed on.
  if (request.headers['metadata-flavor'] !== 'Google') return plain('Missing Metadata-Flavor:Google', 403);
  if (request.headers['x-forwarded-for'] !== undefined) return plain('X-Forwarded-For is refused', 403);
  if (request.method !== 'GET') return plain('', 405);
  return find() ?? plain('Not Found', 404);
}

function metadataAnswers(options: MetadataOptions): Record<string, (query: URLSearchParams) => Answer> {
  const { projectId, projectNumber, email, clock, region = 'us-central1' } = options;
  let tokens = 0;
  const instance = randomBytes(32).toString('hex');
  const account = { aliases: ['default'], email, scopes: SCOPES };
  const ofAccount = (name: string) => ({
    [name]: (query: URLSearchParams) =>
      query.get('recursive') === 'true' ? json(account) : plain('aliases\nemail\nidentity\nscopes\ntoken\n'),
    [`${name}/aliases`]: () => plain('default\n'),
    [`${name}/email`]: () => plain(email),
    [`${name}/scopes`]: () => plain(`${SCOPES.join('\n')}\n`),
    [`${name}/token`]: () => {
      tokens += 1;
      return json(accessToken(tokens, currentCaller()));
    },
    [`${name}/identity`]: (query: URLSearchParams) => {
      const audience = query.get('audience');
      if (!audience) return plain('non-empty audience parameter required', 400);
      return plain(identityToken(audience, { email, issuedAt: Math.floor(clock.now() / 1000) }));
    },
  });
  return {
    'project/project-id': () => plain(projectId),
    'project/numeric-project-id': () => plain(projectNumber),
    'universe/universe-domain': () => plain('googleapis.com'),
    'instance/id': () => plain(instance),
    'instance/zone': () => plain(`projects/${projectNumber}/zones/${region}-a`),
    'instance/region': () => plain(`projects/${projectNumber}/regions/${region}`),
    'instance/service-accounts': (query) =>
      query.get('recursive') === 'true'
        ? json({ default: account, [email]: account })
        : plain(`default/\n${email}/\n`),
    ...ofAccount(DEFAULT_ACCOUNT),
    ...ofAccount(`instance/service-accounts/${email}`),
  };
}

function plain(text: string, status = 200): Answer {
  return { status, type: 'application/text', text };
}

function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', text: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, type, text }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'metadata-flavor': 'Google',
    server: 'Metadata Server for VM',
  });
  response.end(text);
}
