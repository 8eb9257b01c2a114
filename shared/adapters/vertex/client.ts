import { GoogleAuth } from 'google-auth-library';
import { asTuneError, isMistake, TuneError } from '../../core/errors/errors.ts';
import { classifyGoogleError } from '../../core/tuning/google-error.ts';

/** A call of Vertex AI's REST API. `path` starts with `/v1/`; the region picks the host. */
export interface VertexCall {
  method: 'GET' | 'POST';
  region: string;
  path: string;
  query?: URLSearchParams | Record<string, string> | undefined;
  /** Becomes JSON. */
  body?: object | undefined;
  /** What is being done, for messages: "creating the job". */
  doing: string;
}

export type VertexClient = (call: VertexCall) => Promise<unknown>;

const DEADLINE_MS = 60_000;

/** The only hosts that ever see our token. */
const VERTEX_HOST = /^[a-z]+-[a-z]+[0-9]+-aiplatform\.googleapis\.com$/;

/**
 * Calls Vertex AI with the function's own identity. Every failure is a TuneError, sorted by the table of Google's answers;
 * the library's retries are off, because what may be repeated, and when, is decided by the run.
 * `endpoint` replaces Google's hosts and is loopback only (see config).
 */
export function createVertexClient(endpoint?: string): VertexClient {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  return async ({ method, region, path, query, body, doing }) => {
    const parameters = query ? `?${new URLSearchParams(query)}` : '';
    const url = `${endpoint ?? vertexOrigin(region)}${path}${parameters}`;
    try {
      const response = await auth.request<unknown>({
        url,
        method,
        data: body as object,
        timeout: DEADLINE_MS,
        retry: false,
        retryConfig: { retry: 0, noResponseRetries: 0 },
        responseType: 'json',
      });
      return response.data;
    } catch (thrown) {
      throw vertexError(thrown, doing);
    }
  };
}

function vertexOrigin(region: string): string {
  const host = `${region}-aiplatform.googleapis.com`;
  if (!VERTEX_HOST.test(host)) {
    throw new TuneError('permanent', `there is no Vertex AI host for the region ${JSON.stringify(region)}`, {
      reason: 'BadRegion',
    });
  }
  return `https://${host}`;
}

function vertexError(thrown: unknown, doing: string): TuneError {
  if (isMistake(thrown)) return asTuneError(thrown);
  const { response, message } = thrown as {
    response?: { status?: number; data?: unknown };
    message?: string;
  };
  const said = (response?.data as { error?: { message?: string; status?: string } } | undefined)?.error;
  return classifyGoogleError(
    {
      httpStatus: response?.status,
      message: said?.message ?? message ?? String(thrown),
      status: said?.status,
      cause: thrown,
    },
    doing,
  );
}
