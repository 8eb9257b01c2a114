/** From an HTTP request to the call of a route, and its answer back over the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asCaller } from '../callers.ts';
import { FaultMet, type FaultScript, type Refusal } from '../faults.ts';
import { type HttpHandler, readBody, sendJson } from '../http.ts';
import { invalid, refusalBody, VertexError, vertexErrorBody } from './http/api-error.ts';
import { isJsonObject, type JsonObject } from './http/json.ts';
import { findRoute, JsonStream, type RouteAnswer, type Routes, type RouteTarget } from './http/routes.ts';

export interface RequestHandlerOptions {
  faults: FaultScript;
  projectId: string;
  projectNumber: string;
}

export function createVertexHandler(options: RequestHandlerOptions, routes: Routes): HttpHandler {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = await outcome(async () => {
      const target = findRoute(routes, request.method ?? 'GET', url.pathname);
      const bytes = await readBody(request);
      const served = { method: target.route.method, target: url.pathname, about: () => bytes.toString() };
      const body = await asCaller(callerOf(request), () =>
        options.faults.attend(served, () => call(options, target, { request, bytes })),
      );
      return { status: 200, body };
    });
    if (answer === 'reset') request.socket.destroy();
    else if (answer.body instanceof JsonStream) sendStream(response, answer.body, url.searchParams);
    else sendJson(response, answer.status, answer.body);
  };
}

type HttpAnswer = { status: number; body: RouteAnswer } | 'reset';

async function outcome(work: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FaultMet) return played(error.refusal);
    if (!(error instanceof VertexError)) throw error;
    return { status: error.http, body: vertexErrorBody(error) };
  }
}

/** The metadata server's tokens name the function that they were given to. */
function callerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer local-\d+-(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function played(fault: Refusal): HttpAnswer {
  if (fault.kind === 'reset') return 'reset';
  const message = fault.message ?? 'An error that the fault script ordered.';
  return { status: fault.status, body: refusalBody(fault.status, message) };
}

async function call(
  options: RequestHandlerOptions,
  target: RouteTarget,
  { request, bytes }: { request: IncomingMessage; bytes: Buffer },
): Promise<RouteAnswer> {
  checkCaller(options, target, request);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { version, location, id, path, project } = target;
  const parent = `projects/${options.projectNumber}/locations/${location}`;
  return target.route.handle({
    ...{ version, parent, location, id },
    name: `${parent}/${path}`,
    writtenName: `projects/${project}/locations/${location}/${path}`,
    query: url.searchParams,
    body: parseBody(bytes),
  });
}

function checkCaller(options: RequestHandlerOptions, target: RouteTarget, request: IncomingMessage): void {
  if (!/^Bearer \S+/i.test(request.headers.authorization ?? '')) {
    throw new VertexError(
      'UNAUTHENTICATED',
      'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    );
  }
  if (target.project !== options.projectId && target.project !== options.projectNumber) {
    throw new VertexError(
      'PERMISSION_DENIED',
      `Permission 'aiplatform.${target.route.method}' denied on resource '//aiplatform.googleapis.com/projects/${target.project}/locations/${target.location}' (or it may not exist).`,
    );
  }
}

function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  try {
    const body: unknown = JSON.parse(bytes.toString());
    if (isJsonObject(body)) return body;
  } catch {
    // Refused below like any other body that is no object.
  }
  throw invalid('Invalid JSON payload received. Expected a JSON object.');
}

function sendStream(response: ServerResponse, { chunks }: JsonStream, query: URLSearchParams): void {
  if (query.get('alt') !== 'sse') {
    sendJson(response, 200, chunks);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\r\n\r\n`);
  response.end();
}
