import { GoogleAuth } from 'google-auth-library';
import { asTuneError, isMistake, TuneError } from '../../core/errors/errors.ts';
import { findVertexHost, isAtVertex } from '../../core/models/regions.ts';
import { classifyGoogleError } from '../../core/tuning/google-error.ts';
import { withDeadline } from '../retry.ts';

/** A call of Vertex AI's REST API. */
export interface VertexCall {
  method: 'GET' | 'POST';
  /** At Google's host; `resourceUrl` makes it. */
  url: string;
  query?: URLSearchParams | Record<string, string> | undefined;
  /** Becomes JSON. */
  body?: object | undefined;
  /** What is being done, for messages: "creating the job". */
  doing: string;
}

export type VertexClient = (call: VertexCall) => Promise<unknown>;

const DEADLINE_MS = 60_000;
/** With the token, which the library asks the metadata server for and waits for without end. */
const WITH_TOKEN_MS = 75_000;

/** Where a resource is asked for: its name says the region, and the region the host. */
export function resourceUrl(name: string, version: 'v1' | 'v1beta1' = 'v1'): string {
  return `${vertexOrigin(regionOf(name))}/${version}/${name}`;
}

/** `projects/P/locations/REGION/…` */
export function regionOf(name: string): string {
  return name.split('/')[3] ?? '';
}

/** Where Vertex AI is asked in a location; a name that is none throws. */
function vertexOrigin(location: string): string {
  const host = findVertexHost(location);
  if (host === undefined) throw noHost(location);
  return `https://${host}`;
}

/**
 * Calls Vertex AI with the function's own identity. Every failure is a TuneError, sorted by the table of Google's answers;
 * the library's retries are off, because what may be repeated, and when, is decided by the run.
 * `endpoint` replaces Google's hosts and is loopback only (see config); all else of a URL is sent as it is.
 */
export function createVertexClient(endpoint?: string): VertexClient {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  return async ({ method, url: asked, query, body, doing }) => {
    const parameters = query ? `?${new URLSearchParams(query)}` : '';
    const url = `${endpoint ? asked.replace(ORIGIN, endpoint) : ofVertex(asked)}${parameters}`;
    try {
      const asking = auth.request<unknown>({
        url,
        method,
        data: body as object,
        timeout: DEADLINE_MS,
        retry: false,
        retryConfig: { retry: 0, noResponseRetries: 0 },
        responseType: 'json',
      });
      return (await withDeadline(asking, WITH_TOKEN_MS, doing)).data;
    } catch (thrown) {
      throw vertexError(thrown, doing);
    }
  };
}

const ORIGIN = /^https:\/\/[^/]*/;

/** The last look before a token is attached, whoever made the URL. */
function ofVertex(url: string): string {
  if (isAtVertex(url)) return url;
  throw noHost(url);
}

function noHost(found: string): TuneError {
  const said = JSON.stringify(found.slice(0, 200));
  return new TuneError('permanent', `${said} is at no host of Vertex AI`, { reason: 'BadRegion' });
}

/** How Google's services write what they refuse. */
interface Refusal {
  message?: string;
  status?: string;
  details?: unknown;
}

function vertexError(thrown: unknown, doing: string): TuneError {
  if (thrown instanceof TuneError || isMistake(thrown)) return asTuneError(thrown);
  const { response, message } = thrown as {
    response?: { status?: number; data?: unknown };
    message?: string;
  };
  const said = (response?.data as { error?: Refusal } | undefined)?.error;
  return classifyGoogleError(
    {
      httpStatus: response?.status,
      message: said?.message ?? message ?? String(thrown),
      status: said?.status,
      details: said?.details,
      cause: thrown,
    },
    doing,
  );
}
