/** The way of one request: record it, meet its fault or do its work, send what came of it. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServedCall } from '../../fault-rules.ts';
import { FaultMet, type FaultScript, type Refusal } from '../../faults.ts';
import { type HttpHandler, sendJson } from '../../http.ts';
import { apiError, errorJson, errorXml, StorageError } from '../api-error.ts';
import { type Handlers, isByHand, type Reply } from './call.ts';
import { parseFields, selectFields } from './fields.ts';
import type { Action } from './operations.ts';
import { refuseUnserved } from './refusals.ts';
import { parseRoute, type StorageRoute } from './routes.ts';

export function createRequestHandler(handlers: Handlers<Action>, script: FaultScript) {
  const running = new Set<Promise<void>>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const route = parseRoute(request.method ?? 'GET', request.url ?? '/');
    let reply: Reply | undefined;
    const serve = async () => {
      reply = await work(route, request);
      return reply;
    };
    try {
      await send(await (isByHand(request) ? serve() : script.attend(callOf(route), serve)), response);
    } catch (error) {
      if (error instanceof FaultMet) {
        await reply?.discard?.();
        return meet(error.refusal, response);
      }
      await send(errorReply(error, route.isXml), response);
    }
  };

  const work = async (route: StorageRoute, request: IncomingMessage): Promise<Reply> => {
    refuseUnserved(route.query, request.headers);
    const fields = route.query.get('fields');
    const selection = fields ? parseFields(fields) : undefined;
    const reply = await handlers[route.action]({ ...route, request });
    if (selection && reply.json !== undefined) reply.json = selectFields(reply.json, selection);
    return reply;
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
    idle: async () => void (await Promise.allSettled(running)),
  };
}

/** The names of a call; an upload has the object's in its query. */
function callOf({ method, bucket, object, targetBucket, targetObject, query }: StorageRoute): ServedCall {
  const names = [
    object || query.get('name') || query.get('prefix'),
    targetObject && `${targetBucket}/${targetObject}`,
  ];
  return { method, target: [bucket, ...names].filter(Boolean).join('/') };
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

function meet(fault: Refusal, response: ServerResponse): void {
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
