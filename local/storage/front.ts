/** The way of one request: record it, meet its fault or do its work, send what came of it. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, FaultScript } from '../faults.ts';
import { type HttpHandler, sendJson } from '../http.ts';
import { ApiError, apiError, errorBody } from './api-error.ts';
import type { Handlers, Reply } from './call.ts';
import { type Action, parseRoute } from './routes.ts';

const HISTORY_LENGTH = 10_000;

/** One call that was made, faults included. */
export interface StorageAccess {
  method: string;
  bucket: string;
  object: string;
}

interface FrontOptions {
  handlers: Handlers<Action>;
  script: FaultScript;
  /** Requests wait for this. */
  ready: Promise<void>;
}

export function createFront({ handlers, script, ready }: FrontOptions) {
  const running = new Set<Promise<void>>();
  const history: StorageAccess[] = [];

  const note = (access: StorageAccess) => {
    history.push(access);
    if (history.length > HISTORY_LENGTH) history.shift();
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    await ready;
    const route = parseRoute(request.method ?? 'GET', request.url ?? '/');
    const { action, method, bucket, object } = route;
    note({ method, bucket, object });
    const fault = script.next(method);
    if (fault.kind !== 'ok' && !fault.afterEffect) return meet(fault, response);
    const reply = await handlers[action]({ ...route, request }).catch(errorReply);
    if (fault.kind === 'ok') return await send(reply, response);
    await reply.discard?.();
    meet(fault, response);
  };

  const serve: HttpHandler = (request, response) => {
    const work = answer(request, response).catch(async (error: unknown) => {
      if (!response.destroyed) await send(errorReply(error), response);
    });
    running.add(work);
    return work.finally(() => {
      running.delete(work);
      discardRest(request);
    });
  };

  return {
    serve,
    /** The latest calls, oldest first. */
    history: () => [...history],
    idle: async () => void (await Promise.allSettled(running)),
  };
}

/**
 * What an early answer left unread must still flow, or the client never comes to read that answer, and the next request on the
 * connection never comes up. A reader that stopped in the middle still listens, and a stream that is listened to does not flow.
 */
function discardRest(request: IncomingMessage): void {
  request.removeAllListeners('readable');
  request.resume();
}

/** Rethrows what is no answer: the server logs it and says 500. */
function errorReply(error: unknown): Reply {
  if (!(error instanceof ApiError)) throw error;
  return error.status === 304 ? { status: 304 } : { status: error.status, json: errorBody(error) };
}

function meet(fault: Exclude<Fault, { kind: 'ok' }>, response: ServerResponse): void {
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  else sendJson(response, fault.status, errorBody(apiError(fault.status, fault.message ?? 'Injected fault')));
}

async function send(reply: Reply, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.stream) {
    response.statusCode = reply.status;
    await reply.stream(response);
  } else if (reply.json !== undefined) {
    sendJson(response, reply.status, reply.json);
  } else {
    const isBodiless = reply.status === 204 || reply.status === 304;
    response.writeHead(reply.status, isBodiless ? {} : { 'content-length': 0 });
    response.end();
  }
}
