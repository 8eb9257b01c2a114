import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type HttpHandler, sendJson } from './http.ts';

/**
 * Keeps web pages from elsewhere away from a service on this machine. A browser sends their requests here too: from a page of
 * another site (`Origin`), or to a name of that site which was pointed at this machine (`Host`, DNS rebinding).
 * Pages that this machine serves may call, from any port.
 */
export function guardLoopback(handler: HttpHandler): HttpHandler {
  return async (request, response) => {
    const refusal = whyForeign(request.headers);
    if (refusal !== undefined) return refuse(request, response, refusal);
    const { origin } = request.headers;
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
    }
    if (isPreflight(request)) return allow(request, response);
    return handler(request, response);
  };
}

/** Why a request with these headers must not be answered; undefined when it may be. */
function whyForeign({ host, origin }: IncomingHttpHeaders): string | undefined {
  if (!isLoopback(urlOf(`http://${host ?? ''}`))) {
    return `The Host ${host ?? '(none)'} is not this machine: call 127.0.0.1 or localhost.`;
  }
  if (origin !== undefined && !isLoopback(urlOf(origin))) {
    return `The Origin ${origin} is not this machine: only pages of 127.0.0.1 or localhost may call.`;
  }
  return undefined;
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function isLoopback(url: URL | undefined): boolean {
  return url !== undefined && /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
}

function refuse(request: IncomingMessage, response: ServerResponse, message: string): void {
  request.resume();
  sendJson(response, 403, { error: { code: 403, message, status: 'PERMISSION_DENIED' } });
}

/** A browser asks first whether a page may send what it wants to send (fetch.spec.whatwg.org, CORS-preflight request). */
function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function allow({ headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': headers['access-control-request-method'] ?? '',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
    'access-control-max-age': '600',
  });
  response.end();
}
