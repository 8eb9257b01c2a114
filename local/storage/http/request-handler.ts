/** The way of one request: record it, meet its fault or do its work, send what came of it. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, FaultScript } from '../../faults.ts';
import { type HttpHandler, sendJson } from '../../http.ts';
import { apiError, errorJson, errorXml, StorageError } from '../api-error.ts';
import { BY_HAND, type Handlers, type Reply } from './call.ts';
import { parseFields, selectFields } from './fields.ts';
import type { Action } from './operations.ts';
import { refuseUnserved } from './refusals.ts';
import { parseRoute, type StorageRoute } from './routes.ts';

const HISTORY_LENGTH = 10_000;

/** One call that was made, faults included. */
export interface StorageAccess {
  method: string;
  bucket: string;
  object: string;
}

export function createRequestHandler(handlers: Handlers<Action>, script: FaultScript) {
  const running = new Set<Promise<void>>();
  const history: StorageAccess[] = [];

  /** The fault of this call. */
  const noted = (request: IncomingMessage, { method, bucket, object }: StorageRoute): Fault => {
    if (request.headers['user-agent'] === BY_HAND) return { kind: 'ok' };
    history.push({ method, bucket, object });
    if (history.length > HISTORY_LENGTH) history.shift();
    return script.next(method);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const route = parseRoute(request.method ?? 'GET', request.url ?? '/');
    const fault = noted(request, route);
    if (fault.kind !== 'ok' && !fault.afterEffect) return meet(fault, response);
    const reply = await work(route, request);
    if (fault.kind === 'ok') return await send(reply, response);
    await reply.discard?.();
    meet(fault, response);
  };

  const work = async (route: StorageRoute, request: IncomingMessage): Promise<Reply> => {
    try {
      refuseUnserved(route.query, request.headers);
      const fields = route.query.get('fields');
      const selection = fields ? parseFields(fields) : undefined;
      const reply = await handlers[route.action]({ ...route, request });
      if (selection && reply.json !== undefined) reply.json = selectFields(reply.json, selection);
      return reply;
    } catch (error) {
      return errorReply(error, route.isXml);
    }
  };

  const serve: HttpHandler = (request, response) => {
    const answered = answer(request, response).catch(async (error: unknown) => {
      if (!response.destroyed) await send(errorReply(error), response);
    });
    running.add(answered);
    return answered.finally(() => running.delete(answered));
  };

  return {
    serve,
    /** The latest calls, oldest first. */
    history: () => [...history],
    idle: async () => void (await Promise.allSettled(running)),
  };
}

/** Rethrows what is no answer: the server logs it and says 500. */
function errorReply(error: unknown, isXml = false): Reply {
  if (!(error instanceof StorageError)) throw error;
  const { status, headers, message, isText } = error;
  if (status === 304) return { status };
  if (isText) return { status, headers, text: { type: 'text/plain; charset=utf-8', body: message } };
  if (isXml) return { status, headers, text: { type: 'application/xml', body: errorXml(error) } };
  return { status, headers, json: errorJson(error) };
}

function meet(fault: Exclude<Fault, { kind: 'ok' }>, response: ServerResponse): void {
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  else sendJson(response, fault.status, errorJson(apiError(fault.status, fault.message ?? 'Injected fault')));
}

async function send(reply: Reply, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (reply.stream) {
    response.statusCode = reply.status;
    await reply.stream(response);
  } else if (reply.json !== undefined) {
    sendJson(response, reply.status, reply.json);
  } else if (reply.text) {
    const { type, body } = reply.text;
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    response.writeHead(reply.status, headers).end(body);
  } else {
    const isBodiless = reply.status === 204 || reply.status === 304;
    response.writeHead(reply.status, isBodiless ? {} : { 'content-length': 0 }).end();
  }
}
